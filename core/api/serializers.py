"""Serializers that refuse what they do not know: a misspelt field is an error, not silence."""

from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """For everything that the API takes in."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: ["There is no field of this name."] for name in unknown}
                )
        return super().to_internal_value(data)

"""What the API says of a sharing: to those who see the victim, and to the agency itself."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from referrals.models import Sharing
from referrals.told import ASK_FIRST, CONCERN, CONCERN_LABEL, Part, Told


class ToldLineOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    words = serializers.CharField()


class ToldPartOut(serializers.Serializer[Part]):
    """One part of what was told; without lines where they must not be used any more."""

    part = serializers.ChoiceField([*Sharing.What.choices, (CONCERN, CONCERN_LABEL)], source="code")
    lines = serializers.SerializerMethodField()
    has_changed = serializers.BooleanField(help_text=ASK_FIRST)

    @extend_schema_field(ToldLineOut(many=True))
    def get_lines(self, part: Part) -> list[dict[str, str]]:
        return [{"name": label, "words": words} for label, words in part.lines]


class DocumentOut(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    reference = serializers.CharField()
    words = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class SharingOut(serializers.Serializer[Sharing]):
    """For those who see the victim."""

    reference = serializers.CharField()
    kind = serializers.ChoiceField(Sharing.Kind.choices)
    agency = serializers.CharField(source="agency.name")
    agency_id = serializers.IntegerField()
    what = serializers.ListField(child=serializers.ChoiceField(Sharing.What.choices))
    why = serializers.CharField()
    basis = serializers.ChoiceField(Sharing.Basis.choices)
    consent = serializers.ChoiceField(Sharing.Consent.choices)
    consent_reason = serializers.CharField()
    consent_asked_at = serializers.DateTimeField(allow_null=True)
    shared_by = serializers.CharField(source="shared_by.name")
    shared_at = serializers.DateTimeField()
    keep_until = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_because = serializers.CharField()
    replaced_by = serializers.CharField(
        source="replaced_by.reference", allow_null=True, default=None
    )
    opened_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(help_text="taken_on, known, nothing, more_needed; or blank")
    answer_words = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ToldOut(serializers.Serializer[Told]):
    """For the agency that was told: what its page shows."""

    reference = serializers.CharField(source="sharing.reference")
    kind = serializers.ChoiceField(Sharing.Kind.choices, source="sharing.kind")
    why = serializers.CharField(source="sharing.why")
    basis = serializers.CharField(help_text="In words")
    consent = serializers.CharField(help_text="In words: whether the victim knows")
    shared_by = serializers.CharField(source="sharing.shared_by.name")
    shared_at = serializers.DateTimeField(source="sharing.shared_at")
    keep_until = serializers.DateField(source="sharing.keep_until", allow_null=True)
    opened_at = serializers.DateTimeField(source="sharing.opened_at", allow_null=True)
    answer = serializers.CharField(source="sharing.answer")
    answer_words = serializers.CharField(source="sharing.answer_words")
    answered_at = serializers.DateTimeField(source="sharing.answered_at", allow_null=True)
    told = ToldPartOut(source="parts", many=True)


class ToldWhole(ToldOut):
    documents = DocumentOut(many=True)

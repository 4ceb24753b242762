"""What every form here can do."""

from django import forms
from django.http import QueryDict

from core.errors import DomainError, Stale


class RefusableForm(forms.Form):
    """A form that shows a service's refusal at the field that it belongs to."""

    #: The field with the version of its subject beside which the form was typed, if it has one.
    versioned_by = "version"

    def refuse(self, error: DomainError) -> None:
        """Put the refusal's words at its field, or above the form where it has none."""
        name = self.field_of(error.field or "")
        self.add_error(name if name in self.fields else None, error.message)

    def field_of(self, name: str) -> str:
        """What the form calls what its service calls `name`."""
        return name

    def answer(self, error: DomainError) -> Stale | None:
        """Show a refusal where it belongs; both versions where the subject changed meanwhile.

        What was typed stays; sending it again then answers to the subject as it is now.
        """
        if not isinstance(error, Stale):
            self.refuse(error)
            return None
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.versioned_by] = str(error.version)
        self.data = data
        return error


class VersionedForm(RefusableForm):
    """A step that says beside which version of its subject it was typed."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

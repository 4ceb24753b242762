"""What every form here can do."""

from django import forms
from django.http import QueryDict

from core.errors import DomainError, Stale


class RefusableForm(forms.Form):
    """A form that shows a service's refusal at the field it belongs to."""

    def refuse(self, error: DomainError) -> None:
        field = error.field if error.field in self.fields else None
        self.add_error(field, error.message)


class VersionedForm(RefusableForm):
    """A step that says beside which version of its subject it was typed."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def answer(self, error: DomainError) -> Stale | None:
        """Show a refusal where it belongs; both versions where the subject changed meanwhile.

        What was typed stays; sending it again then answers to the subject as it is now.
        """
        if not isinstance(error, Stale):
            self.refuse(error)
            return None
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(error.version)
        self.data = data
        return error

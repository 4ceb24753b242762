"""What every form here can do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict

from core.errors import DomainError, Stale


class RefusableForm(forms.Form):
    """A form that shows a service's refusal at the field that it belongs to."""

    #: The field with the version of its subject beside which the form was typed, if it has one.
    versioned_by = "version"
    #: Both versions, after a refusal because the subject changed meanwhile.
    stale: Stale | None = None
    #: The HTTP status of the page that shows the form.
    status = 200
    #: What the service gave that carried it out.
    result: Any = None

    def carries_out(self, act: Callable[..., object], **given: Any) -> bool:
        """Have a service do what was typed; False where that cannot be read or is refused.

        `act` is called with `given` and the form's `details()`. A refusal stands in the form
        afterwards, at its field, with `status` and `stale`; what the service gave, in `result`.
        """
        self.status = 400
        if not self.is_valid():
            return False
        try:
            self.result = act(**given, **self.details())
        except DomainError as error:
            self.status, self.stale = error.status, self.answer_to(error)
            return False
        return True

    def details(self) -> dict[str, Any]:
        """What a service takes of what was typed. Only once valid."""
        return dict(self.cleaned_data)

    def refuse(self, error: DomainError) -> None:
        """Put the refusal's words at its field, or above the form where it has none."""
        name = self.field_of(error.field or "")
        self.add_error(name if name in self.fields else None, error.message)

    def field_of(self, name: str) -> str:
        """What the form calls what its service calls `name`."""
        return name

    def answer_to(self, error: DomainError) -> Stale | None:
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

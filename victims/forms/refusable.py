"""What every form here can do."""

from django import forms

from core.errors import DomainError


class RefusableForm(forms.Form):
    """A form that shows a service's refusal at the field it belongs to."""

    def refuse(self, error: DomainError) -> None:
        field = error.field if error.field in self.fields else None
        self.add_error(field, error.message)

"""Decisions about whom a message is about. The rules are the services' own."""

from typing import Any

from core.errors import DomainError
from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from perpetrators.services.receiving.matching import LONGEST_REASON
from victims.models import Person


class DecisionForm(RefusableForm):
    """A decision that needs no more than its button."""

    def details(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConfirmForm(DecisionForm):
    """This message is about that person."""

    person = TypedField(
        label="Somebody else on record",
        longest=16,
        help_text="Their reference, P-2026-000000: search finds them by name.",
    )

    def clean_person(self) -> str:
        return str(self.cleaned_data["person"]).upper()

    def details(self) -> dict[str, Any]:
        """Raises DomainError at `person` for a reference that nobody has."""
        row = Person.objects.filter(reference=self.cleaned_data["person"]).first()
        if row is None:
            raise DomainError("Nobody on record has this reference.", field="person")
        return {"person_id": row.pk}


class SetAsideForm(DecisionForm):
    """It is about nobody who is known here."""

    words = TypedField(
        label="Nobody known here: why",
        longest=LONGEST_REASON,
        rows=2,
        help_text="Whom you asked, where you looked.",
    )


class TakeBackForm(DecisionForm):
    """It was never about that person."""

    words = TypedField(
        label="This was the wrong person: how you know",
        longest=LONGEST_REASON,
        rows=2,
        help_text="What it caused falls away; victims who were told are told that it was not so.",
    )

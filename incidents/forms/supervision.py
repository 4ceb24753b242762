"""A supervisor's check. The rules are the service's own."""

from typing import Any

from django import forms

from accounts.models import User
from core.errors import DomainError, Stale
from core.forms import RefusableForm
from incidents.forms.fields import TypedField, choice
from incidents.models import Incident, SupervisionCheck
from incidents.services.supervision import LONGEST_WORDS, who_can_be_asked
from incidents.supervising import ANSWERS, CHECKS, NO


class CheckForm(RefusableForm):
    """Each check with its answer; the outcome; who is asked to do what is missing."""

    versioned_by = "seen"
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = choice(SupervisionCheck.Outcome.choices, "Outcome", SupervisionCheck.Outcome.ACTION)
    words = TypedField(
        label="Your words",
        longest=LONGEST_WORDS,
        rows=4,
        required=False,
        help_text="Needed when something is still to be done, and where a check above says no.",
    )
    asked_of = forms.ChoiceField(label="Who does it", required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(user.pk): user for user in who_can_be_asked(incident)}
        names = [(key, str(user)) for key, user in self.officers.items()]
        self.fields["asked_of"].choices = [("", "Choose one"), *names]  # type: ignore[attr-defined]
        for check in CHECKS:
            field = choice(ANSWERS.items(), check.text, NO)
            field.help_text = check.hint
            self.fields[check.code] = field

    def checks(self) -> list[forms.BoundField]:
        """For the page, in their order."""
        return [self[check.code] for check in CHECKS]

    def details(self) -> dict[str, Any]:
        """What check_incident takes."""
        data = self.cleaned_data
        asked: User | None = self.officers.get(data["asked_of"])
        return {
            "answers": {check.code: data[check.code] for check in CHECKS},
            "outcome": data["outcome"],
            "words": data["words"],
            "asked_of": asked if data["outcome"] == SupervisionCheck.Outcome.ACTION else None,
            "seen": data["seen"],
        }

    def answer_to(self, error: DomainError) -> Stale | None:
        """After a stale check: the page shows the newest one, and the next press answers it."""
        stale = super().answer_to(error)
        if stale is not None:
            self.add_error(None, stale.message)
        return stale

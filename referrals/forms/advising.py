"""What is typed about cases of the IDVA service: shapes only; the rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from core.forms import RefusableForm, VersionedForm
from referrals.advisers import Offered, suggested
from referrals.forms.working import text
from referrals.models import IdvaCase
from referrals.services.advising import allocating, answering, contacting, referring

AGREES = {"yes": True, "no": False, "not_asked": None}


class ReferForm(RefusableForm):
    """A victim is referred to the service."""

    reason = text(
        "What the adviser is asked to do",
        "What matters most to the victim now, and what is known of the danger.",
        longest=referring.LONGEST_REASON,
    )
    victim_agrees = forms.ChoiceField(
        label="Does the victim want an adviser?",
        choices=[("yes", "Yes"), ("no", "No"), ("not_asked", "Nobody could ask safely")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the victim wants this."},
    )
    agreement_words = text(
        "In their own words, or why they are referred without",
        "Needed where they said no or could not be asked.",
        required=False,
        longest=referring.LONGEST_WORDS,
    )
    lower_risk_words = text(
        "Why below high risk",
        "The service supports people at high risk. Say why it is asked here.",
        required=False,
        longest=referring.LONGEST_WORDS,
    )

    def __init__(self, *args: Any, is_high: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_high:
            del self.fields["lower_risk_words"]

    def details(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        return {**data, "victim_agrees": AGREES[data["victim_agrees"]]}


class AdviserField(forms.ChoiceField):
    """One of the advisers offered, each with their load; the suggested one stands first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._people: dict[str, User] = {}

    def offer(self, choices: Sequence[Offered], empty: str) -> None:
        """Offer these; whoever is not among them cannot be chosen."""
        self._people = {one.person.username: one.person for one in choices}
        self.choices = [("", empty), *((one.person.username, one.words) for one in choices)]
        first = suggested(choices)
        if first is not None:
            self.initial = first.person.username

    def clean(self, value: Any) -> User | None:
        return self._people.get(super().clean(value))


class AcceptForm(VersionedForm):
    """The service takes the victim."""

    to = AdviserField(label="Adviser", required=False)

    def __init__(self, *args: Any, choices: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, AdviserField)
        field.offer(choices, "Accept now, allocate later")


class RefuseForm(VersionedForm):
    """The service does not take the victim."""

    because = forms.ChoiceField(
        label="Why it is not accepted",
        choices=IdvaCase.RefusedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why it is not accepted."},
    )
    words = text(
        "In words",
        "Whoever referred them reads this, and so does whoever sees the record.",
        longest=answering.LONGEST_WORDS,
    )


class GiveForm(VersionedForm):
    """A client goes to an adviser, with what they must know."""

    to = AdviserField(label="To", error_messages={"required": "Choose an adviser."})
    words = text(
        "What they must know",
        "Kept among advisers, in the notes of the client.",
        longest=allocating.LONGEST_WORDS,
    )

    def __init__(
        self, *args: Any, choices: Sequence[Offered], words_needed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, AdviserField)
        field.offer(choices, "Choose an adviser")
        self.fields["words"].required = words_needed


class GiveUpForm(VersionedForm):
    """Nobody reached the client."""

    words = text(
        "What was decided",
        "Who tries on, by which way; what was done for their safety meanwhile. Whoever sees the "
        "victim's record reads this, the police too.",
        longest=contacting.LONGEST_WORDS,
    )

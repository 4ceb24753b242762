"""Forms of the disclosure scheme. The rules are the services' own."""

from typing import Any

from django import forms

from incidents.forms.fields import YES_NO, TypedField, choice
from incidents.models import Involvement
from perpetrators.forms.orders import NEEDED, StepForm, instant
from perpetrators.models import DisclosureApplication
from perpetrators.services.disclosure import OUTCOMES, TOLD
from perpetrators.services.disclosure.recording import LONGEST_APPLICANT
from perpetrators.services.disclosure.rows import LONGEST_WORDS
from perpetrators.services.disclosure.visiting import LONGEST_HOW, LONGEST_NAME
from victims.models import Person, Victim

ELSEWHERE = "other"


class RecordForm(StepForm):
    """An application about somebody complained of by this victim, or somebody else on record."""

    scheme = choice(DisclosureApplication.Scheme.choices, "Which right")
    person = forms.ChoiceField(label="Who is asked about", error_messages=NEEDED)
    reference = TypedField(
        label="Their reference",
        longest=16,
        required=False,
        help_text="Only for somebody else: P-…, as search shows it.",
    )
    applicant = TypedField(
        label="Who asked",
        longest=LONGEST_APPLICANT,
        required=False,
        help_text="Name, and what they are to the person in danger. Blank where that person asked, "
        "and under the right to know.",
    )
    received_at = instant("When it came in")
    reasons = TypedField(label="Why", longest=LONGEST_WORDS, rows=4)

    def __init__(self, *args: Any, victim: Victim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = victim.involvements.values("incident")
        rows = (
            Involvement.objects.filter(incident__in=mine, role=Involvement.Role.PERPETRATOR)
            .exclude(person=victim.person_id)
            .select_related("person")
        )
        people = {str(row.person_id): str(row.person) for row in rows}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            *people.items(),
            (ELSEWHERE, "Somebody else on record"),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("person") == ELSEWHERE:
            found = Person.objects.filter(reference=said.get("reference", "").upper()).first()
            if found is None:
                self.add_error("reference", "Nobody on record has this reference.")
            else:
                said["person"] = found.pk
        return said

    def details(self) -> dict[str, Any]:
        said = super().details()
        person = said.pop("person")
        said.pop("reference")
        return {**said, "person_id": int(person)}


class CheckForm(StepForm):
    """The first check."""

    immediate_risk = choice(YES_NO, "Is anybody at immediate risk", "yes")
    words = TypedField(label="Why you think so", longest=LONGEST_WORDS, rows=3)

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"immediate_risk": said["immediate_risk"] == "yes", "words": said["words"]}


class DecideForm(StepForm):
    """What is disclosed."""

    outcome = choice(OUTCOMES.items(), "Your decision")
    words = TypedField(
        label="Why",
        longest=LONGEST_WORDS,
        rows=4,
        help_text="What is to be told, and why that is necessary and proportionate; or why not.",
    )


class VisitForm(StepForm):
    """Who was told."""

    told = choice(TOLD.items(), "Who was told")
    name = TypedField(
        label="Their name",
        longest=LONGEST_NAME,
        required=False,
        help_text="Only for somebody who can protect the person in danger.",
    )
    protects_how = TypedField(
        label="How they can protect them",
        longest=LONGEST_HOW,
        required=False,
        help_text="That they asked is no reason to be told.",
    )
    visited_at = instant("When they were told")
    words = TypedField(
        label="What was told",
        longest=LONGEST_WORDS,
        rows=4,
        help_text="And what was said of keeping it to oneself.",
    )


class WithdrawForm(StepForm):
    words = TypedField(label="Why", longest=LONGEST_WORDS, rows=2)


class TakeForm(StepForm):
    """Nothing to fill in."""

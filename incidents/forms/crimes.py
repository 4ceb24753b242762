"""Forms about crimes: one with its number, what became of it, and a review where there was none."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import RefusableForm, VersionedForm
from core.text import LONGEST_NARRATIVE
from incidents.forms.fields import CATEGORIES, TypedField, choice
from incidents.models import Crime, Incident, NonCrimeReview
from incidents.services.crimes.outcomes import LONGEST_WORDS
from incidents.services.response.findings import MOST_ARRESTS

OUTCOMES = [pair for pair in Crime.Outcome.choices if pair[0]]
DECISIONS = [pair for pair in NonCrimeReview.Decision.choices if pair[0]]


class CrimeForm(RefusableForm):
    """One crime with its number."""

    category = forms.ChoiceField(
        label="Crime", choices=CATEGORIES, error_messages={"required": "Choose which crime it was."}
    )
    number = TypedField(label="Crime number", longest=40)
    arrests = forms.IntegerField(
        label="Arrests",
        min_value=0,
        max_value=MOST_ARRESTS,
        required=False,
        initial=0,
    )
    victim = forms.ChoiceField(label="Victim", required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        victims = [row for row in incident.involvements.all() if row.victim_id]
        if len(victims) > 1:
            self.fields["victim"].choices = [  # type: ignore[attr-defined]
                ("", "Not one of them alone"),
                *((str(row.victim_id), str(row.person)) for row in victims),
            ]
        else:
            del self.fields["victim"]

    def details(self) -> dict[str, Any]:
        """What record_crime takes."""
        data = self.cleaned_data
        return {
            "category": data["category"],
            "number": data["number"],
            "arrests": data["arrests"] or 0,
            "victim_id": int(data["victim"]) if data.get("victim") else None,
        }


class OutcomeForm(VersionedForm):
    """What became of a crime."""

    outcome = choice(OUTCOMES, "What became of it")
    at_when = forms.DateTimeField(
        label="When it was decided",
        error_messages={"required": "This is needed.", "invalid": "Give a day and a time."},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    words = TypedField(
        label="In words",
        longest=LONGEST_WORDS,
        required=False,
        help_text="Needed for no further action, and to change what is on record.",
    )


class ArrestsForm(RefusableForm):
    """How many people were arrested for a crime by now."""

    arrests_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    arrests = forms.IntegerField(
        label="People arrested so far",
        min_value=0,
        max_value=MOST_ARRESTS,
        error_messages={"required": "This is needed.", "invalid": "Give a whole number."},
    )

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"arrests": said["arrests"], "version": said["arrests_version"]}


class DecisionForm(VersionedForm):
    """What a supervisor decides about repeated non-crimes."""

    decision = choice(DECISIONS, "What follows")
    incident = forms.ChoiceField(label="Which incident was a crime", required=False)
    category = forms.ChoiceField(
        label="Which crime it was",
        choices=CATEGORIES,
        required=False,
        help_text="The officer is told to record it, and has the time that policy gives.",
    )
    words = TypedField(label="Why, and who does what", longest=LONGEST_NARRATIVE, rows=4)

    def __init__(self, *args: Any, counted: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            *((reference, reference) for reference in counted),
        ]

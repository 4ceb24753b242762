"""Forms about protection notices and orders. The rules are the services' own."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import RefusableForm
from incidents.forms.fields import TypedField, choice
from incidents.models import Incident, Involvement
from perpetrators.models import Conditions, Order
from perpetrators.services.orders import Condition, Hearing
from perpetrators.services.orders.breaching import LONGEST_BREACH
from perpetrators.services.orders.conditions import LONGEST_CONDITION, MOST_CONDITIONS
from perpetrators.services.orders.hearing import OUTCOMES
from perpetrators.services.orders.rows import LONGEST_COURT, LONGEST_REASON, LONGEST_WORDS
from victims.models import Victim

NEEDED = {"required": "This is needed.", "invalid": "Give a day and a time."}
LONGEST_LINES = (LONGEST_CONDITION + 1) * MOST_CONDITIONS


def instant(label: str, **more: Any) -> forms.DateTimeField:
    """A day and a time on the wall clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, error_messages=NEEDED, widget=widget, **more)


def last_day(help_text: str) -> forms.DateField:
    return forms.DateField(
        label="Last day",
        required=False,
        help_text=help_text,
        error_messages={"invalid": "Give a day."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def version() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class StepForm(RefusableForm):
    """A form whose fields are what its service takes."""

    def details(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConditionsForm(StepForm):
    """One box for each kind of condition; each line of a box is one condition."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Conditions:
            self.fields[f"condition_{kind.value}"] = TypedField(
                label=str(kind.label), longest=LONGEST_LINES, rows=2, required=False
            )

    def boxes(self) -> list[forms.BoundField]:
        """For the page, in their order."""
        return [self[f"condition_{kind.value}"] for kind in Conditions]

    def field_of(self, name: str) -> str:
        return f"condition_{Conditions.NO_CONTACT.value}" if name == "conditions" else name

    def conditions(self) -> tuple[Condition, ...]:
        """What was typed, a condition for each line."""
        return tuple(
            Condition(kind.value, line)
            for kind in Conditions
            for line in self.cleaned_data[f"condition_{kind.value}"].splitlines()
            if line.strip()
        )

    def details(self) -> dict[str, Any]:
        rest = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith("condition_")
        }
        return {**rest, "conditions": self.conditions()}


class AskForm(ConditionsForm):
    """Ask a superintendent for a notice."""

    victim = forms.ChoiceField(label="For whom")
    person = forms.ChoiceField(label="Against whom")
    grounds = TypedField(
        label="Why it is needed",
        longest=LONGEST_WORDS,
        rows=4,
        help_text="What happened, why a notice protects from it, and what else was thought of.",
    )
    victims_view = TypedField(
        label="What the victim thinks, and what about children",
        longest=LONGEST_WORDS,
        rows=3,
        help_text="A notice does not need the victim's consent; their view must be known.",
    )
    age_words = TypedField(
        label="How the age is known",
        longest=LONGEST_REASON,
        required=False,
        help_text="Only where no birth date is on record.",
    )

    def __init__(self, *args: Any, incident: Incident, victims: Sequence[Victim], **kwargs: Any):
        super().__init__(*args, **kwargs)
        against = incident.involvements.filter(role=Involvement.Role.PERPETRATOR)
        people = [(str(row.person_id), str(row.person)) for row in against.select_related("person")]
        harmed = [(str(row.pk), str(row.person)) for row in victims]
        self.fields["victim"].choices = harmed  # type: ignore[attr-defined]
        self.fields["person"].choices = people  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        said = super().details()
        victim, person = said.pop("victim"), said.pop("person")
        return {**said, "victim_id": int(victim), "person_id": int(person)}


class DecideForm(StepForm):
    """A superintendent's decision."""

    authorise = choice([("yes", "Authorise it"), ("no", "Do not")], "Your decision", "no")
    words = TypedField(label="Why", longest=LONGEST_WORDS, rows=3)

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"authorise": said["authorise"] == "yes", "words": said["words"]}


class ServeForm(StepForm):
    served_at = instant("When it was given to them")


class ListForm(StepForm):
    """When the court hears it."""

    version = version()
    hearing_at = instant("When the court hears it")
    court = TypedField(label="Court", longest=LONGEST_COURT)


class OutcomeForm(ConditionsForm):
    """What came of the hearing."""

    version = version()
    outcome = choice(OUTCOMES.items(), "What came of it")
    heard_at = instant("When it was heard")
    court = TypedField(label="Court", longest=LONGEST_COURT)
    words = TypedField(
        label="In words",
        longest=LONGEST_WORDS,
        rows=2,
        required=False,
        help_text="Needed where no order was made, or it was put off.",
    )
    until = last_day("Of the order, where one was made.")
    next_at = instant("Heard again", required=False, help_text="Where it was put off.")

    def details(self) -> dict[str, Any]:
        said = super().details()
        version = said.pop("version")
        return {"version": version, "hearing": Hearing(**said)}


class WordsForm(StepForm):
    words = TypedField(label="Why", longest=LONGEST_WORDS, rows=2)


class BreachForm(StepForm):
    """A breach of an order or of a notice in force."""

    happened_at = instant("When it was breached")
    words = TypedField(label="What happened", longest=LONGEST_BREACH, rows=3)
    incident_id = forms.ChoiceField(label="Incident", required=False)

    def __init__(self, *args: Any, victim: Victim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = victim.involvements.select_related("incident").order_by("-received_at")[:20]
        shown = [(str(row.incident_id), row.incident.reference) for row in newest]
        self.fields["incident_id"].choices = [("", "None of these"), *shown]  # type: ignore[attr-defined]

    def field_of(self, name: str) -> str:
        return "incident_id" if name == "incident" else name

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = said["incident_id"]
        return {**said, "incident_id": int(chosen) if chosen else None}


class OrderForm(ConditionsForm):
    """An order that a court made."""

    person = forms.ChoiceField(label="Whom it binds")
    kind = forms.ChoiceField(label="Which order", choices=Order.Kind.choices)
    court = TypedField(label="Court", longest=LONGEST_COURT)
    made_at = instant("When it was made")
    until = last_day("Blank where it stands until a court says otherwise.")
    age_words = TypedField(
        label="How the age is known",
        longest=LONGEST_REASON,
        required=False,
        help_text="Only for a protection order, where no birth date is on record.",
    )

    def __init__(self, *args: Any, victim: Victim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = victim.involvements.values("incident")
        rows = (
            Involvement.objects.filter(incident__in=mine, role=Involvement.Role.PERPETRATOR)
            .exclude(person=victim.person_id)
            .select_related("person")
        )
        people = {str(row.person_id): str(row.person) for row in rows}
        self.fields["person"].choices = list(people.items())  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        said = super().details()
        person = said.pop("person")
        return {**said, "person_id": int(person)}


class EndForm(StepForm):
    """A court ended an order before its day."""

    version = version()
    ended_at = instant("When the court ended it")
    reason = TypedField(label="Why", longest=LONGEST_REASON)

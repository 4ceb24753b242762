"""Forms about management plans and about whose record is whose. The rules are the services' own."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.fields import TypedField
from perpetrators.forms.orders import StepForm, version
from perpetrators.services.management import Measure, Plan
from perpetrators.services.management.measures import (
    LONGEST_MEASURE,
    LONGEST_WHO,
    MOST_MEASURES,
)
from perpetrators.services.management.rows import LONGEST_AIMS, LONGEST_WORDS

#: Blank rows after those that are filled in.
MORE_ROWS = 3
_COLUMNS = ("words", "who", "by", "done")


def day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": "This is needed.", "invalid": "Give a day."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def planners() -> list[tuple[str, str]]:
    """Who can own a plan: those here whose role keeps them, each with their team."""
    rows = User.objects.filter(
        is_active=True,
        is_system=False,
        team__isnull=False,
        groups__permissions__codename="manage_perpetrator",
    )
    return [(one.username, f"{one}, {one.team}") for one in rows.select_related("team").distinct()]


class MeasuresForm(StepForm):
    """Aims, what is done row by row, and the day of the next look."""

    aims = TypedField(
        label="What is to be achieved",
        longest=LONGEST_AIMS,
        rows=4,
        help_text="What would stop them, and how it will be seen that it does.",
    )
    review_on = day("Looked at again on")

    def __init__(self, *args: Any, filled: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = {
            place
            for place in range(MOST_MEASURES)
            if any(f"measure_{place}_{name}" in self.data for name in _COLUMNS)
        }
        rows = min(MOST_MEASURES, max([filled, *(one + 1 - MORE_ROWS for one in sent)]) + MORE_ROWS)
        self.places = list(range(rows))
        for place in self.places:
            self._add_row(place)

    def _add_row(self, place: int) -> None:
        at, number = f"measure_{place}", place + 1
        self.fields[f"{at}_words"] = TypedField(
            label=f"{number}. What is done", longest=LONGEST_MEASURE, required=False
        )
        self.fields[f"{at}_who"] = TypedField(
            label=f"{number}. By whom", longest=LONGEST_WHO, required=False
        )
        self.fields[f"{at}_by"] = day(f"{number}. By when", required=False)
        self.fields[f"{at}_done"] = day(f"{number}. Done on", required=False)

    def measure_rows(self) -> list[list[forms.BoundField]]:
        """For the page: the boxes of each row."""
        return [[self[f"measure_{place}_{name}"] for name in _COLUMNS] for place in self.places]

    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("measure_")]

    def field_of(self, name: str) -> str:
        """The service counts only rows with something in them."""
        if name == "measures":
            return "measure_0_words"
        if name.startswith("measures."):
            _, place, column = name.split(".")
            return f"measure_{self._used()[int(place)]}_{column}"
        return name

    def _used(self) -> list[int]:
        said = self.cleaned_data
        return [
            place
            for place in self.places
            if any(said.get(f"measure_{place}_{name}") for name in _COLUMNS)
        ]

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            aims=said["aims"],
            review_on=said["review_on"],
            measures=[
                Measure(
                    words=said.get(f"measure_{place}_words") or "",
                    who=said.get(f"measure_{place}_who") or "",
                    by=said.get(f"measure_{place}_by"),
                    done=said.get(f"measure_{place}_done"),
                )
                for place in self._used()
            ],
        )


class WriteForm(MeasuresForm):
    """A plan for somebody who has none."""

    owner = forms.ChoiceField(label="Who has it", error_messages={"required": "This is needed."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = planners()  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        return {
            "plan": self.plan(),
            "owner": User.objects.get(username=self.cleaned_data["owner"]),
        }


class EditForm(MeasuresForm):
    """The plan written anew."""

    version = version()

    def details(self) -> dict[str, Any]:
        return {"plan": self.plan(), "version": self.cleaned_data["version"]}


class ReviewForm(StepForm):
    """Somebody looked at the plan again."""

    version = version()
    words = TypedField(label="What was found", longest=LONGEST_WORDS, rows=2)
    review_on = day("Looked at again on")


class PassOnForm(StepForm):
    """Somebody else answers for the plan."""

    version = version()
    owner = forms.ChoiceField(label="To whom", error_messages={"required": "This is needed."})
    reason = TypedField(label="Why", longest=LONGEST_WORDS, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = planners()  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        owner = User.objects.get(username=self.cleaned_data["owner"])
        return {**self.cleaned_data, "owner": owner}


class EndForm(StepForm):
    """The plan is over."""

    version = version()
    reason = TypedField(label="Why it is over", longest=LONGEST_WORDS, rows=2)


class ApartForm(StepForm):
    """Two records are two people, or may be one after all."""

    words = TypedField(label="How you know", longest=LONGEST_WORDS)


def initial_measures(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The boxes of a plan's measures as they stand."""
    return {
        f"measure_{place}_{name}": _value(name, row.get(name, ""))
        for place, row in enumerate(rows)
        for name in _COLUMNS
    }


def _value(name: str, value: str) -> str | date:
    return date.fromisoformat(value) if value and name in {"by", "done"} else value

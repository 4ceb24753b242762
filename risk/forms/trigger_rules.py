"""One row of the table of triggers: a time, who looks again, and whether the victim is told."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from core.trigger_rules import AHEAD, GRADES, Trigger, Who
from risk.trigger_table import WHO, Row, grade_words

_UNITS = [("hours", "hours"), ("days", "days"), ("working days", "working days")]


class TriggerRuleForm(RefusableForm):
    """Fields for each grade are named after it: amount_high, unit_high, who_high, tell_high."""

    from_day = forms.DateField(
        label="From the beginning of",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Empty: at once. What happened before keeps its times.",
    )
    reason = forms.CharField(
        label="Why the rules change",
        required=False,
        widget=forms.Textarea(attrs={"class": "short"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, trigger: Trigger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before = " before" if trigger in AHEAD else ""
        for grade in GRADES:
            whose = grade_words(grade)
            self.fields[f"amount_{grade}"] = forms.IntegerField(
                label=f"{whose}: how long{before}", min_value=0, max_value=10_000
            )
            self.fields[f"unit_{grade}"] = forms.ChoiceField(label="Unit", choices=_UNITS)
            self.fields[f"who_{grade}"] = forms.ChoiceField(
                label="Who looks again", choices=[(who.value, WHO[who]) for who in Who]
            )
            self.fields[f"tell_{grade}"] = forms.BooleanField(
                label="The victim is told", required=False
            )

    @classmethod
    def starting_from(cls, row: Row, seen: int) -> "TriggerRuleForm":
        """The rules as they are, to be changed."""
        initial: dict[str, Any] = {"seen": seen}
        for rule in row.rules:
            initial |= {
                f"amount_{rule.grade}": rule.amount,
                f"unit_{rule.grade}": rule.unit,
                f"who_{rule.grade}": rule.who.value,
                f"tell_{rule.grade}": rule.tell_victim,
            }
        return cls(trigger=row.trigger, initial=initial)

    @property
    def by_grade(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each grade with its four fields."""
        return [
            (grade_words(grade), [self[f"{name}_{grade}"] for name in _PARTS]) for grade in GRADES
        ]

    def rows(self) -> dict[str, dict[str, Any]]:
        """What the service takes for each grade."""
        said = self.cleaned_data
        return {
            grade: {
                "amount": said[f"amount_{grade}"],
                "unit": said[f"unit_{grade}"],
                "who": said[f"who_{grade}"],
                "tell_victim": said[f"tell_{grade}"],
            }
            for grade in GRADES
        }

    def know(self, version: int) -> None:
        """After a stale edit: what is typed stays, and sending it again replaces that version."""
        self.data = {**self.data.dict(), "seen": str(version)}  # type: ignore[attr-defined]


_PARTS = ("amount", "unit", "who", "tell")

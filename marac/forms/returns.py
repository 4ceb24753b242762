"""What the return's address asks for, and the table of populations that is handed in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from core.forms import RefusableForm
from marac.models import Conference
from marac.returns.periods import Period, quarter_of, quarters_before

#: Whole quarters to choose from, and the one that is under way.
QUARTERS = 12


@dataclass(frozen=True)
class Wanted:
    """A quarter, and one conference or all of them."""

    period: Period
    conference: Conference | None
    query: str


def quarter_code(period: Period) -> str:
    """As an address says it: 2026-3."""
    return f"{period.first.year}-{(period.first.month + 2) // 3}"


def quarter_words(period: Period) -> str:
    first, last = period.first, period.last
    return f"{first:%B} to {last:%B} {last.year}"


class ReturnForm(forms.Form):
    """Which quarter, and whose; what is left out is the last whole quarter of all."""

    quarter = forms.ChoiceField(label="Quarter", required=False)
    conference = forms.ModelChoiceField(
        Conference.objects.all(),
        label="Conference",
        required=False,
        empty_label="All conferences",
    )

    def __init__(self, query: Any, *, today: date) -> None:
        self.periods = {
            quarter_code(one): one for one in (quarter_of(today), *quarters_before(today, QUARTERS))
        }
        self.default = quarter_code(quarters_before(today, 1)[0])
        given = {name: query.get(name) or "" for name in self.base_fields}
        super().__init__({**given, "quarter": given["quarter"] or self.default})
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, quarter_words(one) + (", so far" if today in one else ""))
            for code, one in self.periods.items()
        ]

    @property
    def wanted(self) -> Wanted:
        """What is asked for; the default in place of each answer that is no answer."""
        self.full_clean()
        code = self.cleaned_data.get("quarter") or self.default
        conference = self.cleaned_data.get("conference")
        query = f"?quarter={code}" + (f"&conference={conference.pk}" if conference else "")
        return Wanted(self.periods[code], conference, query)


class PopulationForm(RefusableForm):
    """One table in CSV."""

    file = forms.FileField(
        label="A CSV file",
        help_text="UTF-8; its first line is: conference,year,adult_women,source. At most 200 kB.",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
    )

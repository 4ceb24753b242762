"""The rows of the first response's form: one for each party, each child, each crime.

Names of fields: party_<reference>_spoken, _account, _injuries, _fear; child_<n>_person, _name,
_seen, _words; crime_<n>_category, _number, _arrests.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.errors import InvalidInput
from incidents.company import Company, Party
from incidents.forms.fields import CATEGORIES, YES_NO, TypedField, choice
from incidents.models import Crime
from incidents.services.response import ChildFound, CrimeNamed, PartyFound
from incidents.services.response.findings import (
    LONGEST_OF_CHILD,
    LONGEST_OF_PARTY,
    MOST_ARRESTS,
    MOST_CHILDREN,
    MOST_CRIMES,
    YesNo,
    crime_number,
    words_of_child_wanted,
)

FEWEST_CRIME_ROWS = 2
PARTY_FIELD = re.compile(r"^party_(P-\d{4}-\d{6,12})_(spoken|account|injuries|fear)$")
CHILD_FIELD = re.compile(r"^child_([1-9]\d?)_(person|name|seen|words)$")
CRIME_FIELD = re.compile(r"^crime_([1-9]\d?)_(category|number|arrests)$")

#: How near anybody came to a child: one answer instead of two questions.
SEEN = [("spoken", "Seen and spoken to"), ("seen", "Seen, not spoken to"), ("no", "Not seen")]


def is_row_field(name: str) -> bool:
    """Whether a posted name is a field of some row."""
    return any(pattern.match(name) for pattern in (PARTY_FIELD, CHILD_FIELD, CRIME_FIELD))


def highest(pattern: re.Pattern[str], names: Iterable[str]) -> int:
    """The highest number of a row among these names, 0 for none."""
    return max((int(found[1]) for name in names if (found := pattern.match(name))), default=0)


@dataclass(frozen=True)
class PartyShown:
    """One party's row on the page."""

    party: Party
    spoken: BoundField
    account: BoundField
    injuries: BoundField
    fear: BoundField


@dataclass(frozen=True)
class ChildShown:
    """One child's row on the page; `is_named` where the call named the child."""

    number: int
    is_named: bool
    person: BoundField
    name: BoundField
    seen: BoundField
    words: BoundField


class PartyRows:
    """The parties' rows of a form."""

    def __init__(self, form: forms.Form, parties: Iterable[Party]) -> None:
        self.form, self.parties = form, tuple(parties)
        for party in self.parties:
            form.fields.update(_party_fields(party))

    def shown(self) -> list[PartyShown]:
        return [
            PartyShown(
                party,
                **{
                    name: self.form[f"party_{party.reference}_{name}"]
                    for name in ("spoken", "account", "injuries", "fear")
                },
            )
            for party in self.parties
        ]

    def clean(self) -> None:
        """Ask for the words of each answer."""
        for party in self.parties:
            name = f"party_{party.reference}_"
            data = self.form.cleaned_data
            if (spoken := data.get(f"{name}spoken")) and data.get(f"{name}account") == "":
                asked = "what they said" if spoken == "yes" else "why they were not spoken to"
                self.form.add_error(f"{name}account", f"Say {asked}.")

    def found(self) -> Iterator[PartyFound]:
        data = self.form.cleaned_data
        for party in self.parties:
            name = f"party_{party.reference}_"
            yield PartyFound(
                person=party.reference,
                was_spoken_to=data.get(f"{name}spoken") == YesNo.YES,
                **{text: data.get(f"{name}{text}") or "" for text in LONGEST_OF_PARTY},
            )

    def field_of(self, position: int, name: str) -> str:
        name = "spoken" if name in {"person", "was_spoken_to"} else name
        return f"party_{self.parties[position].reference}_{name}"


def _party_fields(party: Party) -> dict[str, forms.Field]:
    name, whom = f"party_{party.reference}_", party.name
    longest = LONGEST_OF_PARTY
    return {
        f"{name}spoken": choice(YES_NO, f"{whom} spoken to", "no"),
        f"{name}account": TypedField(
            label="What they said, or why not spoken to",
            longest=longest["account"],
            rows=3,
            required=False,
        ),
        f"{name}injuries": TypedField(
            label="Injuries seen, and said", longest=longest["injuries"], required=False
        ),
        f"{name}fear": TypedField(
            label="What they fear will happen", longest=longest["fear"], required=False
        ),
    }


class ChildRows:
    """The children's rows of a form: those whom the call named first, then others found there."""

    def __init__(self, form: forms.Form, company: Company, rows: int) -> None:
        self.form, self.rows = form, rows
        self.named = {row.person.reference for row in company.children}
        for number in range(1, rows + 1):
            form.fields.update(_child_fields(number))
        #: Which row each child of `found` came from.
        self.places: list[int] = []

    def shown(self) -> list[ChildShown]:
        return [
            ChildShown(
                number,
                self.form[f"child_{number}_person"].value() in self.named,
                **{
                    name: self.form[f"child_{number}_{name}"]
                    for name in ("person", "name", "seen", "words")
                },
            )
            for number in range(1, self.rows + 1)
        ]

    def clean(self) -> None:
        """Ask for what is missing in rows that somebody began, or that stand for a named child."""
        for number in self._begun():
            data, name = self.form.cleaned_data, f"child_{number}_"
            if not data.get(f"{name}seen") and f"{name}seen" not in self.form.errors:
                self.form.add_error(f"{name}seen", "Choose an answer.")
            elif data.get(f"{name}words") == "":
                self.form.add_error(f"{name}words", words_of_child_wanted(self._row(number)))
            if not data.get(f"{name}name") and not data.get(f"{name}person"):
                self.form.add_error(f"{name}name", "Give a name or an age.")

    def _begun(self) -> list[int]:
        data = self.form.cleaned_data
        return [
            number
            for number in range(1, self.rows + 1)
            if any(data.get(f"child_{number}_{n}") for n in ("person", "name", "seen", "words"))
        ]

    def found(self) -> list[ChildFound]:
        self.places = self._begun()
        return [self._row(number) for number in self.places]

    def _row(self, number: int) -> ChildFound:
        data, name = self.form.cleaned_data, f"child_{number}_"
        seen = data.get(f"{name}seen")
        person = data.get(f"{name}person") or ""
        return ChildFound(
            person=person if person in self.named else "",
            name=data.get(f"{name}name") or "",
            was_seen=seen in {"spoken", "seen"},
            was_spoken_to=seen == "spoken",
            words=data.get(f"{name}words") or "",
        )

    def field_of(self, position: int, name: str) -> str:
        name = {"was_seen": "seen", "was_spoken_to": "seen", "person": "name"}.get(name, name)
        return f"child_{self.places[position]}_{name}"


def child_rows(names: Iterable[str], company: Company, *, more: bool) -> int:
    """How many rows of children a form has: those typed, those named, and a blank one."""
    rows = max(highest(CHILD_FIELD, names), len(company.children) + 1)
    return min(MOST_CHILDREN, rows + more)


def _child_fields(number: int) -> dict[str, forms.Field]:
    name = f"child_{number}_"
    return {
        f"{name}person": forms.CharField(
            required=False, widget=forms.HiddenInput, max_length=20, label=f"Child {number}"
        ),
        f"{name}name": TypedField(
            label="Name and age", longest=LONGEST_OF_CHILD["name"], required=False
        ),
        f"{name}seen": forms.ChoiceField(
            label=f"Child {number}",
            choices=SEEN,
            required=False,
            widget=forms.RadioSelect(attrs={"data-danger": "no"}),
        ),
        f"{name}words": TypedField(
            label="What the child said and how they were, or why not",
            longest=LONGEST_OF_CHILD["words"],
            rows=2,
            required=False,
        ),
    }


class CrimeRows:
    """The crimes' rows of a form."""

    def __init__(self, form: forms.Form, recorded: list[Crime], names: Iterable[str]) -> None:
        self.form, self.recorded = form, recorded
        self.rows = min(MOST_CRIMES, max(FEWEST_CRIME_ROWS, highest(CRIME_FIELD, names)))
        for position in range(1, self.rows + 1):
            form.fields.update(_crime_fields(position))
        self.places: list[int] = []

    def shown(self) -> list[dict[str, BoundField]]:
        return [
            {
                name: self.form[f"crime_{position}_{name}"]
                for name in ("category", "number", "arrests")
            }
            for position in range(1, self.rows + 1)
        ]

    def clean(self) -> None:
        for position in range(1, self.rows + 1):
            self._clean_row(position)

    def _clean_row(self, position: int) -> None:
        form, data = self.form, self.form.cleaned_data
        category, number = f"crime_{position}_category", f"crime_{position}_number"
        typed = data.get(number) or ""
        if typed and not data.get(category) and category not in form.errors:
            form.add_error(category, "Choose which crime it was.")
        try:
            data[number] = crime_number(typed, field=number)
        except InvalidInput as error:
            form.add_error(number, error.message)

    def named(self) -> tuple[CrimeNamed, ...]:
        """Those on record, then the rows; `self.places` says which row each one came from."""
        rows = [row for row in map(self._row, range(1, self.rows + 1)) if row[1].category]
        numbers = {crime.number for _, crime in rows if crime.number}
        known = set((self.form.cleaned_data.get("known_crimes") or "").split(","))
        others = [crime for crime in self.recorded if crime.number not in numbers]
        # Named here without its number while somebody else gave it one: that is the same crime.
        came_since = Counter(crime.category for crime in others if crime.number not in known)
        kept = []
        for place, crime in rows:
            if not crime.number and came_since[crime.category]:
                came_since[crime.category] -= 1
            else:
                kept.append((place, crime))
        self.places = [0] * len(others) + [place for place, _ in kept]
        recorded = [
            CrimeNamed(category=crime.category, number=crime.number, arrests=crime.arrests)
            for crime in others
        ]
        return (*recorded, *(crime for _, crime in kept))

    def _row(self, position: int) -> tuple[int, CrimeNamed]:
        data, name = self.form.cleaned_data, f"crime_{position}_"
        return position, CrimeNamed(
            category=data.get(f"{name}category") or "",
            number=data.get(f"{name}number") or "",
            arrests=data.get(f"{name}arrests") or 0,
        )

    def field_of(self, position: int, name: str) -> str:
        return f"crime_{self.places[position]}_{name}"


def _crime_fields(position: int) -> dict[str, forms.Field]:
    return {
        f"crime_{position}_category": forms.ChoiceField(
            label=f"Crime {position}", choices=CATEGORIES, required=False
        ),
        f"crime_{position}_number": TypedField(
            label=f"Number of crime {position}", longest=40, required=False
        ),
        f"crime_{position}_arrests": forms.IntegerField(
            label=f"Arrests for crime {position}",
            min_value=0,
            max_value=MOST_ARRESTS,
            required=False,
        ),
    }


def typed_crimes(named: list[str], recorded: Iterable[Crime]) -> Mapping[str, Any]:
    """Crimes that were named and have no number yet, for the rows of the form."""
    categories = [crime.category for crime in recorded]
    waiting = list((Counter(named) - Counter(categories)).elements())
    waiting = waiting[: max(0, len(named) - len(categories))]
    return {
        f"crime_{position}_category": category for position, category in enumerate(waiting, start=1)
    }

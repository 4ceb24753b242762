"""Forms of the control room about officers: who is sent, who is not, who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from core.clock import local
from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from incidents.models import Incident, Unit
from incidents.officers import (
    Officer,
    Standing,
    duties_now,
    those_who_may_attend,
    to_choose_from,
)
from incidents.services.dispatch.duties import LONGEST_UNAVAILABLE
from incidents.services.dispatch.not_sending import LONGEST_NOT_SENT
from incidents.services.dispatch.standing_down import LONGEST_STOOD_DOWN
from incidents.services.response.arrival_clock import hour
from incidents.services.response.sending import LONGEST_REASON


@dataclass(frozen=True)
class Offered:
    """A whole crew or one officer, as the form offers them."""

    #: "units" or "officers": the field that the box belongs to.
    field: str
    value: str
    name: str
    note: str
    is_chosen: bool
    #: One by one, where the box is a whole crew's.
    crew: tuple["Offered", ...] = ()


@dataclass(frozen=True)
class OfferedGroup:
    """Those who can be sent alike; who is not on duty is folded away."""

    title: str
    offered: list[Offered]
    is_folded: bool


class SendForm(RefusableForm):
    """Who goes there; fewer than advised needs words, and so does knowing who cannot simply go."""

    units = forms.MultipleChoiceField(label="Units", required=False)
    officers = forms.MultipleChoiceField(label="Officers", required=False)
    fewer_reason = TypedField(
        label="Why fewer than advised", longest=LONGEST_REASON, required=False
    )
    knowingly = forms.BooleanField(
        label="Send them although they are not on duty or not available", required=False
    )

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = incident.area
        rows = incident.deployments.all()
        there = {row.officer_id for row in rows if row.cleared_at is None}
        self.anybody_there = bool(there)
        everybody = to_choose_from(incident.area, at)
        self.offered = [one for one in everybody if one.person.pk not in there]
        # Those who are there are not offered, yet pressing twice names them again: no mistake.
        self._everybody = everybody
        self._units = crews = {one.unit.pk: one.unit for one in everybody if one.unit}
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (str(key), str(unit)) for key, unit in crews.items()
        ]
        self.fields["officers"].choices = [  # type: ignore[attr-defined]
            (str(one.person.pk), str(one.person)) for one in everybody
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not (data["units"] or data["officers"]):
            self.add_error("officers", "Choose who is sent.")
        return data

    def details(self) -> dict[str, Any]:
        """What send_officers takes, in the order of the list."""
        data = self.cleaned_data
        return {
            "officers": [
                one.person for one in self._everybody if str(one.person.pk) in data["officers"]
            ],
            "units": [unit for key, unit in self._units.items() if str(key) in data["units"]],
            "fewer_reason": data["fewer_reason"],
            "knowingly": data["knowingly"],
        }

    @property
    def asks_to_know(self) -> bool:
        """The box is there only for who was told whom it is about."""
        return "knowingly" in self.errors or bool(self.is_bound and self.data.get("knowingly"))

    def groups(self) -> list[OfferedGroup]:
        """For the page: whom to offer first, second and only when there is nobody else."""
        grouped: dict[str, list[list[Officer]]] = {}
        for crew in self._crews():
            grouped.setdefault(self._title(crew[0]), []).append(crew)
        somebody_is_on = any(one.duty for one in self.offered)
        return [
            OfferedGroup(
                title=title,
                offered=[self._offer(crew) for crew in crews],
                is_folded=title == _NOT_ON_DUTY and somebody_is_on,
            )
            for title, crews in sorted(grouped.items(), key=lambda row: self._rank(row[0]))
        ]

    def _crews(self) -> Iterable[list[Officer]]:
        """Crews that can be sent alike are together; where one cannot, each by themselves."""
        crews: dict[object, list[Officer]] = {}
        for one in self.offered:
            key = ("unit", one.unit.pk) if one.unit else ("officer", one.person.pk)
            crews.setdefault(key, []).append(one)
        for crew in crews.values():
            if len({self._title(one) for one in crew}) == 1:
                yield crew
            else:
                yield from ([one] for one in crew)

    def _title(self, one: Officer) -> str:
        if one.standing is Standing.AVAILABLE:
            return self._here if self._is_here(one) else _ELSEWHERE
        return _TITLES[one.standing]

    def _rank(self, title: str) -> int:
        return [self._here, _ELSEWHERE, *dict.fromkeys(_TITLES.values())].index(title)

    @property
    def _here(self) -> str:
        return f"Available in {self.area}" if self.area else "Available here"

    def _is_here(self, one: Officer) -> bool:
        return bool(self.area and one.area and one.area.pk == self.area.pk)

    def _offer(self, crew: list[Officer]) -> Offered:
        if len(crew) == 1:
            one = crew[0]
            return self._one(one, f"{one.unit} · {one.person}" if one.unit else str(one.person))
        unit = crew[0].unit
        assert unit is not None
        notes = dict.fromkeys(note for one in crew if (note := self._note(one)))
        return Offered(
            field="units",
            value=str(unit.pk),
            name=f"{unit} · {', '.join(str(one.person) for one in crew)}",
            note="; ".join(notes),
            is_chosen=self._was_chosen("units", unit.pk),
            crew=tuple(self._one(one, str(one.person)) for one in crew),
        )

    def _one(self, one: Officer, name: str) -> Offered:
        return Offered(
            field="officers",
            value=str(one.person.pk),
            name=name,
            note=self._note(one),
            is_chosen=self._was_chosen("officers", one.person.pk),
        )

    def _was_chosen(self, field: str, key: int) -> bool:
        return str(key) in (self[field].value() or [])

    def _note(self, one: Officer) -> str:
        notes = [] if self._is_here(one) or one.area is None else [str(one.area)]
        for row in one.busy_with:
            where = "at" if row.arrived_at else "on the way to"
            notes.append(f"{where} {row.incident.reference}")
        if one.duty and one.duty.unavailable_since:
            notes.append(f"{one.duty.unavailable_reason} since {hour(one.duty.unavailable_since)}")
        if one.duty and one.is_overrunning:
            notes.append(f"their duty ended at {hour(one.duty.ends_at)}")
        if one.duty is None and one.person.team:
            notes = [str(one.person.team), *notes[1:]] if notes else [str(one.person.team)]
        return ", ".join(notes)


_ELSEWHERE = "Available elsewhere"
_NOT_ON_DUTY = "Not on duty"
_TITLES = {
    Standing.ON_THE_WAY: "Busy with something else",
    Standing.THERE: "Busy with something else",
    Standing.OVERRUNNING: "Past the end of their duty",
    Standing.UNAVAILABLE: "Not available",
    Standing.OFF_DUTY: _NOT_ON_DUTY,
}


class NobodyForm(RefusableForm):
    """Why nobody is sent."""

    reason = TypedField(label="Why nobody is sent", longest=LONGEST_NOT_SENT, rows=3)


class StandDownForm(RefusableForm):
    """Why an officer is turned back."""

    reason = TypedField(label="Why they are stood down", longest=LONGEST_STOOD_DOWN)


class UnavailableForm(RefusableForm):
    """Why an officer cannot be sent just now."""

    reason = TypedField(label="Why they cannot be sent", longest=LONGEST_UNAVAILABLE)


def units_in_use() -> QuerySet[Unit]:
    """Cars that are not withdrawn, with their teams."""
    return Unit.objects.filter(is_active=True).select_related("team")


class UnitForm(RefusableForm):
    """Which car; none is an answer."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Unit", required=False, empty_label="No unit"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_in_use()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", "No unit"),
            *((str(unit.pk), f"{unit} · {unit.team}") for unit in units),
        ]


class DutyForm(UnitForm):
    """Coming on duty: in which car, until when."""

    until = forms.TimeField(
        label="Until",
        required=False,
        help_text="Left empty: a whole tour of duty.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Give a time like 18:30."},
    )

    def ends_at(self, at: datetime) -> datetime | None:
        """The next time that the clock shows it; None for a whole tour."""
        until = self.cleaned_data["until"]
        if until is None:
            return None
        there = local(at)
        ends = there.replace(hour=until.hour, minute=until.minute, second=0, microsecond=0)
        return ends if ends > there else ends + timedelta(days=1)

    def field_of(self, name: str) -> str:
        return {"ends_at": "until"}.get(name, name)


class OnDutyForm(DutyForm):
    """The control room puts somebody on duty."""

    officer = forms.ModelChoiceField(
        User.objects.none(),
        label="Officer",
        to_field_name="username",
        empty_label="Choose one",
        error_messages={
            "required": "Choose who.",
            "invalid_choice": "Choose somebody of the list.",
        },
    )
    field_order = ["officer", "unit", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = those_who_may_attend()
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
        self.fields["officer"].choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            *(
                (one.username, f"{one} · {one.team}" if one.team else str(one))
                for one in officers.exclude(pk__in=duties_now().values("officer"))
                .select_related("team")
                .order_by("name")
            ),
        ]

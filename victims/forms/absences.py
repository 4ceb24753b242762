"""Saying who is away and who stands in."""

from typing import Any

from django import forms

from accounts.models import Absence, User
from core.forms import RefusableForm
from victims.forms.people import PersonField
from victims.people import led_by, stand_ins
from victims.services.absences import stamp


def _instant(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when."},
    )


class AbsenceForm(RefusableForm):
    """Who is away from when until when, and who stands in for them."""

    person = PersonField(label="Who is away")
    cover = PersonField(
        label="Who stands in",
        help_text="What is due from one is due from the other, and messages go to both.",
        error_messages={"required": "Choose who stands in."},
    )
    from_at = _instant("From")
    until_at = _instant("Until")
    reason = forms.CharField(
        label="Why", required=False, max_length=200, help_text="Leave, court, a course. No more."
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {reader.pk: reader}
        if reader.has_perm("accounts.arrange_cover"):
            people |= {one.pk: one for one in led_by(reader).filter(is_active=True)}
        agency = reader.team.agency_id if reader.team else None
        self._field("person").offer(people.values(), reader)
        self._field("cover").offer(stand_ins(agency), reader)

    def _field(self, name: str) -> PersonField:
        field = self.fields[name]
        assert isinstance(field, PersonField)
        return field

    def details(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class ChangeAbsenceForm(AbsenceForm):
    """The same for one that is arranged; whose it is stays."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, absence: Absence, reader: User, **kwargs: Any) -> None:
        self._absence = absence
        names = ("from_at", "until_at", "reason")
        initial = {name: getattr(absence, name) for name in names}
        initial |= {"cover": absence.cover.username, "seen": stamp(absence)}
        super().__init__(*args, reader=reader, initial=initial, **kwargs)
        del self.fields["person"]
        agency = absence.person.team.agency_id if absence.person.team else None
        self._field("cover").offer(stand_ins(agency).exclude(pk=absence.person_id), reader)

    def details(self) -> dict[str, Any]:
        """An instant that stays keeps its seconds, which the field does not show."""
        kept = ({"from_at", "until_at"} - set(self.changed_data)) & set(self.cleaned_data)
        return self.cleaned_data | {name: getattr(self._absence, name) for name in kept}

    def know(self, seen: str) -> None:
        """After a stale edit: what is typed stays, and sending it again replaces that version."""
        self.data = {**self.data.dict(), "seen": seen}  # type: ignore[attr-defined]

"""An event of custody by hand: whom, what, and the fields of that kind. Rules are the service's."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms

from core.errors import DomainError
from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from perpetrators.forms.orders import ConditionsForm, instant
from perpetrators.messages import TEXTS, Kind
from perpetrators.models import CourtDate, CustodyEpisode
from victims.models import Person

#: Runs of custody that ended longer ago are chosen by nobody.
LOOKED_BACK = timedelta(days=120)
NEW_RUN = "new"

BAIL = ("bail_until", "bail_by_court")
#: The fields of each kind beside when it happened and its run.
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.ARREST: ("where", "offence", "incident", "investigator"),
    Kind.BAIL: (*BAIL, "conditions", "investigator"),
    Kind.BAIL_CHANGE: (*BAIL, "bail_ended", "conditions", "investigator"),
    Kind.BAIL_BREACH: ("where",),
    Kind.UNDER_INVESTIGATION: ("investigator",),
    Kind.CHARGE: ("offence", "investigator"),
    Kind.NO_FURTHER_ACTION: (),
    Kind.REMAND: ("where",),
    Kind.RELEASE: ("where",),
    Kind.COURT_DATE: ("hearing_at", "court", "hearing", "listing"),
    Kind.COURT_DATE_VACATED: ("hearing_row",),
    Kind.PRISON: ("where",),
    Kind.RELEASE_PLANNED: ("release_at", "release_on"),
    Kind.RELEASE_CANCELLED: (),
    Kind.PRISON_RELEASE: ("where",),
}
#: When it happened; for what lies ahead, when that was decided.
_WHEN = {
    Kind.COURT_DATE: "When it was listed",
    Kind.COURT_DATE_VACATED: "When it was vacated",
    Kind.RELEASE_PLANNED: "When that was decided",
    Kind.RELEASE_CANCELLED: "When that was decided",
}


class WhomForm(RefusableForm):
    """Whom it is about, and what happened."""

    person = TypedField(
        label="Whose custody",
        longest=16,
        help_text="Their reference, P-2026-000000: search finds them by name.",
    )
    kind = forms.ChoiceField(
        label="What happened",
        choices=Kind.choices,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )

    def whom(self) -> Person | None:
        """The person; None, said at the field, for a reference that nobody has."""
        reference = self.cleaned_data["person"].upper()
        row = Person.objects.filter(reference=reference).first()
        if row is None:
            self.add_error("person", "Nobody on record has this reference.")
        return row


class EventForm(ConditionsForm):
    """One event of one kind about one person."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    episode = forms.ChoiceField(label="Which run of custody", widget=forms.RadioSelect)
    happened_at = instant("When it happened")
    where = TypedField(label="Where", longest=TEXTS["where"], required=False)
    offence = TypedField(label="Offence", longest=TEXTS["offence"], required=False)
    incident = TypedField(
        label="Incident that it came of",
        longest=TEXTS["incident"],
        required=False,
        help_text="DA-2026-000000, where it is known.",
    )
    investigator = TypedField(
        label="Officer in the case",
        longest=TEXTS["investigator"],
        required=False,
        help_text="Their user name, where it is known. They are reminded before bail ends.",
    )
    bail_until = instant("Bail until", required=False)
    bail_by_court = forms.BooleanField(label="Bail by a court", required=False)
    bail_ended = forms.BooleanField(label="Bail ended: nothing binds any more", required=False)
    hearing_at = instant("When the hearing is")
    court = TypedField(label="Court", longest=TEXTS["court"], required=False)
    hearing = TypedField(
        label="What for",
        longest=TEXTS["hearing"],
        required=False,
        help_text="Plea, trial, sentence.",
    )
    listing = TypedField(
        label="What the court calls it",
        longest=TEXTS["listing"],
        required=False,
        help_text="Its number stays when the hearing moves.",
    )
    hearing_row = forms.ChoiceField(
        label="Which hearing", error_messages={"required": "Choose the hearing."}
    )
    release_at = instant("Planned for, day and time", required=False)
    release_on = forms.DateField(
        label="Planned for, only the day known",
        required=False,
        error_messages={"invalid": "Give a day."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    again = forms.BooleanField(label="Record it all the same", required=False)

    def __init__(self, *args: Any, person: Person, kind: str, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.kind = person, kind
        self.initial.setdefault("key", uuid4())
        wanted = {"key", "episode", "happened_at", "again", *FIELDS[kind]}
        for name in list(self.fields):
            if name.removeprefix("condition_") != name and "conditions" in wanted:
                continue
            if name not in wanted:
                del self.fields[name]
        self.fields["happened_at"].label = _WHEN.get(Kind(kind), "When it happened")
        self._offer_runs(at)
        if "hearing_row" in self.fields:
            self._offer_hearings()

    def _offer_runs(self, at: Any) -> None:
        rows = self.person.custody_episodes.filter(began_at__gte=at - LOOKED_BACK)
        self.runs = {row.reference: row for row in rows.order_by("-began_at")[:10]}
        choices = [(reference, _run_words(row)) for reference, row in self.runs.items()]
        self.fields["episode"].choices = [*choices, (NEW_RUN, "A new one")]  # type: ignore[attr-defined]
        begins = self.kind == Kind.ARREST or not self.runs
        self.initial.setdefault("episode", NEW_RUN if begins else next(iter(self.runs)))

    def _offer_hearings(self) -> None:
        rows = CourtDate.objects.filter(
            episode__in=self.runs.values(), state=CourtDate.State.LISTED
        ).select_related("episode")
        self.hearings = {str(row.pk): row for row in rows.order_by("at")}
        offered = [(pk, f"{row} {row.court}".strip()) for pk, row in self.hearings.items()]
        self.fields["hearing_row"].choices = offered  # type: ignore[attr-defined]
        del self.fields["episode"]

    def plain_fields(self) -> list[forms.BoundField]:
        """In order, without the boxes of conditions and what shows only when it is refused."""
        return [
            field
            for field in self
            if not field.name.startswith("condition_") and field.name != "again"
        ]

    def condition_fields(self) -> list[forms.BoundField]:
        return self.boxes() if "conditions" in FIELDS[self.kind] else []

    @property
    def is_on_record(self) -> bool:
        """It was refused because the same stands there: it may be recorded all the same."""
        return "again" in self.errors or bool(self.data.get("again"))

    def refuse(self, error: DomainError) -> None:
        if error.field == "episode" and "episode" not in self.fields:
            error.field = "hearing_row"
        super().refuse(error)

    def details(self) -> dict[str, Any]:
        """What the service takes: key, episode, again, and what was said."""
        data = dict(self.cleaned_data)
        said = {name: data[name] for name in FIELDS[self.kind] if name in data}
        if "conditions" in FIELDS[self.kind]:
            said["conditions"] = [
                {"kind": one.kind, "words": one.words} for one in self.conditions()
            ]
        run = self.runs.get(data.get("episode", ""))
        if row := self._hearing():
            said.pop("hearing_row")
            said |= {"listing": row.listing, "hearing_at": row.at}
            run = row.episode
        key: UUID = data["key"]
        said |= {"kind": self.kind, "happened_at": data["happened_at"]}
        return {"key": key, "episode": run, "again": data["again"], "said": said}

    def _hearing(self) -> CourtDate | None:
        if "hearing_row" not in self.fields:
            return None
        return self.hearings[self.cleaned_data["hearing_row"]]


def _run_words(row: CustodyEpisode) -> str:
    began = f"{row.began_at:%d %b %Y}".lstrip("0")
    offence = f", {row.offence}" if row.offence else ""
    return f"{row.reference}: since {began}, {row.get_state_display().lower()}{offence}"

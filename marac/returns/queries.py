"""What the return counts, read: five queries, however long the years and the conferences are."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from marac.models import Hearing, Invitation, MaracAction, Meeting, Population
from marac.returns.periods import Period, day_of
from marac.returns.rows import (
    ActionRow,
    Born,
    HeardRow,
    InvitedRow,
    MeetingRow,
    PopulationRow,
)

#: A meeting counts when it is over, with the day on which it began.
HELD = Meeting.State.HELD


def meetings(conferences: Collection[int], period: Period) -> list[MeetingRow]:
    """Those held, oldest first."""
    rows = Meeting.objects.filter(_held(conferences, period))
    values = rows.order_by("began_at", "pk").values_list(
        "pk", "conference_id", "reference", "kind", "began_at"
    )
    return [
        MeetingRow(pk, conference, reference, kind, day_of(began_at))
        for pk, conference, reference, kind, began_at in values
        if began_at is not None
    ]


def heard(conferences: Collection[int], period: Period) -> list[HeardRow]:
    """What those meetings concluded, flags that were looked at too."""
    earlier = Hearing.objects.heard().filter(
        case=OuterRef("case"), ended_at__lt=OuterRef("ended_at")
    )
    rows = (
        Hearing.objects.heard()
        .filter(_held(conferences, period, "meeting__"))
        .annotate(heard_before=Exists(earlier.exclude(part=Hearing.Part.FLAGS)))
        .order_by("meeting__began_at", "position", "pk")
    )
    return [_heard(row) for row in rows.values(*_HEARD)]


_VICTIM = "case__victim__person__"
_PERPETRATOR = "case__perpetrator__"
_HEARD = (
    "meeting_id",
    "meeting__conference_id",
    "meeting__began_at",
    "case_id",
    "case__repeat_of_id",
    "case__victim_id",
    "case__perpetrator_id",
    "case__proposed_at",
    "case__children",
    "case__agency_id",
    "case__agency__kind",
    "case__minority_ethnic",
    "case__lgbt",
    "case__disability",
    "part",
    "is_repeat",
    "heard_before",
    f"{_VICTIM}sex",
    f"{_VICTIM}date_of_birth",
    f"{_VICTIM}birth_year",
    f"{_PERPETRATOR}date_of_birth",
    f"{_PERPETRATOR}birth_year",
)


def _heard(row: dict[str, Any]) -> HeardRow:
    return HeardRow(
        meeting=row["meeting_id"],
        conference=row["meeting__conference_id"],
        case=row["case_id"],
        repeat_of=row["case__repeat_of_id"],
        victim=row["case__victim_id"],
        perpetrator=row["case__perpetrator_id"],
        held_on=day_of(row["meeting__began_at"]),
        proposed_on=day_of(row["case__proposed_at"]),
        is_flag=row["part"] == Hearing.Part.FLAGS,
        is_repeat=row["is_repeat"],
        is_first=not row["heard_before"],
        children=row["case__children"],
        agency=row["case__agency_id"],
        agency_kind=row["case__agency__kind"],
        sex=row[f"{_VICTIM}sex"],
        victim_born=_born(row, _VICTIM),
        perpetrator_born=_born(row, _PERPETRATOR),
        minority_ethnic=row["case__minority_ethnic"],
        lgbt=row["case__lgbt"],
        disability=row["case__disability"],
    )


def _born(row: dict[str, Any], whose: str) -> Born:
    on: date | None = row[f"{whose}date_of_birth"]
    return Born(on, row[f"{whose}birth_year"])


def _held(conferences: Collection[int], period: Period, path: str = "") -> Q:
    return Q(
        **{
            f"{path}conference__in": conferences,
            f"{path}state": HELD,
            f"{path}began_at__gte": period.since,
            f"{path}began_at__lt": period.until,
        }
    )


def actions(conferences: Collection[int], period: Period, at: datetime) -> list[ActionRow]:
    """What those meetings agreed, counted by agency and by what became of it until `at`."""
    rows: QuerySet[Any, Any] = MaracAction.objects.filter(
        _held(conferences, period, "hearing__meeting__")
    ).values_list("hearing__meeting_id", "agency_id", "state")
    counted = rows.annotate(
        in_time=Count("pk", filter=Q(settled_at__lt=F("due_at"))),
        overdue=Count("pk", filter=Q(state=MaracAction.State.OPEN, due_at__lte=at)),
        number=Count("pk"),
    ).order_by("hearing__meeting_id", "agency_id", "state")
    return [one for row in counted for one in _actions(*row)]


def _actions(
    meeting: int, agency: int, state: str, in_time: int, overdue: int, number: int
) -> list[ActionRow]:
    """One row for those in time, one for the overdue, one for the rest."""
    rest = number - in_time - overdue
    split = ((True, False, in_time), (False, True, overdue), (False, False, rest))
    return [
        ActionRow(meeting, agency, state, is_in_time, is_overdue, size)
        for is_in_time, is_overdue, size in split
        if size
    ]


def invited(conferences: Collection[int], period: Period) -> list[InvitedRow]:
    """Which agencies were invited to those meetings."""
    rows = Invitation.objects.filter(_held(conferences, period, "meeting__"))
    return [InvitedRow(*row) for row in rows.values_list("meeting_id", "agency_id", "state")]


def populations(conferences: Collection[int], year: int) -> list[PopulationRow]:
    """The newest figure of each conference that is not later than the year."""
    rows = Population.objects.filter(conference__in=conferences, year__lte=year)
    newest = rows.order_by("conference_id", "-year").distinct("conference_id")
    return [
        PopulationRow(*row)
        for row in newest.values_list("conference_id", "year", "adult_women", "source")
    ]

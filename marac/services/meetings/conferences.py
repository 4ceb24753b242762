"""A conference: whom it covers, who belongs to it, who leads and keeps it, and when it meets."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Agency, Area, Team, User
from audit import services as audit
from core.errors import InvalidInput
from core.text import clean
from marac.models import Conference, ConferenceArea, ConferenceMember
from marac.services.meetings.following import follow_conference
from marac.services.meetings.planning import plan_meetings
from marac.services.meetings.rows import LONGEST_PLACE, locked_conference, needs_version

LONGEST_NAME = 100
#: More is a slip of the keyboard: twenty cases are a long day.
MOST_CASES = 60
FRIDAY, LAST_WEEK = 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a conference is. Days: Monday is 0; weeks: 1 to 4, and 5 for the last of a month.

    `core`: of the agencies those without which no meeting has its quorum.
    """

    name: str
    chair: int
    coordinator: int
    weekly_day: int
    weekly_at: time
    weekly_place: str
    weekly_capacity: int
    monthly_week: int
    monthly_day: int
    monthly_at: time
    monthly_place: str
    monthly_capacity: int
    quorum: int
    areas: frozenset[int]
    agencies: frozenset[int]
    core: frozenset[int]


def details_of(conference: Conference) -> Details:
    """As it is now. Two queries."""
    members = list(conference.members.all())
    return Details(
        name=conference.name,
        chair=conference.chair_id,
        coordinator=conference.coordinator_id,
        weekly_day=conference.weekly_day,
        weekly_at=conference.weekly_at,
        weekly_place=conference.weekly_place,
        weekly_capacity=conference.weekly_capacity,
        monthly_week=conference.monthly_week,
        monthly_day=conference.monthly_day,
        monthly_at=conference.monthly_at,
        monthly_place=conference.monthly_place,
        monthly_capacity=conference.monthly_capacity,
        quorum=conference.quorum,
        areas=frozenset(conference.covers.values_list("area_id", flat=True)),
        agencies=frozenset(one.agency_id for one in members),
        core=frozenset(one.agency_id for one in members if one.is_core),
    )


@transaction.atomic
def open_conference(*, details: Details, actor: User, at: datetime) -> Conference:
    """Another conference, kept by the team of its coordinator; its meetings are planned at once.

    Raises PermissionDenied, and InvalidInput at the name of a detail.
    """
    _needs_coordinator(actor)
    details = _checked(details, None)
    conference = Conference(team=_team_of(details.coordinator))
    _put(conference, details)
    conference.save(force_insert=True)
    _cover(conference, details.areas)
    _belong(conference, details)
    _record(conference, "opened", "opened", actor, at, after=_shown(details))
    plan_meetings(conference_id=conference.pk, actor=actor, at=at)
    return conference


@transaction.atomic
def edit_conference(
    *, conference_id: int, details: Details, version: int, actor: User, at: datetime
) -> Conference:
    """Change what a conference is; its meetings ahead follow, and everybody concerned is told.

    Meetings whose agenda is not out go to the new day and time; agencies that joined are invited;
    those that left and had not answered are invited no more. Unchanged, it writes nothing. Raises
    PermissionDenied, InvalidInput at the name of a detail, Stale.
    """
    conference = locked_conference(conference_id)
    _needs_coordinator(actor)
    before = details_of(conference)
    details = _checked(details, conference)
    if details == before:
        return conference
    needs_version(conference, version, {name: getattr(details, name) for name in _PLAIN})
    _put(conference, details)
    conference.version += 1
    conference.save(update_fields=[*_COLUMNS, "version"])
    _cover(conference, details.areas)
    _belong(conference, details)
    changed = {
        name: {"before": old, "after": _shown(details)[name]}
        for name, old in _shown(before).items()
        if old != _shown(details)[name]
    }
    _record(conference, "changed", "changed", actor, at, **changed)
    follow_conference(conference, before=asdict(before), actor=actor, at=at)
    return conference


_PLAIN = (
    "name",
    "weekly_day",
    "weekly_at",
    "weekly_place",
    "weekly_capacity",
    "monthly_week",
    "monthly_day",
    "monthly_at",
    "monthly_place",
    "monthly_capacity",
    "quorum",
)
_COLUMNS = (*_PLAIN, "chair", "coordinator")


def _needs_coordinator(actor: User) -> None:
    if not (actor.is_active and actor.has_perm("marac.keep_conferences")):
        raise PermissionDenied("Only coordinators keep conferences.")


def _put(conference: Conference, details: Details) -> None:
    for name in _PLAIN:
        setattr(conference, name, getattr(details, name))
    conference.chair = User.objects.get(pk=details.chair)
    conference.coordinator = User.objects.get(pk=details.coordinator)


def _checked(details: Details, conference: Conference | None) -> Details:
    """The same, its words cleaned. Raises InvalidInput at what is not possible."""
    said: dict[str, Any] = {name: getattr(details, name) for name in details.__slots__}
    said["name"] = clean(details.name, field="name", longest=LONGEST_NAME, required=True)
    for name in ("weekly_place", "monthly_place"):
        said[name] = clean(said[name], field=name, longest=LONGEST_PLACE, required=True)
    others = (
        Conference.objects.exclude(pk=conference.pk) if conference else Conference.objects.all()
    )
    if others.filter(name__iexact=said["name"]).exists():
        raise InvalidInput("There is a conference of this name.", field="name")
    _needs_days(details)
    _needs_role(details.chair, "chair", "chair_meetings", "leads meetings")
    _needs_role(details.coordinator, "coordinator", "keep_conferences", "keeps conferences")
    _needs_areas(details.areas, conference)
    _needs_members(details)
    return Details(**said)


def _needs_days(details: Details) -> None:
    for name in ("weekly_day", "monthly_day"):
        if not 0 <= getattr(details, name) <= FRIDAY:
            raise InvalidInput("Meetings are from Monday to Friday.", field=name)
    if not 1 <= details.monthly_week <= LAST_WEEK:
        raise InvalidInput("The first to the fourth, or the last.", field="monthly_week")
    for name in ("weekly_capacity", "monthly_capacity"):
        if not 1 <= getattr(details, name) <= MOST_CASES:
            raise InvalidInput(f"Give 1 to {MOST_CASES} cases.", field=name)


def _needs_role(person_id: int, field: str, permission: str, does: str) -> None:
    person = User.objects.filter(pk=person_id, is_active=True, is_system=False).first()
    if person is None or person.team_id is None:
        raise InvalidInput("Choose somebody who works here.", field=field)
    if not person.has_perm(f"marac.{permission}"):
        raise InvalidInput(f"{person} has no role that {does}.", field=field)


def _needs_areas(areas: Collection[int], conference: Conference | None) -> None:
    if Area.objects.filter(pk__in=areas).count() != len(areas):
        raise InvalidInput("Choose areas from the list.", field="areas")
    taken = ConferenceArea.objects.filter(area__in=areas).select_related("conference", "area")
    other = taken.exclude(conference=conference.pk if conference else None).first()
    if other is not None:
        raise InvalidInput(f"{other.area} belongs to {other.conference}.", field="areas")


def _needs_members(details: Details) -> None:
    if Agency.objects.filter(pk__in=details.agencies).count() != len(details.agencies):
        raise InvalidInput("Choose agencies from the list.", field="agencies")
    if not details.core <= details.agencies:
        raise InvalidInput("An agency without which nothing is decided is invited.", field="core")
    if not max(len(details.core), 1) <= details.quorum <= len(details.agencies):
        raise InvalidInput(
            f"Between {max(len(details.core), 1)}, those that are needed, and"
            f" {len(details.agencies)}, all that are invited.",
            field="quorum",
        )


def _team_of(person_id: int) -> Team:
    return Team.objects.get(members=person_id)


def _cover(conference: Conference, areas: Collection[int]) -> None:
    ConferenceArea.objects.filter(conference=conference).exclude(area__in=areas).delete()
    there = set(conference.covers.values_list("area_id", flat=True))
    ConferenceArea.objects.bulk_create(
        ConferenceArea(conference=conference, area_id=pk) for pk in sorted(set(areas) - there)
    )


def _belong(conference: Conference, details: Details) -> None:
    members = ConferenceMember.objects.filter(conference=conference)
    members.exclude(agency__in=details.agencies).delete()
    there = set(members.values_list("agency_id", flat=True))
    ConferenceMember.objects.bulk_create(
        ConferenceMember(conference=conference, agency_id=pk)
        for pk in sorted(details.agencies - there)
    )
    members.filter(agency__in=details.core).update(is_core=True)
    members.exclude(agency__in=details.core).update(is_core=False)


def _shown(details: Details) -> dict[str, Any]:
    """As the audit keeps it."""
    shown: dict[str, Any] = {}
    for name, value in asdict(details).items():
        if isinstance(value, frozenset):
            shown[name] = sorted(value)
        else:
            shown[name] = value.isoformat() if isinstance(value, time) else value
    return shown


def _record(
    conference: Conference, verb: str, words: str, actor: User, at: datetime, **detail: Any
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_conference.{verb}",
        headline=f"Conference {conference}: {words}",
        subject=f"conference {conference.pk}",
        detail=detail,
    )

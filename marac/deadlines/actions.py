"""An action is done by its own day; its agency's lead and the conference's chair hear if not."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time

from accounts.models import User
from core.clock import LOCAL
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import MaracAction
from marac.near import people_near

ACTION = "marac_action"
#: What the ladder calls the people of an action.
DOER, LEAD, CHAIR = "doer", "lead", "chair"
_DAY_ENDS = time(23, 59)


def end_of(day: date) -> datetime:
    """The last minute of a day, here: an action due on a day may be done on it."""
    return datetime.combine(day, _DAY_ENDS, LOCAL)


def still_open(action_ids: Sequence[int]) -> set[int]:
    """Of these actions, the ones that nobody settled."""
    rows = MaracAction.objects.open().filter(pk__in=action_ids)
    return set(rows.values_list("pk", flat=True))


def people_of(what: str, action_ids: Sequence[int]) -> Mapping[int, Collection[int]]:
    """Who is meant for each of these actions by DOER, LEAD or CHAIR. At most three queries.

    Nobody who is near to the case: a chair who is, hears nothing of it, and the coordinator does.
    """
    rows = list(
        MaracAction.objects.filter(pk__in=action_ids).select_related(
            "owner", "team__supervisor", "hearing__meeting__conference"
        )
    )
    found = _NAMING[what](rows)
    near = people_near(row.case_id for row in rows)
    return {row.pk: found[row.pk] - near[row.case_id] for row in rows}


def doers_of(action: MaracAction) -> set[int]:
    """Who does an action now: its owner while they are here and of the agency, else the lead."""
    return set(people_of(DOER, [action.pk])[action.pk])


def _doers(rows: Sequence[MaracAction]) -> dict[int, set[int]]:
    """Its owner; whoever leads the team where nobody has it; the team where nobody leads it."""
    found, leaderless = {}, {}
    for row in rows:
        if row.owner is not None and row.owner.is_active:
            found[row.pk] = {row.owner.pk}
        elif row.team.supervisor is not None and row.team.supervisor.is_active:
            found[row.pk] = {row.team.supervisor.pk}
        else:
            leaderless[row.pk] = row.team_id
    members = _members(set(leaderless.values()))
    return found | {pk: members[team_id] for pk, team_id in leaderless.items()}


def _leads(rows: Sequence[MaracAction]) -> dict[int, set[int]]:
    """Whoever leads the agency's team; those of the conference at once where nobody does."""
    chairs = _chairs(rows)
    return {
        row.pk: {row.team.supervisor.pk}
        if row.team.supervisor is not None and row.team.supervisor.is_active
        else chairs[row.pk]
        for row in rows
    }


def _chairs(rows: Sequence[MaracAction]) -> dict[int, set[int]]:
    """The chair and the coordinator of the conference as it is led today."""
    conferences = {row.pk: row.hearing.meeting.conference for row in rows}
    return {pk: {one.chair_id, one.coordinator_id} for pk, one in conferences.items()}


_NAMING = {DOER: _doers, LEAD: _leads, CHAIR: _chairs}


def _members(team_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if team_ids:
        people = User.objects.filter(team__in=team_ids, is_active=True, is_system=False)
        for team_id, pk in people.values_list("team_id", "pk"):
            found[team_id].add(pk)
    return found


def _by_its_day(policy: ForcePolicy) -> Allowance:
    return Allowance()


KIND = kinds.register(
    kinds.Kind(
        code=ACTION,
        name="Action of a conference",
        subject_type="marac.maracaction",
        url_name="marac:action",
        clock=Clock.FIXED,
        allowance=_by_its_day,
        ladder=(
            (kinds.named(DOER),),
            (kinds.named(LEAD),),
            (kinds.named(CHAIR),),
        ),
        source="agreed at the meeting",
        still_owed=still_open,
        runs_from="by the end of its day",
        named=people_of,
        for_partners=True,
    )
)

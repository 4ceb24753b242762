"""Police bail has an end: somebody decides before it, and where nobody did, the victim is at risk.

Called inside the transaction that applied the messages, or by `look_ahead`, both of which hold the
persons locked. Said again it changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Team, User
from audit import services as audit
from core import policy
from core.policy import ForcePolicy
from core.trigger_rules import Trigger
from deadlines import bulk, kinds
from deadlines import services as deadlines
from deadlines.models import Deadline
from incidents.models import Incident, Involvement
from perpetrators.deadlines.bail import BAIL_ENDS, decided_by, terms
from perpetrators.models import CustodyEpisode, CustodyEvent
from perpetrators.moments import moment
from perpetrators.services.concerned import victims_of
from risk.models import ReassessmentReason
from risk.services import triggers
from risk.services.triggers import Fired, fire
from victims.models import Person, VictimUpdate

State = CustodyEpisode.State
SOURCE = CustodyEpisode._meta.label_lower
#: Bail that ended longer ago, with nothing said since, was looked at in its time.
LOOKED_BACK = timedelta(days=30)


def sync_bail(episodes: Sequence[CustodyEpisode], *, actor: User, at: datetime) -> None:
    """Bring the clocks of these runs in line with their bail: begun, moved, decided, over."""
    by_id = {one.pk: one for one in episodes}
    bound = {pk: one for pk, one in by_id.items() if _ends(one)}
    charged = _charged(bound)
    decided = {pk for pk, one in by_id.items() if pk in charged or one.state == State.ENDED}
    running = [one for pk, one in bound.items() if pk not in charged]
    bulk.meet_many(kind=BAIL_ENDS, subject_ids=decided, actor=actor, at=at)
    over = by_id.keys() - decided - {one.pk for one in running}
    bulk.cancel_many(
        kind=BAIL_ENDS, subject_ids=over, reason="Bail does not run any more.", actor=actor, at=at
    )
    if running:
        rules = policy.at(at)
        runs = _runs(running, rules)
        new = {row.subject_id for row in _started(runs, actor, at, rules)}
        known = [run for run in runs if run.subject_id not in new]
        bulk.move_many(kind=BAIL_ENDS, runs=known, actor=actor, at=at, rules=rules)
        _pass(known, running, actor, at)
    _undo_ended(by_id, actor, at)


def forget_bail(episode_ids: Collection[int], *, actor: User, at: datetime) -> None:
    """These runs never were this person's: nobody has anything to decide about their bail."""
    bulk.cancel_many(
        kind=BAIL_ENDS,
        subject_ids=episode_ids,
        reason="The bail was somebody else's.",
        actor=actor,
        at=at,
    )


def people_whose_bail_ended(at: datetime) -> list[int]:
    """Those whose bail ended with nothing recorded since, and nobody was asked to look yet."""
    rows = _ended(at).filter(~Exists(_asked()))
    return sorted(set(rows.values_list("person_id", flat=True)))


def raise_ended(person_ids: Collection[int], *, actor: User, at: datetime) -> int:
    """Bail of these persons ended, nothing is recorded since: no condition protects the victim any
    more. Whose risk it is looks again, and the victim is told. How many runs."""
    rows = list(
        _ended(at)
        .filter(~Exists(_asked()), person__in=person_ids)
        .select_related("person")
        .order_by("pk")
    )
    concerned = victims_of({one.person_id for one in rows}) if rows else {}
    fired = [
        Fired(
            victim_id=victim_id,
            trigger=Trigger.BAIL_CHANGE,
            happened_at=one.bail_until,
            words=f"{one.person}: bail ended on {moment(one.bail_until)}, no decision is recorded",
            source_type=SOURCE,
            source_id=one.pk,
            about=VictimUpdate.About.BAIL_CHANGE,
        )
        for one in rows
        if one.bail_until is not None
        for victim_id in concerned[one.person_id]
    ]
    if fired:
        fire(fired=fired, actor=actor, at=at)
    return len(rows)


def _ends(one: CustodyEpisode) -> bool:
    """Police bail with an end: what a court granted, a court ends."""
    return one.state == State.ON_BAIL and one.bail_until is not None and not one.bail_by_court


def _charged(episode_ids: Collection[int]) -> set[int]:
    if not episode_ids:
        return set()
    rows = CustodyEvent.objects.filter(episode__in=list(episode_ids), kind=CustodyEvent.Kind.CHARGE)
    return {pk for pk in rows.values_list("episode_id", flat=True) if pk is not None}


def _started(
    runs: Sequence[bulk.Run], actor: User, at: datetime, rules: ForcePolicy
) -> list[Deadline]:
    return bulk.start_many(kind=BAIL_ENDS, runs=runs, actor=actor, at=at, rules=rules)


def _runs(episodes: Sequence[CustodyEpisode], rules: ForcePolicy) -> list[bulk.Run]:
    people = Person.objects.in_bulk({one.person_id for one in episodes})
    investigators = User.objects.in_bulk(
        {one.investigator_id for one in episodes if one.investigator_id is not None}
    )
    teams = _teams(episodes)
    kind = kinds.get(BAIL_ENDS)
    found = []
    for one in episodes:
        assert one.bail_until is not None
        owner = investigators.get(one.investigator_id or 0)
        due_at = decided_by(one.state_since, one.bail_until, rules)
        basis = kind.under(terms(due_at, one.bail_until, rules)).basis(due_at, rules)
        found.append(
            bulk.Run(
                subject_id=one.pk,
                reference=people[one.person_id].reference,
                victim_id=None,
                team_id=(owner.team_id if owner else None) or teams.get(one.pk),
                owner_id=owner.pk if owner else None,
                started_at=due_at,
                due_at=due_at,
                basis=f"{basis}; bail ends on {moment(one.bail_until)}",
            )
        )
    return found


def _pass(
    runs: Sequence[bulk.Run], episodes: Sequence[CustodyEpisode], actor: User, at: datetime
) -> None:
    """Another officer has the case: what is to be decided goes to them. No query for none named."""
    named = {run.subject_id: run for run in runs if run.owner_id is not None}
    if not named:
        return
    held = Deadline.objects.open().filter(kind=BAIL_ENDS, subject_id__in=named)
    by_id = {one.pk: one for one in episodes}
    people = User.objects.select_related("team").in_bulk({run.owner_id for run in named.values()})
    for pk, owner_id in held.order_by("pk").values_list("subject_id", "owner_id"):
        if owner_id == named[pk].owner_id:
            continue
        owner = people[named[pk].owner_id]
        deadlines.assign(
            kind=BAIL_ENDS, subject=by_id[pk], owner=owner, team=owner.team, actor=actor, at=at
        )
        audit.record(
            actor=actor,
            at=at,
            verb="custody.investigator_named",
            headline=f"What comes after bail is decided by {owner}, the officer in the case now",
            subject=named[pk].reference,
            detail={"episode": by_id[pk].reference},
        )


def _teams(episodes: Sequence[CustodyEpisode]) -> dict[int, int]:
    """Who investigates where nobody is named: the unit of the incident's area, or any; custody
    where the force has no such unit."""
    kind = Team.Kind
    teams = list(Team.objects.filter(kind__in=[kind.DAISU, kind.CUSTODY]).order_by("pk"))
    areas = dict(
        Incident.objects.filter(
            pk__in={one.incident_id for one in episodes if one.incident_id is not None}
        ).values_list("pk", "area_id")
    )

    def fits(team: Team, area: int | None) -> tuple[bool, bool, int]:
        return (team.kind != kind.DAISU, area is None or team.area_id != area, team.pk)

    return {
        one.pk: min(teams, key=lambda team: fits(team, areas.get(one.incident_id or 0))).pk
        for one in episodes
        if teams
    }


def _ended(at: datetime) -> QuerySet[CustodyEpisode]:
    """Of those complained of here; of others nobody known is at risk."""
    accused = Involvement.objects.filter(
        person=OuterRef("person"), role=Involvement.Role.PERPETRATOR
    )
    return CustodyEpisode.objects.filter(
        Exists(accused),
        state=State.ON_BAIL,
        bail_until__lte=at,
        bail_until__gt=at - LOOKED_BACK,
    )


def _asked() -> QuerySet[ReassessmentReason]:
    """Somebody was asked to look because this bail ended at this instant."""
    return ReassessmentReason.objects.filter(
        source_type=SOURCE,
        source_id=OuterRef("pk"),
        trigger=Trigger.BAIL_CHANGE,
        happened_at=OuterRef("bail_until"),
    )


def _undo_ended(episodes: dict[int, CustodyEpisode], actor: User, at: datetime) -> None:
    """Bail was longer than was known when its end was raised: that falls away."""
    longer = [
        pk
        for pk, one in episodes.items()
        if one.state == State.ON_BAIL and (one.bail_until is None or one.bail_until > at)
    ]
    if not longer:
        return
    raised = ReassessmentReason.objects.filter(
        source_type=SOURCE, source_id__in=longer, fallen_away_at__isnull=True
    )
    mistaken = set(raised.values_list("source_id", flat=True))
    if mistaken:
        triggers.withdraw(
            source_type=SOURCE,
            source_ids=mistaken,
            triggers={Trigger.BAIL_CHANGE},
            because="Bail was given more time.",
            actor=actor,
            at=at,
        )

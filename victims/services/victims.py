"""A victim's record: opened once, graded, and always somebody's responsibility."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.cover import stays_while_written
from accounts.models import Area, Team, User
from audit import services as audit
from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput
from core.references import Kind, take
from core.text import clean
from victims.events import DutyPassed
from victims.models import Duty, Person, RiskGrade, Victim


@transaction.atomic
def victim_for(
    *, person: Person, area: Area | None, team: Team, at: datetime, actor: User
) -> Victim:
    """The victim's record of a person, opened on first use; two callers at once get one record.

    `team` answers for a new record until somebody has it; a record that exists stays as it is.
    """
    victim = Victim.objects.filter(person=person).first()
    if victim is not None:
        return victim
    # Whoever comes second waits here, and then finds the record that the first one opened.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    victim = Victim.objects.filter(person=person).first()
    if victim is not None:
        return victim
    victim = victim_row(person=person, reference=take(Kind.VICTIM, at), area=area, team=team, at=at)
    victim.save(force_insert=True)
    audit.record_many([event_of_opening(victim, team, actor=actor, at=at)])
    return victim


def victim_row(
    *,
    person: Person,
    reference: str,
    area: Area | None,
    team: Team,
    at: datetime,
    last_incident_at: datetime | None = None,
    pk: int | None = None,
) -> Victim:
    """A victim's record, not stored yet."""
    return Victim(
        pk=pk,
        reference=reference,
        person=person,
        area=area,
        contact_team=team,
        risk_team=team,
        plan_team=team,
        created_at=at,
        last_incident_at=last_incident_at,
    )


def event_of_opening(victim: Victim, team: Team, *, actor: User, at: datetime) -> AuditEvent:
    """What the audit says of a record just opened, not written yet."""
    return audit.event(
        actor=actor,
        at=at,
        verb="victim.opened",
        headline="Victim's record opened",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"team": team.name},
    )


@transaction.atomic
def set_responsible(
    *,
    victim_id: int,
    person: User | None,
    team: Team | None = None,
    duties: Collection[str] = tuple(Duty),
    and_unheld: bool = False,
    actor: User,
    at: datetime,
) -> Victim:
    """Say who answers for duties of a victim: a person, or their team while nobody has it.

    Without `duties` for all of them; `and_unheld`: and for each other duty that nobody who works
    here has. Without `team` it is the person's own, else each stays. Whether `actor` may is the
    calling service's rule (claiming, handing over). What hangs from a duty (updates, reassessments,
    their clocks) passes on with it. Raises DomainError for somebody who has left.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if person is not None and not stays_while_written(person.pk):
        raise DomainError(f"{person} no longer works here. Choose somebody else.")
    given = {*duties, *(_unheld(victim) if and_unheld else ())}
    passed = [duty for duty in Duty if duty in given and _pass(victim, duty, person, team)]
    if not passed:
        return victim
    victim.version += 1
    columns = [f"{duty.value}_{part}" for duty in passed for part in ("owner", "team")]
    victim.save(update_fields=[*columns, "version"])
    whole = len(passed) == len(Duty)
    what = "" if whole else " for " + " and ".join(duty.label.lower() for duty in passed)
    audit.record(
        actor=actor,
        at=at,
        verb="victim.responsible_set",
        headline=f"{person or team or victim.contact_team} is responsible{what}",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={
            "duties": [duty.value for duty in passed],
            "after": {"person": str(person or ""), "team": str(team or "")},
        },
    )
    for duty in passed:
        events.announce(
            DutyPassed(
                victim_id=victim.pk,
                duty=duty.value,
                person=person,
                team_id=getattr(victim, f"{duty.value}_team_id"),
                actor=actor,
                at=at,
            )
        )
    return victim


def _unheld(victim: Victim) -> set[str]:
    """The duties that only a team has, or somebody who has left."""
    holders = {duty.value: getattr(victim, f"{duty.value}_owner_id") for duty in Duty}
    wanted = {pk for pk in holders.values() if pk is not None}
    here = set(
        User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True)
        if wanted
        else ()
    )
    return {duty for duty, holder_id in holders.items() if holder_id not in here}


def _pass(victim: Victim, duty: Duty, person: User | None, team: Team | None) -> bool:
    """Write who has a duty on a victim not yet saved; whether that is news."""
    owner, own_team = f"{duty.value}_owner", f"{duty.value}_team"
    before = (getattr(victim, f"{owner}_id"), getattr(victim, f"{own_team}_id"))
    new_team = team or (person.team if person else None) or getattr(victim, own_team)
    setattr(victim, owner, person)
    setattr(victim, own_team, new_team)
    return before != (person.pk if person else None, new_team.pk)


@transaction.atomic
def set_grade(*, victim_id: int, grade: str, reason: str, actor: User, at: datetime) -> str:
    """Set the risk grade and say why; returns the grade before ("" for none).

    Called where risk is assessed and reviewed, whose rules decide who may. The same grade again
    changes nothing: it holds since it was first given. Raises InvalidInput for no such grade or no
    reason.
    """
    if grade not in RiskGrade.values:
        raise InvalidInput("There is no such grade.", field="grade")
    reason = clean(reason, field="reason", longest=300, required=True)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    before = victim.grade
    if before == grade:
        return before
    victim.grade, victim.grade_since, victim.grade_reason = grade, at, reason
    victim.version += 1
    victim.save(update_fields=["grade", "grade_since", "grade_reason", "version"])
    audit.record(
        actor=actor,
        at=at,
        verb="victim.graded",
        headline=_graded(before, grade),
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"before": before, "after": grade, "reason": reason},
        is_grave=RiskGrade(grade).rank >= RiskGrade.HIGH.rank,
    )
    return before


def _graded(before: str, grade: str) -> str:
    now = RiskGrade(grade).label.lower()
    return f"Risk {now}, was {RiskGrade(before).label.lower()}" if before else f"Risk {now}"

"""How referrals come to be, and how they follow the assessment that they hang from."""

from datetime import datetime

from django.urls import reverse

import deadlines.services
from accounts.models import Team, User
from audit import services as audit
from core import events, references
from deadlines.models import Notification
from incidents.models import Crime, Incident, Involvement
from referrals.events import ReferralOpened
from referrals.models import Referral
from referrals.services.tallies import count_arrival
from risk.models import Assessment
from victims.models import RiskGrade, Victim

KIND = "referral"
#: The grades that go to the unit by themselves (inspection report: medium and high).
REFERRED = (RiskGrade.MEDIUM, RiskGrade.HIGH, RiskGrade.VERY_HIGH)
LONGEST_ABOUT = 120


def follow_grade(*, assessment_id: int, grade: str, actor: User, at: datetime) -> Referral | None:
    """Bring the referral of an assessment in line with its grade.

    Opens one from medium upwards, its allowance running from the assessment's first submission,
    however late it is graded so. One that exists takes the new grade, up or down, and keeps its
    clock: a regrade never closes it, the worker decides. Gives None where the grade calls for no
    referral and there is none. Call within the transaction that graded the assessment, which holds
    its lock.
    """
    assessment = Assessment.objects.select_related("incident", "victim").get(pk=assessment_id)
    # The victim first, as everywhere (see claiming.lock).
    Victim.objects.select_for_update(no_key=True).get(pk=assessment.victim_id)
    own = Referral.objects.filter(assessment=assessment).select_related("claimed_by")
    referral = own.select_for_update(of=("self",), no_key=True).first()
    if referral is not None:
        return regrade(referral, RiskGrade(grade), actor=actor, at=at)
    if grade not in REFERRED:
        return None
    return _open(assessment, RiskGrade(grade), actor=actor, at=at)


def _open(assessment: Assessment, grade: RiskGrade, *, actor: User, at: datetime) -> Referral:
    incident, victim, submitted_at = assessment.incident, assessment.victim, assessment.submitted_at
    assert submitted_at is not None
    referral = Referral.objects.create(
        reference=references.take(references.Kind.REFERRAL, at),
        victim=victim,
        incident=incident,
        assessment=assessment,
        grade=grade,
        risk_rank=grade.rank,
        submitted_at=submitted_at,
        due_at=submitted_at,
        earlier_in_year=incident.earlier_in_year,
        children=_children(incident),
        about=about(incident),
    )
    deadline = deadlines.services.start(
        kind=KIND,
        subject=referral,
        reference=referral.reference,
        victim_id=victim.pk,
        team=unit_for(victim.area_id),
        owner=None,
        started_at=submitted_at,
        actor=actor,
        at=at,
    )
    referral.due_at = deadline.due_at
    referral.save(update_fields=["due_at"])
    audit.record(
        actor=actor,
        at=at,
        verb="referral.opened",
        subject=referral.reference,
        headline=f"Referred to the MARU, {grade.label.lower()} risk",
        victim_id=victim.pk,
        incident_id=incident.pk,
        detail={
            "assessment": assessment.reference,
            "grade": grade.value,
            "basis": deadline.basis,
            "due_at": referral.due_at.isoformat(),
        },
    )
    events.announce(ReferralOpened(referral.pk, victim.pk, actor, at))
    count_arrival(submitted_at)
    return referral


def regrade(referral: Referral, grade: RiskGrade, *, actor: User, at: datetime) -> Referral:
    """A locked referral follows its grade, up or down; whoever has it hears of a higher one."""
    before = RiskGrade(referral.grade)
    if grade == before:
        return referral
    referral.grade, referral.risk_rank = grade, grade.rank
    referral.version += 1
    referral.save(update_fields=["grade", "risk_rank", "version"])
    audit.record(
        actor=actor,
        at=at,
        verb="referral.regraded",
        subject=referral.reference,
        headline=f"Referral follows the grade: {before.label.lower()} to {grade.label.lower()}",
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail={"before": before.value, "after": grade.value},
        is_grave=grade.rank > before.rank,
    )
    if grade.rank > before.rank and referral.claimed_by is not None:
        _tell(referral.claimed_by, referral, before, grade, at=at)
    return referral


def _tell(
    worker: User, referral: Referral, before: RiskGrade, grade: RiskGrade, *, at: datetime
) -> None:
    """Whoever works on it, or finished it as something lower, must know that it is graver."""
    done = referral.state == Referral.State.COMPLETED
    deadlines.services.notify(
        users=[worker],
        level=Notification.Level.WARNING,
        headline=f"{'Finished' if done else 'Claimed'} as {before.label.lower()}, "
        f"now {grade.label.lower()}: look again",
        reference=referral.reference,
        path=reverse("referrals:detail", args=[referral.reference]),
        victim_id=referral.victim_id,
        at=at,
    )


def follow_crime(*, incident_id: int) -> int:
    """Let the referrals of an incident say which crime was recorded. Gives how many changed."""
    words = about(Incident.objects.get(pk=incident_id))
    return Referral.objects.filter(incident_id=incident_id).exclude(about=words).update(about=words)


def about(incident: Incident) -> str:
    """What happened, in the fewest words: "assault with injury"; "non-crime, verbal argument"."""
    codes = incident.crimes.order_by("recorded_at", "pk").values_list("category", flat=True)
    crimes = [Crime.Category(code).label.lower() for code in dict.fromkeys(codes)]
    if crimes:
        words = ", ".join(crimes)
    elif incident.non_crime_reason:
        words = f"non-crime, {incident.non_crime_reason[:1].lower()}{incident.non_crime_reason[1:]}"
    else:
        words = "no crime recorded yet"
    return words if len(words) <= LONGEST_ABOUT else f"{words[: LONGEST_ABOUT - 1].rstrip()}…"


def _children(incident: Incident) -> int:
    return incident.involvements.filter(role=Involvement.Role.CHILD).count()


def unit_for(area_id: int | None) -> Team | None:
    """The multi-agency unit of an area; where it has none of its own, the first there is."""
    units = list(Team.objects.filter(kind=Team.Kind.MARU).order_by("pk"))
    own = [unit for unit in units if unit.area_id == area_id]
    return next(iter(own or units), None)

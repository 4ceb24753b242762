"""An assessment is begun: one for each victim of an incident."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import services as audit
from core import policy, references
from core.errors import DomainError, InvalidInput
from deadlines import services as deadlines
from incidents.models import Incident, Involvement
from risk import due
from risk.deadlines import ASSESSMENT
from risk.instruments import BESIDE, POLICE
from risk.models import Assessment, Instrument
from risk.permissions import can_open
from victims.models import Victim

#: Said where no limb of the narrower rule applies and an officer assesses all the same.
ASKED_FOR = "an officer decided to assess"


@transaction.atomic
def open_where_due(
    *, incident_id: int, officer: User, actor: User, at: datetime
) -> list[Assessment]:
    """Begin what is due by policy: an assessment for each victim that has none, for `officer`.

    Runs inside the service that recorded the arrival or the crime and asked for its permission;
    so there is none here. Gives the new ones.
    """
    incident = _locked(incident_id)
    rules = policy.at(at)
    reasons = [
        (victim, due.due_because(incident, victim, rules)) for victim in _victims_without(incident)
    ]
    return [
        _begin(incident, victim, officer, reason, actor, at) for victim, reason in reasons if reason
    ]


@transaction.atomic
def open_assessment(
    *, incident_id: int, victim_id: int, actor: User, at: datetime, instrument: str = ""
) -> Assessment:
    """Begin an assessment by hand, or give the one that there is; said twice it is still one.

    For a victim found out about later, and under the narrower rule for whoever is in doubt.
    `instrument` is the code of the questionnaire, its version in use is taken; "" means the
    police's own, or whichever was begun already.
    Raises PermissionDenied, DomainError when the incident is closed, InvalidInput at `victim` for
    somebody who is no victim of the incident and at `instrument` for one that is not in use.
    """
    incident = _locked(incident_id)
    if not can_open(actor):
        raise PermissionDenied("Only officers who assess risk may begin an assessment.")
    begun = Assessment.objects.filter(
        incident=incident, victim=victim_id, reassessment__isnull=True
    )
    if instrument:
        begun = begun.filter(instrument__code=instrument)
    earlier = begun.order_by("-started_at").first()
    if earlier is not None:
        return earlier
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Ask a control-room inspector to open it again.")
    involvement = (
        incident.involvements.filter(role=Involvement.Role.VICTIM, victim=victim_id)
        .select_related("victim")
        .first()
    )
    if involvement is None or involvement.victim is None:
        raise InvalidInput("This person is no victim of the incident.", field="victim")
    reason = due.due_because(incident, involvement.victim, policy.at(at)) or ASKED_FOR
    return _begin(incident, involvement.victim, actor, reason, actor, at, instrument or POLICE)


def _locked(incident_id: int) -> Incident:
    # The incident's row is the lock: two officers arriving at once would otherwise begin two.
    return Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)


def _victims_without(incident: Incident) -> list[Victim]:
    return list(
        Victim.objects.filter(involvements__incident=incident)
        # A stalking or honour set alone is not the assessment that the incident asks for.
        .exclude(
            pk__in=incident.assessments.exclude(instrument__purpose__in=BESIDE)
            # Nor is one that somebody began for another reason and has not submitted.
            .filter(Q(reassessment__isnull=True) | Q(submitted_at__isnull=False))
            .values("victim")
        )
        .order_by("pk")
    )


def _begin(
    incident: Incident,
    victim: Victim,
    officer: User,
    reason: str,
    actor: User,
    at: datetime,
    code: str = POLICE,
) -> Assessment:
    questions = Instrument.objects.filter(code=code, in_use=True).first()
    if questions is None:
        raise InvalidInput("This questionnaire is not in use. Choose another.", field="instrument")
    assessment = Assessment.objects.create(
        reference=references.take(references.Kind.ASSESSMENT, at),
        incident=incident,
        victim=victim,
        instrument=questions,
        officer=officer,
        due_because=reason,
        started_at=at,
    )
    audit.record(
        actor=actor,
        at=at,
        verb="assessment.opened",
        headline=f"Risk assessment begun: {reason}",
        subject=assessment.reference,
        victim_id=victim.pk,
        incident_id=incident.pk,
        detail={"officer": str(officer)},
    )
    deadlines.start(
        kind=ASSESSMENT,
        subject=assessment,
        reference=assessment.reference,
        victim_id=victim.pk,
        team=officer.team,
        owner=officer,
        started_at=at,
        actor=actor,
        at=at,
    )
    return assessment

"""An assessment is begun because risk must be looked at again, not because of an incident."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import references
from core.errors import DomainError, InvalidInput
from core.text import clean
from core.trigger_rules import Trigger
from incidents.models import Incident, Involvement
from risk.instruments import POLICE
from risk.models import Assessment, Instrument, Reassessment
from risk.services.answering import may_answer
from risk.services.reassessing.rows import lock, require_open
from risk.services.triggers.rows import most_pressing


@transaction.atomic
def assess_anew(
    *, reassessment_id: int, actor: User, at: datetime, instrument: str = POLICE
) -> Assessment:
    """Begin an assessment for a reassessment, or give the one that there is.

    `instrument` is the code of the questionnaire; its version in use is taken. It is made on the
    victim's newest incident. No clock of its own runs: the reassessment's does. Submitted, it ends
    the reassessment (`end_by_assessment`). Raises PermissionDenied; AlreadyTaken or DomainError
    when it is over, or where the victim has no incident; InvalidInput at `instrument`.
    """
    row = lock(reassessment_id)
    if not may_answer(actor, row, at):
        raise PermissionDenied("Whoever has this, answers for the risk, or leads, assesses it.")
    require_open(row)
    instrument = clean(instrument, field="instrument", longest=30)
    begun = Assessment.objects.filter(reassessment=row, instrument__code=instrument).first()
    if begun is not None:
        return begun
    questions = Instrument.objects.filter(code=instrument, in_use=True).first()
    if questions is None:
        raise InvalidInput("This questionnaire is not in use. Choose another.", field="instrument")
    assessment = Assessment.objects.create(
        reference=references.take(references.Kind.ASSESSMENT, at),
        incident=_newest_incident(row),
        reassessment=row,
        victim=row.victim,
        instrument=questions,
        officer=actor,
        due_because=_because(row),
        started_at=at,
    )
    audit.record(
        actor=actor,
        at=at,
        verb="assessment.opened",
        headline=f"Risk assessment begun: {assessment.due_because}",
        subject=assessment.reference,
        victim_id=row.victim_id,
        incident_id=assessment.incident_id,
        detail={"officer": str(actor), "reassessment": row.reference},
    )
    return assessment


def _newest_incident(row: Reassessment) -> Incident:
    newest = (
        Involvement.objects.filter(victim=row.victim_id, role=Involvement.Role.VICTIM)
        .select_related("incident")
        .order_by("-received_at")
        .first()
    )
    if newest is None:
        raise DomainError(
            "No incident of this victim is on record to assess after. Conclude with your judgement."
        )
    return newest.incident


def _because(row: Reassessment) -> str:
    reason = most_pressing(row.reasons.standing())
    return f"to be looked at again: {Trigger(reason.trigger).words}"

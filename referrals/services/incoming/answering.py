"""What the unit makes of an agency's referral: a safe contact taken over, an answer."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

import deadlines.services
import victims.services
from accounts.models import User
from accounts.withheld import is_withheld
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from deadlines.models import Deadline, Notification
from referrals.models import AgencyReferral
from referrals.services.claiming import lock, require_worker
from referrals.services.incoming.recognising import Identified
from referrals.services.opening import KIND
from victims.models import SafeContact

LONGEST_ANSWER = 2_000


@transaction.atomic
def answer_agency(*, referral_id: int, words: str, actor: User, at: datetime) -> AgencyReferral:
    """Tell the agency that referred what became of it; a later answer takes the earlier's place.

    Raises PermissionDenied, InvalidInput at "answer", DomainError for an agency that must not
    receive anything about the victim.
    """
    require_worker(actor)
    words = clean(words, field="answer", longest=LONGEST_ANSWER, required=True)
    referral = lock(referral_id)
    incoming = AgencyReferral.objects.select_related("agency", "sent_by").get(referral=referral)
    if is_withheld(incoming.agency_id, incoming.victim_id):
        raise DomainError(
            f"{incoming.agency} must not receive anything about this victim, an answer neither.",
            field="answer",
        )
    if incoming.answer == words:
        return incoming
    before, incoming.answer = incoming.answer, words
    incoming.save(update_fields=["answer"])
    audit.record(
        actor=actor,
        at=at,
        verb="referral.agency_answered",
        headline=f"{incoming.agency} is told what became of its referral",
        subject=referral.reference,
        victim_id=incoming.victim_id,
        detail={"before": before, "after": words},
    )
    deadlines.services.notify(
        users=[incoming.sent_by],
        level=Notification.Level.INFORMATION,
        headline="The referral unit answered what you referred",
        reference=referral.reference,
        path=reverse("referrals:referred", args=[referral.reference]),
        victim_id=incoming.victim_id,
        deadline=Deadline.objects.of(referral).filter(kind=KIND).order_by("-pk").first(),
        at=at,
    )
    return incoming


@transaction.atomic
def take_over_safe_contact(
    *,
    referral_id: int,
    method: str,
    number: str,
    hours: str,
    code_word: str,
    may_leave_voicemail: bool,
    notes: str,
    version: int,
    actor: User,
    at: datetime,
) -> SafeContact:
    """Make what the agency said of safe contact the victim's own, as the worker judges it.

    Until somebody does, it is the agency's words and no more. Raises what
    `victims.services.record_safe_contact` raises, and DomainError until it is said who is meant.
    """
    require_worker(actor)
    incoming = AgencyReferral.objects.get(referral=lock(referral_id))
    if incoming.identified == Identified.SEVERAL:
        raise DomainError("Say first who this is: a safe contact must not reach somebody else.")
    return victims.services.record_safe_contact(
        victim_id=incoming.victim_id,
        method=method,
        number=number,
        hours=hours,
        code_word=code_word,
        may_leave_voicemail=may_leave_voicemail,
        notes=notes,
        version=version,
        actor=actor,
        at=at,
    )

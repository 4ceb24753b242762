"""A victim is referred to the IDVA service; from then on somebody there has the case."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
import victims.services
from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from core import events, references
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines.models import Notification
from referrals.events import AdviserAsked
from referrals.models import IdvaCase, Referral
from referrals.permissions import can_refer_to_advisers
from referrals.services.advising import serving
from referrals.services.advising.telling import ANSWER, record, tell
from victims.models import RiskGrade, Victim, VictimAccess

LONGEST_REASON = 5_000
LONGEST_WORDS = 1_000
HIGH = RiskGrade.HIGH.rank


@transaction.atomic
def refer_to_advisers(
    *,
    victim_id: int,
    reason: str,
    victim_agrees: bool | None,
    agreement_words: str = "",
    lower_risk_words: str = "",
    referral_id: int | None = None,
    actor: User,
    at: datetime,
) -> IdvaCase:
    """Ask the IDVA service to stand beside a victim; whoever leads it has the case at once.

    High risk by default: below it `lower_risk_words` say why nevertheless (Cambridgeshire's
    practice; force policy). `victim_agrees` is None where nobody could ask. Raises
    PermissionDenied; InvalidInput at `reason` (to 5,000 characters), `agreement_words` (needed
    where the victim did not agree, to 1,000) or `lower_risk_words` (to 1,000); AlreadyTaken where
    the service has the victim already; DomainError where the case is closed or nobody can be asked.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not can_refer_to_advisers(actor):
        raise PermissionDenied("Your role does not refer victims to the IDVA service.")
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    words = clean(agreement_words, field="agreement_words", longest=LONGEST_WORDS)
    lower = clean(lower_risk_words, field="lower_risk_words", longest=LONGEST_WORDS)
    _require_free(victim)
    if victim_agrees is not True and not words:
        asked = "Nobody asked them" if victim_agrees is None else "They do not agree"
        raise InvalidInput(f"{asked}: say why they are referred.", field="agreement_words")
    if not is_high(victim.grade):
        if not lower:
            raise InvalidInput(
                "The service supports people at high risk. Say why it is asked here.",
                field="lower_risk_words",
            )
        reason = f"{reason}\n\nBelow high risk because: {lower}"
    case = _refer(
        victim,
        reason=reason,
        victim_agrees=victim_agrees,
        agreement_words=words,
        referral=_referral(referral_id, victim),
        actor=actor,
        at=at,
    )
    if case is None:
        raise DomainError("No team of the IDVA service can be asked. Tell your manager.")
    return case


@transaction.atomic
def refer_completed(*, referral_id: int, actor: User, at: datetime) -> IdvaCase | None:
    """An IDVA was offered where a referral was finished: the service is asked to take the victim.

    Whoever finished it gave the words. None where nothing of the sort was decided, where the
    service has the victim already, or where nobody can be asked: then those who lead are told,
    and what the referral decided stands.
    """
    referral = Referral.objects.get(pk=referral_id)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=referral.victim_id)
    if referral.outcome != Referral.Outcome.SHARED_AND_IDVA:
        return None
    if IdvaCase.objects.open().filter(victim=victim).exists():
        return None
    case = _refer(
        victim,
        reason=referral.outcome_words[:LONGEST_REASON],
        victim_agrees=None,
        agreement_words="",
        referral=referral,
        actor=actor,
        at=at,
    )
    if case is None:
        _nobody_to_ask(referral, actor, at)
    return case


def is_high(grade: str) -> bool:
    """Whether somebody of this grade is at high risk or above."""
    return bool(grade) and RiskGrade(grade).rank >= HIGH


def _refer(
    victim: Victim,
    *,
    reason: str,
    victim_agrees: bool | None,
    agreement_words: str,
    referral: Referral | None,
    actor: User,
    at: datetime,
) -> IdvaCase | None:
    asked = serving.asked_for(victim)
    if asked is None:
        return None
    team, leader = asked
    case = IdvaCase.objects.create(
        reference=references.take(references.Kind.IDVA_CASE, at),
        victim=victim,
        referral=referral,
        team=team,
        owner=leader,
        grade=referral.grade if referral else victim.grade,
        referred_by=actor,
        referred_at=at,
        reason=reason,
        victim_agrees=victim_agrees,
        agreement_words=agreement_words,
    )
    victims.services.give_access(
        victim_id=victim.pk,
        person=leader,
        why=VictimAccess.Why.LEADS,
        source=case,
        actor=actor,
        at=at,
    )
    deadlines.services.start(
        kind=ANSWER,
        subject=case,
        reference=case.reference,
        victim_id=victim.pk,
        team=team,
        owner=leader,
        started_at=at,
        actor=actor,
        at=at,
    )
    detail = {"reason": reason, "agrees": victim_agrees, "agreement_words": agreement_words}
    record(case, "referred", f"Referred to the IDVA service: {team}", actor, at, detail)
    tell(case, [leader], "Somebody is referred to the IDVA service: answer it", actor, at)
    events.announce(AdviserAsked(case.pk, victim.pk, actor, at))
    return case


def _require_free(victim: Victim) -> None:
    if victim.closed_at is not None:
        raise DomainError(f"The case of {victim.reference} is closed. Open it again first.")
    case = IdvaCase.objects.open().filter(victim=victim).select_related("owner").first()
    if case is not None:
        state = case.get_state_display().lower()
        raise AlreadyTaken(f"{case.owner} has {case.reference} for them already ({state}).")


def _referral(referral_id: int | None, victim: Victim) -> Referral | None:
    if referral_id is None:
        return None
    return Referral.objects.get(pk=referral_id, victim=victim)


def _nobody_to_ask(referral: Referral, actor: User, at: datetime) -> None:
    """An IDVA was offered and nobody can be asked: said at once to those who can change that."""
    audit.record(
        actor=actor,
        at=at,
        verb="idva_case.nobody_to_ask",
        headline="No team of the IDVA service can be asked",
        subject=referral.reference,
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        is_grave=True,
    )
    leading = [Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION]
    deadlines.services.notify(
        users=User.objects.filter(groups__name__in=leading).distinct(),
        level=Notification.Level.WARNING,
        headline="An IDVA was offered and no team of the service can be asked",
        reference=referral.reference,
        path=reverse("referrals:detail", args=[referral.reference]),
        victim_id=referral.victim_id,
        at=at,
    )

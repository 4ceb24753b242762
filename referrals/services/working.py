"""What a worker does with a referral: telling agencies, and finishing it."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

import deadlines.services
from accounts.models import Agency, User
from audit import services as audit
from core import events, references
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.text import clean
from referrals.events import InformationShared, ReferralCompleted
from referrals.models import Referral, Sharing
from referrals.permissions import holds
from referrals.services.claiming import lock, require_open, require_worker, who_has
from referrals.services.opening import KIND
from referrals.services.tallies import count_completion
from victims.models import RiskGrade

LONGEST_WORDS = 10_000
WITHOUT_CONSENT = (Sharing.Consent.REFUSED, Sharing.Consent.NOT_SOUGHT)
SHARED = (Referral.Outcome.SHARED, Referral.Outcome.SHARED_AND_IDVA)
HIGH = RiskGrade.HIGH.rank


@transaction.atomic
def share(
    *,
    referral_id: int,
    agency_id: int,
    what: Sequence[str],
    why: str,
    basis: str,
    consent: str,
    consent_reason: str = "",
    actor: User,
    at: datetime,
) -> Sharing:
    """Record what one agency is told, why it needs to know, and on what lawful basis.

    Sharing without consent is lawful, necessary, proportionate and recorded: consent refused or
    not sought needs reasons. Raises PermissionDenied for whoever does not have the referral,
    InvalidInput naming the field, AlreadyTaken for an agency that was told already, DomainError
    for a finished referral.
    """
    kinds = _kinds(what)
    why = clean(why, field="why", longest=LONGEST_WORDS, required=True)
    basis = one_of(Sharing.Basis, basis, field="basis")
    consent, consent_reason = _consent(basis, consent, consent_reason)
    referral = lock(referral_id)
    _require_holder(actor, referral, at)
    agency = _partner(agency_id)
    _require_first(referral, agency)
    sharing = Sharing.objects.create(
        reference=references.take(references.Kind.SHARING, at),
        referral=referral,
        victim_id=referral.victim_id,
        agency=agency,
        what=kinds,
        why=why,
        basis=basis,
        consent=consent,
        consent_reason=consent_reason,
        shared_by=actor,
        shared_at=at,
    )
    audit.record(
        actor=actor,
        at=at,
        verb="referral.shared",
        subject=referral.reference,
        headline=f"Shared with {agency}"[:300],
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail={
            "agency": agency.name,
            "what": kinds,
            "why": why,
            "basis": basis,
            "consent": consent,
            "consent_reason": consent_reason,
        },
        is_grave=consent == Sharing.Consent.REFUSED,
    )
    events.announce(
        InformationShared(sharing.pk, referral.pk, referral.victim_id, agency.pk, actor, at)
    )
    return sharing


@transaction.atomic
def complete(
    *,
    referral_id: int,
    outcome: str,
    words: str,
    no_idva_reason: str = "",
    late_reason: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> Referral:
    """Finish a referral: what was decided, in words.

    At high risk without an IDVA offered, and after the due time, each needs its own reason; a late
    one is met late, never erased. Raises PermissionDenied for whoever does not have it, Stale when
    it changed since `version`, InvalidInput naming the field, DomainError for a finished one.
    """
    outcome = one_of(Referral.Outcome, outcome, field="outcome")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    no_idva_reason = clean(no_idva_reason, field="no_idva_reason", longest=LONGEST_WORDS)
    late_reason = clean(late_reason, field="late_reason", longest=LONGEST_WORDS)
    referral = lock(referral_id)
    _require_holder(actor, referral, at)
    _require_version(referral, version, {"outcome": outcome, "words": words})
    _require_sharings(referral, outcome)
    late = at > referral.due_at
    referral.no_idva_reason = _idva_reason(referral, outcome, no_idva_reason)
    referral.late_reason = _late_reason(late, late_reason)
    referral.state, referral.outcome = Referral.State.COMPLETED, outcome
    referral.completed_at, referral.outcome_words = at, words
    referral.version += 1
    referral.save(
        update_fields=[
            "state",
            "outcome",
            "outcome_words",
            "no_idva_reason",
            "late_reason",
            "completed_at",
            "version",
        ]
    )
    deadlines.services.meet(kind=KIND, subject=referral, actor=actor, at=at)
    _record_completion(referral, late=late, actor=actor, at=at)
    events.announce(ReferralCompleted(referral.pk, referral.victim_id, not late, actor, at))
    count_completion(at, in_time=not late)
    return referral


def _record_completion(referral: Referral, *, late: bool, actor: User, at: datetime) -> None:
    outcome = Referral.Outcome(referral.outcome).label
    audit.record(
        actor=actor,
        at=at,
        verb="referral.completed",
        subject=referral.reference,
        headline=f"Referral finished{' late' if late else ''}: {outcome}",
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail={
            "outcome": referral.outcome,
            "words": referral.outcome_words,
            "no_idva_reason": referral.no_idva_reason,
            "late_reason": referral.late_reason,
            "due_at": referral.due_at.isoformat(),
        },
        is_grave=late,
    )


def one_of(choices: type[models.TextChoices], value: str, *, field: str) -> str:
    """The value if it is one of the choices. Raises InvalidInput at the field, naming them."""
    if value not in choices.values:
        raise InvalidInput(f"Choose one of: {', '.join(choices.values)}.", field=field)
    return str(value)


def _kinds(what: Sequence[str]) -> list[str]:
    kinds = [one_of(Sharing.What, kind, field="what") for kind in dict.fromkeys(what)]
    if not kinds:
        raise InvalidInput("Say what was shared: at least one kind.", field="what")
    return kinds


def _consent(basis: str, consent: str, reason: str) -> tuple[str, str]:
    consent = one_of(Sharing.Consent, consent, field="consent")
    reason = clean(reason, field="consent_reason", longest=LONGEST_WORDS)
    if basis == Sharing.Basis.CONSENT and consent != Sharing.Consent.GIVEN:
        raise InvalidInput(
            "Consent is the basis only where it was given. Choose another basis.", field="basis"
        )
    if consent in WITHOUT_CONSENT and not reason:
        raise InvalidInput(
            "Say why it is shared without consent, and why that is proportionate.",
            field="consent_reason",
        )
    return consent, reason


def _partner(agency_id: int) -> Agency:
    agency = Agency.objects.filter(pk=agency_id).exclude(kind=Agency.Kind.POLICE).first()
    if agency is None:
        raise InvalidInput("Choose a partner agency.", field="agency")
    return agency


def _require_holder(actor: User, referral: Referral, at: datetime) -> None:
    require_worker(actor)
    require_open(referral)
    if holds(actor, referral):
        return
    if referral.claimed_by is None:
        raise DomainError(f"Nobody has {referral.reference}. Claim it first.")
    raise PermissionDenied(f"{who_has(referral, at)}. Only they can share or finish it.")


def _require_first(referral: Referral, agency: Agency) -> None:
    told = referral.sharings.filter(agency=agency).select_related("shared_by").first()
    if told is not None:
        on = local(told.shared_at)
        raise AlreadyTaken(
            f"{agency} was told by {told.shared_by} on {on.day} {on:%B at %H:%M}. "
            "Each agency is told once of a referral.",
            field="agency",
        )


def _require_version(referral: Referral, version: int, yours: dict[str, str]) -> None:
    if version != referral.version:
        theirs = {"grade": referral.get_grade_display(), "with": str(referral.claimed_by or "")}
        raise Stale(
            f"{referral.reference} changed while you had it open. Look at it again, then finish.",
            theirs=theirs,
            yours=yours,
            version=referral.version,
        )


def _require_sharings(referral: Referral, outcome: str) -> None:
    shared = referral.sharings.exists()
    if outcome in SHARED and not shared:
        raise InvalidInput(
            "Nothing is recorded as shared yet. Record with whom first, or choose another outcome.",
            field="outcome",
        )
    if outcome == Referral.Outcome.NOTHING_TO_SHARE and shared:
        raise InvalidInput("Something was shared: choose that outcome.", field="outcome")


def _idva_reason(referral: Referral, outcome: str, reason: str) -> str:
    if referral.risk_rank < HIGH or outcome == Referral.Outcome.SHARED_AND_IDVA:
        return ""
    if not reason:
        raise InvalidInput(
            "At high risk an IDVA is offered. Say why not here.", field="no_idva_reason"
        )
    return reason


def _late_reason(late: bool, reason: str) -> str:
    if late and not reason:
        raise InvalidInput(
            "This is finished after its time. Say why it took longer.", field="late_reason"
        )
    return reason if late else ""

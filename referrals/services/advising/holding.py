"""What work on a case begins with: it is locked, supported, and somebody's who may."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit import services as audit
from referrals.models import IdvaCase
from referrals.services.advising import serving
from referrals.services.advising.locking import locked, require_supported


def held(case_id: int, actor: User, at: datetime) -> IdvaCase:
    """The case, locked, for whoever works on it.

    Raises PermissionDenied for anybody else, DomainError where it is not accepted or over.
    """
    case = locked(case_id)
    if not serving.works_on(actor, case, at):
        raise PermissionDenied(f"{case.owner} has {case.reference}. They work on it.")
    require_supported(case)
    return case


def record_apart(case: IdvaCase, verb: str, headline: str, actor: User, at: datetime) -> None:
    """What advisers do for a client stands in the audit without words, and on no timeline."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"idva_work.{verb}",
        headline=headline[:300],
        subject=case.reference,
        victim_id=None,
    )

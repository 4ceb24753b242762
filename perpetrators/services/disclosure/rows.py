"""What the steps of the disclosure scheme share: the locked row, the audit, who is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from core.errors import DomainError
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from perpetrators.deadlines.disclosure import WHOLE
from perpetrators.models import DisclosureApplication
from perpetrators.permissions import can_decide_disclosure, can_work_disclosure

State = DisclosureApplication.State
LONGEST_WORDS = 4_000


def lock(application_id: int) -> DisclosureApplication:
    """The application, held until the end of the transaction: of two who decide at once the second
    sees what the first decided. Raises DisclosureApplication.DoesNotExist."""
    rows = DisclosureApplication.objects.select_for_update(of=("self",))
    return rows.select_related("victim__person", "person", "owner", "team").get(pk=application_id)


def needs_worker(actor: User) -> None:
    """Raises PermissionDenied for whoever does not work for the scheme."""
    if not can_work_disclosure(actor):
        raise PermissionDenied("Only the referral unit and investigators work on disclosure.")


def needs_decider(actor: User) -> None:
    """Raises PermissionDenied for whoever may not say what is disclosed."""
    if not can_decide_disclosure(actor):
        raise PermissionDenied("Only the unit's managers and their head decide what is disclosed.")


def needs_state(application: DisclosureApplication, *states: str, otherwise: str) -> None:
    """Raises DomainError with words and how far the application is."""
    if application.state not in states:
        raise DomainError(f"{otherwise} It stands at: {application.get_state_display().lower()}.")


def save(application: DisclosureApplication, *names: str) -> None:
    """Write what changed, and that it changed."""
    application.version += 1
    application.save(update_fields=[*names, "version"])


def record(
    application: DisclosureApplication,
    verb: str,
    headline: str,
    *,
    actor: User,
    at: datetime,
    is_grave: bool = False,
    **detail: Any,
) -> None:
    """Write to the audit, on the timeline of the victim alone."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"disclosure.{verb}",
        headline=f"{headline}: {application.reference}",
        subject=application.reference,
        victim_id=application.victim_id,
        is_grave=is_grave,
        detail={"person": application.person_id, **detail},
    )


def tell(
    application: DisclosureApplication,
    users: Iterable[User],
    headline: str,
    at: datetime,
    *,
    is_urgent: bool = False,
) -> None:
    """Tell colleagues; nobody is named in it."""
    level = Notification.Level.WARNING if is_urgent else Notification.Level.INFORMATION
    deadlines.notify(
        users=users,
        level=level,
        headline=headline,
        reference=application.reference,
        path=kinds.get(WHOLE).path(application.reference),
        victim_id=application.victim_id,
        at=at,
    )


def deciders() -> list[User]:
    """The unit's managers and their head."""
    roles = [Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION]
    rows = User.objects.filter(groups__name__in=roles, is_active=True, is_system=False)
    return list(rows.distinct().order_by("pk"))

"""What the page of one case of the IDVA service shows, and where one goes from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from core import policy
from core.policy import ForcePolicy
from deadlines.models import Deadline
from deadlines.shown import all_shown
from referrals.models import IdvaCase
from referrals.permissions import can_support
from referrals.services.advising import contacting, serving
from victims import permissions, safe_way
from victims.models import Contact, SafeContact

State = IdvaCase.State
NEWEST = 5


@dataclass(frozen=True)
class Attempts:
    """What the service tried since it took the client, the newest first."""

    rows: Sequence[Contact]
    policy: ForcePolicy

    @property
    def needed(self) -> int:
        return self.policy.idva_contact_attempts

    @property
    def by_safe_way(self) -> int:
        return safe_way.how_many(self.rows, self.policy.attempt_hours_apart)

    @property
    def missing(self) -> int:
        """How many by a safe way are missing before it may be given up."""
        return contacting.missing_attempts(self.rows, self.policy)

    @property
    def newest(self) -> Sequence[Contact]:
        return self.rows[:NEWEST]


def attempts(case: IdvaCase, at: datetime) -> Attempts:
    return Attempts(contacting.attempts_of(case), policy.at(at))


def read(case: IdvaCase, reader: User, at: datetime) -> dict[str, Any]:
    """Safe contact, clocks and attempts, and what this reader may do with the case."""
    leads = can_support(reader) and serving.leads(reader, case, at)
    works = leads or serving.works_on(reader, case, at)
    supported = case.state == State.ACCEPTED
    owed = supported and case.first_contact_at is None and case.gave_up_at is None
    clocks = Deadline.objects.open().of(case).select_related("owner", "team").order_by("due_at")
    return {
        "rules": safe_way.rules_of(_current(case), at),
        "due": all_shown(clocks),
        "attempts": attempts(case, at),
        "may_log": permissions.can_record_contact(reader),
        "may_answer": leads and case.state == State.REFERRED,
        "may_allocate": leads and supported,
        "may_pass_on": works and supported,
        "may_give_up": works and owed,
    }


def _current(case: IdvaCase) -> SafeContact | None:
    rows = SafeContact.objects.filter(victim=case.victim_id, is_current=True)
    return rows.select_related("checked_by").first()


def said(case: IdvaCase) -> str:
    """What has just been done, for the line above the next page."""
    if case.state == State.REFUSED:
        return f"{case.reference} is not accepted; whoever referred them is told."
    if case.gave_up_at is not None and case.first_contact_at is None:
        return f"{case.reference}: not reached; your words are on record."
    return f"{case.owner} has {case.reference}."


def next_page(case: IdvaCase, reader: User) -> str:
    """The case, while its reader still sees it; else where they began."""
    if IdvaCase.objects.visible_to(reader).filter(pk=case.pk).exists():
        return reverse("referrals:idva_case", args=[case.reference])
    return reverse("referrals:clients")

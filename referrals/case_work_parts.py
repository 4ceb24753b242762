"""The tabs of a case for advisers: needs, court, reviews, the end; and what came of it, for all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from referrals import case_parts
from referrals.models import CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising.outcomes import in_words


def _is_for(user: User, case: IdvaCase) -> bool:
    return case.allocated_at is not None and user.has_perm("victims.write_advocate_note")


def needs_tab(case: IdvaCase, user: User, at: datetime) -> dict[str, Any] | None:
    if not _is_for(user, case):
        return None
    count = SupportNeed.objects.filter(case=case, state="open").count()
    return _tab("Needs", "case_needs", case, count or None)


def courts_tab(case: IdvaCase, user: User, at: datetime) -> dict[str, Any] | None:
    if not _is_for(user, case):
        return None
    count = CourtSupport.objects.filter(case=case, state="planned").count()
    return _tab("Court", "case_courts", case, count or None)


def _plain(label: str, name: str) -> Callable[[IdvaCase, User, datetime], dict[str, Any] | None]:
    def tab(case: IdvaCase, user: User, at: datetime) -> dict[str, Any] | None:
        return _tab(label, name, case) if _is_for(user, case) else None

    tab.__qualname__ = f"tab of {name}"
    return tab


def _tab(label: str, name: str, case: IdvaCase, count: int | None = None) -> dict[str, Any]:
    return {
        "label": label,
        "url": reverse(f"referrals:{name}", args=[case.reference]),
        "count": count,
    }


def ended(case: IdvaCase, user: User, at: datetime) -> dict[str, Any] | None:
    """How a closed case ended: for whoever sees the victim."""
    return {"outcomes": in_words(case.outcomes)} if case.state == "closed" else None


case_parts.register("tab", 10, case_parts.TAB, needs_tab)
case_parts.register("tab", 20, case_parts.TAB, courts_tab)
case_parts.register("tab", 30, case_parts.TAB, _plain("Look at the risk", "case_review"))
case_parts.register("tab", 40, case_parts.TAB, _plain("Close", "case_close"))
case_parts.register("main", 5, "referrals/case_work/ended.html", ended)

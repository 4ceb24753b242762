"""Handovers as pages show them: what is under way, and what of each is checked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from marac.models import Transfer
from marac.permissions import can_decide
from marac.services.transfers.checking import ADVISER, CHECKS, HEARD, label_of, missing_before
from marac.services.transfers.common import other_side
from marac.wishes import adviser_case
from referrals.services.advising import serving
from victims.models import Victim

SHOWN = {"": [Transfer.State.BEGUN], "over": [Transfer.State.DONE, Transfer.State.CANCELLED]}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a handover, and what is on record of it."""

    code: str
    label: str
    is_done: bool
    at: datetime | None
    words: str
    may_say: bool

    @property
    def asks_answer(self) -> bool:
        return self.code == HEARD

    @property
    def asks_words(self) -> bool:
        return self.code in (HEARD, ADVISER)


def seen(user: User) -> QuerySet[Transfer]:
    """Those of victims whose record this person may see, with what a page names.

    Who hears a case at a meeting has no part in its moving elsewhere.
    """
    rows: QuerySet[Transfer] = Transfer.objects.visible_to(user)
    seen_too = Victim.objects.all().seen_by(user, "victim")
    if seen_too is not None:
        rows = rows.filter(seen_too)
    return rows.select_related(
        "case__conference", "victim__person", "other_conference", "begun_by", "settled_by"
    )


def listed(user: User, *, show: str) -> QuerySet[Transfer]:
    """What is under way, the oldest first; with `show` "over" what is not, the latest first."""
    rows = seen(user).filter(state__in=SHOWN.get(show, SHOWN[""]))
    return (
        rows.order_by("-settled_at", "-pk") if show == "over" else rows.order_by("begun_at", "pk")
    )


def checks(row: Transfer, reader: User, at: datetime) -> list[Check]:
    """Every check in its order, and whether the reader may say that it is done."""
    missing = set(missing_before(row))
    keeper = can_decide(reader, row.case.conference)
    adviser = keeper or _is_adviser(row, reader, at)
    heard = (
        "" if row.heard_there is None else "Heard there" if row.heard_there else "Not heard there"
    )
    said: dict[str, tuple[datetime | None, str]] = {
        "heard": (None, ". ".join(filter(None, [heard, row.heard_words]))),
        "plan": (row.plan_at, ""),
        "minutes": (row.minutes_at, ""),
        "adviser": (row.adviser_at, row.adviser_words),
    }
    return [
        Check(
            code=code,
            label=label_of(row, code),
            is_done=code not in missing,
            at=said[code][0],
            words=said[code][1],
            may_say=adviser if code == ADVISER else keeper,
        )
        for code in CHECKS
    ]


def may_check(row: Transfer, reader: User, at: datetime) -> bool:
    """Whether somebody may say of any check that it is done."""
    return can_decide(reader, row.case.conference) or _is_adviser(row, reader, at)


def _is_adviser(row: Transfer, reader: User, at: datetime) -> bool:
    case = adviser_case(row.victim_id)
    return case is not None and serving.works_on(reader, case, at)


def page_of(row: Transfer, reader: User, at: datetime) -> dict[str, Any]:
    """What the page of one handover shows."""
    return {
        "transfer": row,
        "case": row.case,
        "victim": row.victim,
        "other": other_side(row),
        "checks": checks(row, reader, at),
        "is_begun": row.state == Transfer.State.BEGUN,
        "may_settle": can_decide(reader, row.case.conference),
        "is_ready": not missing_before(row),
        "now": at,
    }

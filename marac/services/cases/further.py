"""Something new of a case that is open: added to it, so that there is never a second one."""

from datetime import datetime
from typing import Any

from accounts.models import User
from core.clock import local
from deadlines.models import Notification
from marac import criteria
from marac.models import MaracCase
from marac.services.cases.said import Proposal
from marac.services.cases.telling import record, tell
from risk.conference import Criterion

#: Each abuse after a hearing is one more reason to hear it again, however many there were before.
REPEAT = "repeat"


def add_further(case: MaracCase, said: Proposal, *, actor: User, at: datetime) -> MaracCase:
    """Add to the open case, which the caller holds, what was not known; the case as it is then.

    Nothing that was met is taken away. Said twice it is there once.
    """
    news = [one for one in said.criteria if _is_news(one, case)]
    changed = _merge(case, said, news, at)
    if not changed:
        return case
    case.version += 1
    case.save(update_fields=[*changed, "version"])
    what = ", ".join(one.label.lower() for one in news) or "more is known"
    detail = {
        "source": said.source,
        "agency": said.agency.name,
        "words": said.words,
        "criteria": [criteria.as_said(one, at) for one in news],
        "perpetrator": said.perpetrator.reference if said.perpetrator else "",
    }
    headline = f"Added to conference case {case.reference}: {what}"
    record(case, "further", headline, actor, at, detail, is_grave=bool(news))
    _tell(case, news, actor, at)
    return case


def _merge(case: MaracCase, said: Proposal, news: list[Criterion], at: datetime) -> list[str]:
    """Set what is new; the names of the fields that changed."""
    changed = []
    if news:
        new = {one.code: criteria.as_said(one, at) for one in news}
        case.criteria = [new.get(row["code"], row) for row in case.criteria]
        have = {row["code"] for row in case.criteria}
        case.criteria += [row for code, row in new.items() if code not in have]
        changed.append("criteria")
    if case.perpetrator_id is None and said.perpetrator is not None:
        case.perpetrator = said.perpetrator
        changed.append("perpetrator")
    if said.words and said.words not in case.words:
        case.words = _with(case.words, said, at)
        changed.append("words")
    if said.below_reason and not case.below_reason:
        case.below_reason = said.below_reason
        changed.append("below_reason")
    if said.children > case.children:
        case.children = said.children
        changed.append("children")
    return changed


def _is_news(one: Criterion, case: MaracCase) -> bool:
    """Met now, and it was not; or by more than was known; or once more after a hearing."""
    if not one.is_met:
        return False
    rows: list[dict[str, Any]] = case.criteria
    before = next((row for row in rows if row["code"] == one.code and row["is_met"]), None)
    if before is None:
        return True
    if one.code == REPEAT:
        return bool(before["words"] != one.words)
    return one.number > int(before["number"])


def _with(words: str, said: Proposal, at: datetime) -> str:
    there = local(at)
    further = f"{said.agency}, {there.day} {there:%b %Y}: {said.words}"
    return f"{words}\n\n{further}" if words else further


def _tell(case: MaracCase, news: list[Criterion], actor: User, at: datetime) -> None:
    level, headline = Notification.Level.INFORMATION, "More is known of a conference case"
    if any(one.code == REPEAT for one in news):
        level, headline = Notification.Level.WARNING, "A repeat: the conference hears it again"
    tell(case, [case.conference.coordinator], headline, actor, at, level)

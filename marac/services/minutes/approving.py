"""The chair approves what was written: from then on the words stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac.minutes.content import Content, content_of, fingerprint, may_see_all
from marac.models import Meeting, Minutes
from marac.permissions import can_chair
from marac.services.locking import locked_meeting

LONGEST_WORDS = 1_000
LONGEST_CORRECTION = 10_000


@transaction.atomic
def approve_minutes(
    *,
    meeting_id: int,
    because: str = "",
    corrections: Mapping[int, str] | None = None,
    seen: str = "",
    actor: User,
    at: datetime,
) -> Minutes:
    """Approve the minutes of a meeting that is over, as everything reads now.

    `seen` is the `fingerprint` of what the chair read: nobody approves words that they did not see.

    Approved before, this is a further version: `because` says why there is one (to 1,000
    characters), and `corrections` what it sets right, by the key of the hearing (to 10,000
    characters each); they stand beside what was said. The same approval sent twice is one.

    Raises PermissionDenied for who leads no meetings; InvalidInput at `because` for a further
    version without a reason, or at `corrections`; DomainError before the meeting is over, and for
    a chair who may not read one of its cases: another one approves; and where something was
    written after what was seen.
    """
    because = clean(because, field="because", longest=LONGEST_WORDS)
    said = _corrections(corrections or {})
    meeting = locked_meeting(meeting_id)
    _require_may(actor, meeting)
    latest = Minutes.objects.filter(meeting=meeting).order_by("-number").first()
    if latest is not None and _is_the_same(latest, because, said, actor):
        return latest
    if latest is not None and not because:
        raise InvalidInput("Say what this version sets right.", field="because")
    if latest is None and said:
        raise InvalidInput("There is nothing to set right yet.", field="corrections")
    number = latest.number + 1 if latest else 1
    content = content_of(meeting)
    if seen and seen != fingerprint(content):
        raise DomainError(
            "Something was written after you opened this page. Read it again, then approve.",
            code="changed",
        )
    _carry(content, cast("Content", latest.content) if latest else None)
    _set_right(content, said, number, actor, at)
    row = Minutes.objects.create(
        meeting=meeting,
        number=number,
        content=content,
        approved_at=at,
        approved_by=actor,
        because=because if latest else "",
    )
    audit.record(
        actor=actor,
        at=at,
        verb="marac_minutes.approved",
        headline=f"Minutes of {meeting.reference} approved, version {number}",
        subject=meeting.reference,
        detail={"number": number, "because": row.because, "cases": len(content["cases"])},
    )
    return row


def _require_may(actor: User, meeting: Meeting) -> None:
    if not can_chair(actor, meeting.conference):
        raise PermissionDenied("The chair approves the minutes.")
    if meeting.state != Meeting.State.HELD:
        raise DomainError(f"{meeting.reference} is not over: there are no minutes to approve.")
    if not may_see_all(actor, meeting):
        raise DomainError(
            "A case of this meeting is not for you to read. Another chair approves its minutes."
        )


def _corrections(said: Mapping[int, str]) -> dict[int, str]:
    """What is set right, without what says nothing."""
    cleaned = {
        key: clean(words, field="corrections", longest=LONGEST_CORRECTION)
        for key, words in said.items()
    }
    return {key: words for key, words in cleaned.items() if words}


def _is_the_same(latest: Minutes, because: str, said: Mapping[int, str], actor: User) -> bool:
    """Whether this very approval is on record: the first, or the last further one, sent twice."""
    content = cast("Content", latest.content)
    on_record = {
        case["hearing_id"]: one["words"]
        for case in content["cases"]
        for one in case["corrections"]
        if one["number"] == latest.number
    }
    same = (latest.approved_by_id, latest.because, on_record)
    return same == (actor.pk, because, dict(said))


def _carry(content: Content, former: Content | None) -> None:
    """What earlier versions set right stays set right."""
    if former is None:
        return
    earlier = {case["hearing_id"]: case["corrections"] for case in former["cases"]}
    for case in content["cases"]:
        case["corrections"] = list(earlier.get(case["hearing_id"], []))


def _set_right(
    content: Content, said: Mapping[int, str], number: int, actor: User, at: datetime
) -> None:
    """Put each correction to its case. Raises InvalidInput for a case of another meeting."""
    cases = {case["hearing_id"]: case for case in content["cases"]}
    if not set(said) <= set(cases):
        raise InvalidInput("Choose a case of this meeting.", field="corrections")
    for key, words in said.items():
        cases[key]["corrections"].append(
            {"number": number, "by": str(actor), "at": at.isoformat(), "words": words}
        )

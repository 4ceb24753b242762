"""The flag that a hearing leaves on the two people: set, replaced, lapsed, removed."""

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.clock import local, months_before
from core.errors import AlreadyTaken, DomainError
from core.text import clean
from marac import near, repeats
from marac.deadlines.flags import FLAG, terms_of
from marac.models import Hearing, MaracCase, MaracFlag
from marac.permissions import can_decide
from marac.services.locking import locked_case, locked_hearing

EndedBecause = MaracFlag.EndedBecause
LONGEST_WORDS = 1_000
#: A case that ends so ends its flag too: there is nothing to be minded any more, or never was.
_ENDS_WITH = (MaracCase.ClosedBecause.DIED, MaracCase.ClosedBecause.ERROR)


@transaction.atomic
def set_flag(*, hearing_id: int, actor: User, at: datetime) -> MaracFlag | None:
    """A case was heard: whoever takes a call about the two sees it for the policy's months.

    A flag that stands for the same two people ends with it. Where the meeting looked at a flag that
    reaches its end there is no new one (None): only abuse that comes before it makes one. Called
    where the hearing is concluded, which asked whether its actor may; called again it changes
    nothing. Raises DomainError for a hearing that is not concluded.
    """
    hearing = locked_hearing(hearing_id)
    existing: MaracFlag | None = MaracFlag.objects.filter(hearing=hearing).first()
    if existing is not None:
        return existing
    if hearing.state != Hearing.State.CONCLUDED:
        raise DomainError("This case is not concluded yet.")
    if hearing.part == Hearing.Part.FLAGS:
        return None
    case = hearing.case
    for row in _standing_of(case):
        _end(row, EndedBecause.HEARD_AGAIN, "", actor, at)
    months = policy.at(at).marac_flag_months
    flag = MaracFlag.objects.create(
        case=case,
        hearing=hearing,
        victim=case.victim,
        perpetrator=case.perpetrator,
        from_at=at,
        until_at=months_before(at, -months).astimezone(UTC),
    )
    deadlines.services.start(
        kind=FLAG,
        subject=flag,
        reference=case.reference,
        victim_id=case.victim_id,
        team=case.conference.team,
        owner=near.keeper_of(case),
        started_at=flag.until_at,
        terms=terms_of(flag.until_at, policy.at(at)),
        actor=actor,
        at=at,
    )
    until = local(flag.until_at)
    words = f"Flagged by the conference until {until.day} {until:%B %Y}"
    _record(flag, "set", words, "", actor, at)
    return flag


@transaction.atomic
def remove_flag(*, flag_id: int, words: str, actor: User, at: datetime) -> MaracFlag:
    """Take a flag away before its time, with the reason in words (needed, to 1,000 characters).

    Coordinators and chairs may, but not of somebody withheld from them. The same removal sent twice
    is one. Raises PermissionDenied, InvalidInput at `words`, AlreadyTaken for one that has ended.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    flag = _locked(flag_id)
    if not can_decide(actor, flag.case.conference):
        raise PermissionDenied("Coordinators and chairs of the conferences remove flags.")
    near.require_open_to(actor, flag.case)
    if flag.ended_at is not None:
        if (flag.ended_by_id, flag.ended_words) == (actor.pk, words):
            return flag
        raise AlreadyTaken(f"This flag has ended: {flag.get_ended_because_display().lower()}.")
    _end(flag, EndedBecause.REMOVED, words, actor, at)
    return flag


@transaction.atomic
def follow_closing(*, case_id: int, actor: User, at: datetime) -> None:
    """A case that was listed in error, or one of whose people has died, leaves no flag."""
    case = locked_case(case_id)
    if case.closed_because not in _ENDS_WITH:
        return
    for row in MaracFlag.objects.standing().filter(case=case).select_for_update(no_key=True):
        row.case = case
        words = f"The case is closed: {case.get_closed_because_display().lower()}"
        _end(row, EndedBecause.REMOVED, words, actor, at)


def lapse_flags(*, actor: User, at: datetime) -> int:
    """Write down of every flag whose last instant is over that it ended; how many did.

    Each is a transaction of its own: one that fails keeps none of the others from ending.
    """
    over = MaracFlag.objects.standing().filter(until_at__lte=at)
    keys = list(over.order_by("until_at", "pk").values_list("pk", flat=True))
    return sum(_lapse(key, actor, at) for key in keys)


@transaction.atomic
def _lapse(flag_id: int, actor: User, at: datetime) -> bool:
    flag = _locked(flag_id)
    if flag.ended_at is not None or flag.until_at > at:
        return False
    _end(flag, EndedBecause.LAPSED, "", actor, at)
    return True


def _locked(flag_id: int) -> MaracFlag:
    """The flag with its case, both locked, the case first."""
    case = locked_case(MaracFlag.objects.values_list("case_id", flat=True).get(pk=flag_id))
    flag: MaracFlag = MaracFlag.objects.select_for_update(no_key=True).get(pk=flag_id)
    flag.case = case
    return flag


def _standing_of(case: MaracCase) -> list[MaracFlag]:
    """The flags that stand for the case, or for an earlier one of the two, however spelt."""
    same = Q(case__perpetrator__isnull=True, victim=case.victim_id)
    if case.perpetrator_id is not None:
        pair = repeats.pair_of(case.victim_id, case.perpetrator_id)
        same = Q(case__perpetrator__in=pair.perpetrators, case__victim__person__in=pair.victims)
    rows = MaracFlag.objects.standing().filter(Q(case=case) | same)
    keys = rows.order_by("pk").values("pk")
    locked = MaracFlag.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
    return list(locked.select_related("case").order_by("pk"))


def _end(flag: MaracFlag, because: str, words: str, actor: User, at: datetime) -> None:
    flag.ended_at, flag.ended_by, flag.ended_words = at, actor, words
    flag.ended_because = EndedBecause(because)
    flag.save(update_fields=["ended_at", "ended_by", "ended_because", "ended_words"])
    headline = f"Flag of the conference ended: {flag.get_ended_because_display().lower()}"
    if because == EndedBecause.REMOVED:
        deadlines.services.cancel(kind=FLAG, subject=flag, reason=words, actor=actor, at=at)
    else:
        # What is written by night is as of the flag's own last instant, and so in time.
        ended = min(at, flag.until_at)
        deadlines.services.meet(kind=FLAG, subject=flag, actor=actor, at=ended)
    _record(flag, "ended", headline, words, actor, at)


def _record(
    flag: MaracFlag, verb: str, headline: str, words: str, actor: User, at: datetime
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_flag.{verb}",
        headline=headline[:300],
        subject=flag.case.reference,
        victim_id=flag.victim_id,
        detail={"until": flag.until_at.isoformat(), "words": words},
    )

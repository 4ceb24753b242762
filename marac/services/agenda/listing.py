"""A case is put on the agenda of a meeting, or taken off again."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events, policy
from core.clock import months_before
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from marac import near
from marac.events import CaseListed, CaseTakenOff
from marac.models import Hearing, MaracCase, MaracFlag, Meeting
from marac.repeats import known_since, last_heard, pair_of
from marac.services.agenda.guards import (
    hold_victims,
    listed,
    needing_room,
    require_ahead,
    require_keeper,
    require_open_to,
)
from marac.services.agenda.ordering import place
from marac.services.agenda.sending import put_out
from marac.services.locking import locked_case, locked_hearing, locked_meeting
from marac.services.research.asking import ask

State = Hearing.State
Part = Hearing.Part
LONGEST = 1_000


@transaction.atomic
def list_case(
    *,
    meeting_id: int,
    case_id: int,
    late_reason: str = "",
    over_capacity_reason: str = "",
    actor: User,
    at: datetime,
) -> Hearing:
    """Put an accepted case on the agenda of a meeting of its conference, at the end of its part.

    One that is on it already stays as it is. After the cut-off, or once the agenda is out, it is
    late and needs its reason (to 1,000 characters); beyond the room of an agenda that is out it
    needs one for that too. What is listed late is researched at once, but for a weekly call; an
    emergency meeting's agenda goes out with its first case. Raises PermissionDenied; InvalidInput
    at `case`, `late_reason` or `over_capacity_reason`; AlreadyTaken where another meeting that lies
    ahead hears it; DomainError once the meeting began.
    """
    hold_victims(list(MaracCase.objects.filter(pk=case_id).values_list("victim_id", flat=True)))
    case, meeting = locked_case(case_id), locked_meeting(meeting_id)
    require_keeper(actor, meeting)
    near.require_open_to(actor, case)
    return put_on(case, meeting, late_reason, over_capacity_reason, actor, at)


def put_on(
    case: MaracCase, meeting: Meeting, late_reason: str, over_reason: str, actor: User, at: datetime
) -> Hearing:
    """Put a held case on the agenda of a held meeting; the caller has asked whether they may.

    Raises as `list_case` but for PermissionDenied.
    """
    standing = listed(meeting).filter(case=case).first()
    if standing is not None:
        return standing
    require_ahead(meeting)
    _require_listable(case, meeting)
    is_late = is_late_for(meeting, at)
    reason = clean(late_reason, field="late_reason", longest=LONGEST, required=is_late)
    hearing = _new(case, meeting, reason if is_late else "", actor, at)
    if meeting.agenda_out_at is not None:
        _make_room(meeting, over_reason)
    _recorded(hearing, actor, at)
    if meeting.kind == Meeting.Kind.EMERGENCY and meeting.agenda_out_at is None:
        put_out(meeting, [hearing], actor=actor, at=at)
    elif meeting.agenda_out_at is not None and meeting.kind != Meeting.Kind.WEEKLY:
        ask(meeting, [hearing], actor=actor, at=at)
    events.announce(CaseListed(hearing.pk, meeting.pk, case.pk, case.victim_id, actor, at))
    return hearing


@transaction.atomic
def take_off(*, hearing_id: int, words: str, actor: User, at: datetime) -> Hearing:
    """Take a case off an agenda before the meeting, and say why (to 1,000 characters).

    It waits for another meeting again; what agencies were asked of it is withdrawn. One that is off
    already stays as it is. Raises PermissionDenied; InvalidInput at `words`; DomainError once the
    meeting began, or where the case was put off already.
    """
    hearing = locked_hearing(hearing_id)
    require_keeper(actor, hearing.meeting)
    require_open_to(actor, hearing)
    words = clean(words, field="words", longest=LONGEST, required=True)
    if hearing.state == State.TAKEN_OFF:
        return hearing
    require_ahead(hearing.meeting)
    if hearing.state != State.WAITING:
        raise DomainError(f"{hearing.case}: {hearing.get_state_display().lower()} already.")
    return put_off(hearing, State.TAKEN_OFF, words, actor, at)


def take_off_closed(*, case_id: int, actor: User, at: datetime) -> int:
    """A held case is closed: it waits on no agenda any more. How many it was on.

    Whether `actor` may was asked where it was closed.
    """
    rows = Hearing.objects.filter(
        case=case_id, state=State.WAITING, meeting__state__in=Meeting.AHEAD
    )
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        put_off(locked_hearing(pk), State.TAKEN_OFF, "The case is closed.", actor, at)
    return len(keys)


def put_off(hearing: Hearing, state: str, words: str, actor: User, at: datetime) -> Hearing:
    """A held hearing does not take place here: taken off, or deferred. The caller has asked."""
    hearing.state, hearing.ended_words, hearing.ended_at = state, words, at
    hearing.version += 1
    hearing.save(update_fields=["state", "ended_words", "ended_at", "version"])
    audit.record(
        actor=actor,
        at=at,
        verb=f"hearing.{state}",
        headline=f"{hearing.get_state_display()}: {hearing.meeting.reference}",
        subject=hearing.case.reference,
        victim_id=hearing.victim_id,
        detail={"meeting": hearing.meeting.reference, "words": words},
    )
    events.announce(
        CaseTakenOff(hearing.pk, hearing.meeting_id, hearing.case_id, hearing.victim_id, actor, at)
    )
    return hearing


def is_late_for(meeting: Meeting, at: datetime) -> bool:
    """Whether what is listed at `at` is late. Nothing is for an emergency meeting."""
    if meeting.kind == Meeting.Kind.EMERGENCY:
        return False
    return meeting.agenda_out_at is not None or (
        meeting.cut_off_at is not None and at > meeting.cut_off_at
    )


def part_of(case: MaracCase, meeting: Meeting) -> Part:
    """Where on the agenda a case belongs. One query.

    A case that was heard, and whose flag reaches its end about the meeting, is looked at for that;
    any other by whether children live with it or were harmed.
    """
    shown = timedelta(days=policy.at(meeting.starts_at).marac_flag_shown_days)
    ending = MaracFlag.objects.standing().filter(case=case, until_at__lte=meeting.starts_at + shown)
    if ending.exists():
        return Part.FLAGS
    return Part.CHILDREN if case.children else Part.ADULTS


def _require_listable(case: MaracCase, meeting: Meeting) -> None:
    if case.conference_id != meeting.conference_id:
        raise InvalidInput(f"{case} is before {case.conference}, not here.", field="case")
    if case.state != MaracCase.State.ACCEPTED:
        state = case.get_state_display().lower()
        raise InvalidInput(f"{case}: {state}. Only accepted cases are heard.", field="case")
    elsewhere = Hearing.objects.filter(
        case=case, state__in=Hearing.OPEN, meeting__state__in=Meeting.OPEN
    )
    other = elsewhere.select_related("meeting", "listed_by").first()
    if other is not None:
        raise AlreadyTaken(
            f"{other.listed_by} has listed {case} for {other.meeting} already. Take it off there "
            "first."
        )
    deferred = Hearing.objects.filter(case=case, meeting=meeting, state=State.DEFERRED)
    if deferred.exists():
        raise DomainError(f"{case} was put off from this meeting. List it for another.")


def _new(case: MaracCase, meeting: Meeting, late_reason: str, actor: User, at: datetime) -> Hearing:
    part = part_of(case, meeting)
    hearing = Hearing.objects.create(
        meeting=meeting,
        case=case,
        victim=case.victim,
        part=part,
        position=place(meeting, part),
        listed_at=at,
        listed_by=actor,
        is_late=bool(late_reason),
        late_reason=late_reason,
        is_repeat=part != Part.FLAGS and _is_repeat(case, meeting),
    )
    meeting.version += 1
    meeting.save(update_fields=["version"])
    return hearing


def _is_repeat(case: MaracCase, meeting: Meeting) -> bool:
    """Whether the same two were heard within the policy's months before the meeting.

    Or before that, where abuse within those months of the hearing is known: that the meeting which
    hears of it comes later makes it no new referral.
    """
    months = policy.at(meeting.starts_at).marac_repeat_months
    before = last_heard(
        victim_id=case.victim_id, perpetrator_id=case.perpetrator_id, before=meeting.starts_at
    )
    if before is None or before.ended_at is None:
        return False
    if before.ended_at >= months_before(meeting.starts_at, months):
        return True
    last = months_before(before.ended_at, -months)
    return bool(known_since(pair_of(case.victim_id, case.perpetrator_id), before.ended_at, last))


def _make_room(meeting: Meeting, reason: str) -> None:
    """What no longer fits an agenda that is out needs a reason, once for the meeting."""
    if meeting.over_capacity_reason or needing_room(meeting) <= meeting.capacity:
        return
    field = "over_capacity_reason"
    meeting.over_capacity_reason = clean(reason, field=field, longest=LONGEST, required=True)
    meeting.save(update_fields=[field])


def _recorded(hearing: Hearing, actor: User, at: datetime) -> None:
    late = " (late)" if hearing.is_late else ""
    audit.record(
        actor=actor,
        at=at,
        verb="hearing.listed",
        headline=f"Listed for {hearing.meeting.reference}{late}",
        subject=hearing.case.reference,
        victim_id=hearing.victim_id,
        detail={
            "meeting": hearing.meeting.reference,
            "part": hearing.part,
            "late_reason": hearing.late_reason,
            "is_repeat": hearing.is_repeat,
        },
    )

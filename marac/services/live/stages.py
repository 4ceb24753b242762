"""A meeting takes a case from stage to stage: present, share, analyse, actions, conclude."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac.events import CaseHeard
from marac.models import Hearing, Meeting
from marac.services.agenda.guards import hold_victims
from marac.services.agenda.listing import put_off, put_on
from marac.services.agenda.sending import tell_of_one_more
from marac.services.live.counting import next_number
from marac.services.live.leading import require_leader, require_under_way, require_version
from marac.services.locking import locked_case, locked_hearing, locked_meeting

LONGEST_WORDS = 1_000
State = Hearing.State

#: The stages of a hearing in their order. A weekly call is light: it may go from presenting to
#: actions at once.
STAGES: tuple[str, ...] = (State.PRESENT, State.SHARE, State.ANALYSE, State.ACTIONS)
MAY_SKIP: tuple[str, ...] = (State.SHARE, State.ANALYSE)


def may_go(kind: str, state: str, to: str) -> bool:
    """Whether a hearing in `state` may go on to the stage `to` at a meeting of this kind.

    One further, or back to any earlier one; nothing leads back to waiting.
    """
    if to not in STAGES:
        return False
    if state == State.WAITING:
        return to == State.PRESENT
    if state not in STAGES:
        return False
    skipped = STAGES[STAGES.index(state) + 1 : STAGES.index(to)]
    if kind == Meeting.Kind.WEEKLY:
        return all(one in MAY_SKIP for one in skipped)
    return not skipped


@transaction.atomic
def go_on(*, hearing_id: int, to: str, version: int, actor: User, at: datetime) -> Hearing:
    """Take a case on to a stage of `STAGES`, or back to an earlier one; presenting begins it.

    Where it is there already nothing changes. Raises PermissionDenied, InvalidInput at "to" for
    what is no stage, Stale with both versions, and DomainError for a stage that is not next, while
    the meeting is at another case, or when the meeting is not under way.
    """
    if to not in STAGES:
        raise InvalidInput("There is no such stage.", field="to")
    hearing = locked_hearing(hearing_id)
    require_leader(actor, hearing)
    require_under_way(hearing.meeting)
    if hearing.state == to:
        return hearing
    require_version(hearing, version, {"stage": State(to).label})
    _require_next(hearing, to)
    begins = hearing.state == State.WAITING
    if begins:
        _require_no_other(hearing)
        hearing.began_at = at
    before, hearing.state = hearing.get_state_display(), to
    _save(hearing, "state", "began_at")
    audit.record(
        actor=actor,
        at=at,
        verb="marac.case_begun" if begins else "marac.case_stage",
        subject=hearing.case.reference,
        headline=f"Being heard at {hearing.meeting.reference}"
        if begins
        else f"{hearing.get_state_display()} at {hearing.meeting.reference}",
        detail={"before": before, "after": hearing.get_state_display()},
        # A victim's timeline says that they were heard, not each turn of the meeting.
        victim_id=hearing.victim_id if begins else None,
    )
    return hearing


def _require_next(hearing: Hearing, to: str) -> None:
    if may_go(hearing.meeting.kind, hearing.state, to):
        return
    if not hearing.is_open:
        raise DomainError(f"The case is {hearing.get_state_display().lower()} already.")
    raise DomainError(
        f"The case is at {hearing.get_state_display().lower()}: "
        f"{State(to).label.lower()} is not next."
    )


def _require_no_other(hearing: Hearing) -> None:
    others = Hearing.objects.filter(meeting=hearing.meeting_id, state__in=Hearing.SPOKEN_OF)
    if others.exclude(pk=hearing.pk).exists():
        raise DomainError(
            "The meeting is at another case. Conclude or defer it first.", code="at_another_case"
        )


@transaction.atomic
def begin_next(*, meeting_id: int, actor: User, at: datetime) -> Hearing | None:
    """Begin the first waiting case that this person hears; None when none of theirs waits.

    While the meeting is at one of theirs, it is that one and nothing changes. Raises as `go_on`
    does.
    """
    theirs = Hearing.objects.heard_by(actor).filter(meeting=meeting_id)
    at_it = theirs.filter(state__in=Hearing.SPOKEN_OF).select_related("meeting__conference").first()
    if at_it is not None:
        require_leader(actor, at_it)
        return at_it
    hearing = theirs.filter(state=State.WAITING).order_by("position", "pk").first()
    if hearing is None:
        return None
    return go_on(
        hearing_id=hearing.pk, to=State.PRESENT, version=hearing.version, actor=actor, at=at
    )


@transaction.atomic
def conclude_case(*, hearing_id: int, version: int, actor: User, at: datetime) -> Hearing:
    """The meeting is done with a case whose actions were gone through.

    Concluding it again changes nothing. Announces CaseHeard. Raises PermissionDenied, Stale with
    both versions, and DomainError for a case that is not at its actions.
    """
    hearing = locked_hearing(hearing_id)
    require_leader(actor, hearing)
    if hearing.state == State.CONCLUDED:
        return hearing
    require_under_way(hearing.meeting)
    require_version(hearing, version, {"stage": State.CONCLUDED.label})
    if hearing.state != State.ACTIONS:
        raise DomainError(
            f"The case is at {hearing.get_state_display().lower()}. Go through its actions before "
            "it is concluded."
        )
    hearing.state, hearing.ended_at = State.CONCLUDED, at
    _save(hearing, "state", "ended_at")
    audit.record(
        actor=actor,
        at=at,
        verb="marac.case_heard",
        subject=hearing.case.reference,
        headline=f"Heard at {hearing.meeting.reference}",
        victim_id=hearing.victim_id,
        detail={"actions": hearing.actions.count()},
    )
    events.announce(
        CaseHeard(
            hearing_id=hearing.pk,
            meeting_id=hearing.meeting_id,
            case_id=hearing.case_id,
            victim_id=hearing.victim_id,
            actor=actor,
            at=at,
        )
    )
    return hearing


@transaction.atomic
def defer_case(
    *,
    hearing_id: int,
    words: str,
    to_meeting_id: int | None = None,
    over_capacity_reason: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> Hearing:
    """Put a case off, with the reason: to a meeting where it is listed at once, or to none yet.

    Whoever leads the meeting names the other one, a chair too; whoever builds that agenda is told,
    and where it is out everybody whom it went to. After its cut-off the deferral is the reason for
    being late; where it is out and full it needs `over_capacity_reason`, as for `list_case`.

    Deferring it again changes nothing. Announces CaseTakenOff. Raises PermissionDenied, Stale with
    both versions, InvalidInput at "words" without a reason and at "to_meeting_id" for this very
    meeting; DomainError for a case that is over. What listing refuses is refused here.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if to_meeting_id is not None:
        _hold(hearing_id, to_meeting_id)
    hearing = locked_hearing(hearing_id)
    require_leader(actor, hearing)
    if hearing.state == State.DEFERRED:
        return hearing
    require_under_way(hearing.meeting)
    require_version(hearing, version, {"stage": State.DEFERRED.label, "reason": words})
    if not hearing.is_open:
        raise DomainError(f"The case is {hearing.get_state_display().lower()} already.")
    if to_meeting_id == hearing.meeting_id:
        raise InvalidInput("That is this meeting. Choose another.", field="to_meeting_id")
    put_off(hearing, State.DEFERRED, words, actor, at)
    next_number(hearing.meeting_id)
    if to_meeting_id is not None:
        because = f"Deferred at {hearing.meeting.reference}: {words}"[:LONGEST_WORDS]
        there = locked_meeting(to_meeting_id)
        put_on(hearing.case, there, because, over_capacity_reason, actor, at)
        tell_of_one_more(there, actor, at)
    return hearing


def _hold(hearing_id: int, to_meeting_id: int) -> None:
    """Lock all that deferring to another meeting writes, in everybody's order."""
    keys = Hearing.objects.values("victim_id", "case_id", "meeting_id").get(pk=hearing_id)
    hold_victims([keys["victim_id"]])
    locked_case(keys["case_id"])
    both = Meeting.objects.filter(pk__in=[keys["meeting_id"], to_meeting_id])
    list(both.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _save(hearing: Hearing, *fields: str) -> None:
    """Keep the change, and count it, so that everybody's page asks for it."""
    hearing.version += 1
    hearing.save(update_fields=[*fields, "version"])
    next_number(hearing.meeting_id)

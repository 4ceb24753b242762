"""What follows a hearing and a meeting: flags, minutes, and the victim's voice before and after."""

from core.events import when
from marac import services
from marac.events import (
    CaseHeard,
    CaseListed,
    CaseTakenOff,
    MaracCaseClosed,
    MeetingHeld,
    MeetingMoved,
)
from marac.services import flags, wishes
from referrals.events import AdviserAllocated, IdvaCaseClosed


@when(
    CaseHeard,
    then="a flag stands on both for the policy's months, in the place of an earlier one of theirs; "
    "none where only an old flag was looked at",
)
def flag_both(event: CaseHeard) -> None:
    flags.set_flag(hearing_id=event.hearing_id, actor=event.actor, at=event.at)


@when(
    CaseHeard,
    then="the victim is told what was decided within the policy's working days, by their adviser; "
    "nobody asks any more what they want",
)
def owe_telling(event: CaseHeard) -> None:
    wishes.owe_telling(hearing_id=event.hearing_id, actor=event.actor, at=event.at)


@when(
    CaseListed,
    then="the victim's adviser reports what they want before the meeting; the coordinator, where "
    "there is no adviser; nobody before a weekly call",
)
def owe_wishes(event: CaseListed) -> None:
    wishes.owe_wishes(hearing_id=event.hearing_id, actor=event.actor, at=event.at)


@when(CaseTakenOff, then="nobody is asked any more what the victim wants of that meeting")
def no_wishes(event: CaseTakenOff) -> None:
    wishes.let_wishes_go(
        hearing_id=event.hearing_id,
        because="The case is not heard at that meeting",
        actor=event.actor,
        at=event.at,
    )


@when(MeetingMoved, then="what victims want is owed before the new day")
def wishes_move(event: MeetingMoved) -> None:
    wishes.follow_meeting(meeting_id=event.meeting_id, actor=event.actor, at=event.at)


@when(MeetingHeld, then="its minutes are due within the policy's working days")
def owe_minutes(event: MeetingHeld) -> None:
    services.owe_minutes(meeting_id=event.meeting_id, actor=event.actor, at=event.at)


@when(MaracCaseClosed, then="its flag ends, where it was listed in error or somebody has died")
def no_flag(event: MaracCaseClosed) -> None:
    flags.follow_closing(case_id=event.case_id, actor=event.actor, at=event.at)


@when(AdviserAllocated, then="the new adviser reports what the victim wants and tells them")
def adviser_reports(event: AdviserAllocated) -> None:
    wishes.follow_adviser(victim_id=event.victim_id, actor=event.actor, at=event.at)


@when(IdvaCaseClosed, then="the coordinator sees to what the victim wants and is told")
def coordinator_reports(event: IdvaCaseClosed) -> None:
    wishes.follow_adviser(victim_id=event.victim_id, actor=event.actor, at=event.at)

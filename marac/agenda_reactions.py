"""What agendas and research do when a meeting or a case changes, or a victim is withheld."""

from core.events import when
from marac.events import (
    CaseHeard,
    CaseTakenOff,
    MaracCaseClosed,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
)
from marac.services.agenda import listing, watching
from marac.services.research import withdrawing
from victims.events import Withheld


@when(MeetingPlanned, then="its coordinator owes the agenda by the policy's working days before")
def owe_agenda(event: MeetingPlanned) -> None:
    watching.watch_agenda(meeting_id=event.meeting_id, actor=event.actor, at=event.at)


@when(MeetingMoved, then="the agenda, and research that is missing, are due by the new time")
def due_by_the_new_time(event: MeetingMoved) -> None:
    watching.follow_move(meeting_id=event.meeting_id, actor=event.actor, at=event.at)
    withdrawing.follow_move(meeting_id=event.meeting_id, actor=event.actor, at=event.at)


CANCELLED = "The meeting does not take place"


@when(MeetingCancelled, then="nobody owes its agenda, and no agency is asked for research any more")
def nothing_due(event: MeetingCancelled) -> None:
    watching.let_agenda_go(
        meeting_id=event.meeting_id, because=CANCELLED, actor=event.actor, at=event.at
    )
    withdrawing.withdraw_of_meeting(
        meeting_id=event.meeting_id, because=CANCELLED, actor=event.actor, at=event.at
    )


@when(MeetingHeld, then="an agenda that never went out is not owed any more")
def no_agenda_afterwards(event: MeetingHeld) -> None:
    watching.let_agenda_go(
        meeting_id=event.meeting_id,
        because="The meeting was held",
        actor=event.actor,
        at=event.at,
    )


@when(CaseTakenOff, then="no agency is asked for research on it any more")
def no_research(event: CaseTakenOff) -> None:
    withdrawing.withdraw_of_hearing(
        hearing_id=event.hearing_id,
        because="The case is not heard at that meeting",
        actor=event.actor,
        at=event.at,
    )


@when(CaseHeard, then="agencies are not reminded of research that they did not return")
def no_reminders(event: CaseHeard) -> None:
    withdrawing.stop_asking(hearing_id=event.hearing_id, actor=event.actor, at=event.at)


@when(MaracCaseClosed, then="it is taken off every agenda on which it waits")
def not_heard_any_more(event: MaracCaseClosed) -> None:
    listing.take_off_closed(case_id=event.case_id, actor=event.actor, at=event.at)


@when(
    Withheld,
    then="what an agency that must not know was asked of the victim is withdrawn at once; what a "
    "person must not know goes to somebody else of their agency",
)
def not_asked_any_more(event: Withheld) -> None:
    if event.agency_id is not None:
        withdrawing.withdraw_from_agency(
            victim_id=event.victim_id, agency_id=event.agency_id, actor=event.actor, at=event.at
        )
    else:
        withdrawing.keep_from_person(victim_id=event.victim_id, actor=event.actor, at=event.at)

"""Every step that changes a stage of a conference: from which state to which, and for whom."""

from datetime import timedelta
from typing import Any

from marac import services
from marac.models import (
    Hearing,
    Invitation,
    MaracAction,
    MaracCase,
    MaracFlag,
    Meeting,
    Minutes,
    ResearchRequest,
    Transfer,
)
from marac.services.actions import reopen_action
from tests.marac import walking
from tests.marac.walking import DAY, Scene, Step, Walk, state_of

KEEPER = frozenset({"coordinator"})
CHAIR = frozenset({"chair"})
BOTH = KEEPER | CHAIR
HOUSING = frozenset({"agency"})


def same(*states: str) -> dict[str, str]:
    """Taken from these, and the state stays what it is."""
    return {state: state for state in states}


def to(state: str, *from_states: str) -> dict[str, str]:
    return dict.fromkeys(from_states, state)


MEETING = Walk(
    tuple(Meeting.State.values),
    walking.put_meeting,
    state_of("meeting"),
    {
        "move": Step(
            lambda s, who: services.move_meeting(
                meeting_id=s.meeting.pk,
                starts_at=s.meeting.starts_at + DAY,
                place="Room 3",
                reason="The room is flooded.",
                version=s.version(s.meeting),
                actor=who,
                at=s.before,
            ),
            same("planned", "agenda_out"),
            KEEPER,
        ),
        "cancel": Step(
            lambda s, who: services.cancel_meeting(
                meeting_id=s.meeting.pk,
                reason="Snow.",
                version=s.version(s.meeting),
                actor=who,
                at=s.before,
            ),
            to("cancelled", "planned", "agenda_out", "cancelled"),
            KEEPER,
        ),
        "send the agenda": Step(
            lambda s, who: services.send_agenda(meeting_id=s.meeting.pk, actor=who, at=s.before),
            to("agenda_out", "planned"),
            KEEPER,
        ),
        "begin": Step(
            lambda s, who: services.begin_meeting(
                meeting_id=s.meeting.pk, no_quorum_reason="Urgent.", actor=who, at=s.at
            ),
            to("under_way", "agenda_out", "under_way"),
            CHAIR,
        ),
        "end": Step(
            lambda s, who: _end(s, who),
            to("held", "under_way", "held"),
            CHAIR,
        ),
        "sign": Step(
            lambda s, who: services.sign(meeting_id=s.other.pk, actor=who, at=s.at),
            same(*Meeting.State.values),
            frozenset(walking.ATTENDING),
        ),
    },
)


def _end(scene: Scene, who: Any) -> None:
    """With its case heard or put off."""
    Hearing.objects.filter(meeting=scene.meeting, state="waiting").update(
        state="deferred", ended_words="Put off."
    )
    services.end_meeting(meeting_id=scene.meeting.pk, actor=who, at=scene.at + timedelta(hours=3))


def _answer(coming: bool) -> Any:
    return lambda s, who: services.answer_invitation(
        meeting_id=s.meeting.pk,
        agency_id=s.invitation.agency_id,
        coming=coming,
        apologies="" if coming else "Nobody is free.",
        actor=who,
        at=s.before,
    )


INVITATION = Walk(
    tuple(Invitation.State.values),
    walking.put_invitation,
    state_of("invitation"),
    {
        "comes": Step(
            _answer(True), to("coming", "invited", "coming", "apologies"), KEEPER | HOUSING
        ),
        "sends apologies": Step(
            _answer(False), to("apologies", "invited", "coming", "apologies"), KEEPER | HOUSING
        ),
    },
)


def _decide(accept: bool) -> Any:
    return lambda s, who: services.decide_case(
        case_id=s.case.pk,
        accept=accept,
        words="It is for a conference." if accept else "It is not.",
        version=s.version(s.case),
        actor=who,
        at=s.at,
    )


def _close(because: str) -> Any:
    return lambda s, who: services.close_case(
        case_id=s.case.pk,
        because=because,
        words="She lives elsewhere now.",
        version=s.version(s.case),
        actor=who,
        at=s.at,
    )


CASE = Walk(
    tuple(MaracCase.State.values),
    walking.put_case,
    state_of("case"),
    {
        "accept": Step(_decide(True), to("accepted", "proposed"), BOTH),
        "refuse": Step(_decide(False), to("not_accepted", "proposed"), BOTH),
        "close as done": Step(_close("done"), to("closed", "accepted"), BOTH),
        "close as lapsed": Step(_close("lapsed"), to("closed", "accepted"), BOTH),
        "close as error": Step(_close("error"), to("closed", "accepted"), BOTH),
        "close as moved": Step(_close("moved"), to("moved", "accepted"), BOTH),
        "list": Step(
            lambda s, who: services.list_case(
                meeting_id=s.other.pk,
                case_id=s.case.pk,
                late_reason="He was released.",
                actor=who,
                at=s.at,
            ),
            same("accepted"),
            KEEPER,
        ),
        "begin to hand over": Step(
            lambda s, who: services.begin_transfer(
                case_id=s.case.pk,
                other_area="Elmshire",
                contact="Their coordinator, 01632 960778",
                reason="She has moved.",
                actor=who,
                at=s.at,
            ),
            same("proposed", "accepted"),
            BOTH,
        ),
    },
)


#: What was taken off is seen by nobody there any more.
OFF = {"taken_off": walking.REFUSED}


def _go_on(stage: str) -> Any:
    return lambda s, who: services.go_on(
        hearing_id=s.hearing.pk, to=stage, version=s.version(s.hearing), actor=who, at=s.at
    )


HEARING = Walk(
    tuple(Hearing.State.values),
    walking.put_heard_now,
    state_of("hearing"),
    {
        "present": Step(
            _go_on("present"),
            to("present", "waiting", "present", "share", "analyse", "actions") | OFF,
            BOTH,
        ),
        "share": Step(
            _go_on("share"), to("share", "present", "share", "analyse", "actions") | OFF, BOTH
        ),
        "analyse": Step(
            _go_on("analyse"), to("analyse", "share", "analyse", "actions") | OFF, BOTH
        ),
        "actions": Step(_go_on("actions"), to("actions", "analyse", "actions") | OFF, BOTH),
        "conclude": Step(
            lambda s, who: services.conclude_case(
                hearing_id=s.hearing.pk, version=s.version(s.hearing), actor=who, at=s.at
            ),
            to("concluded", "actions", "concluded") | OFF,
            BOTH,
        ),
        "defer": Step(
            lambda s, who: services.defer_case(
                hearing_id=s.hearing.pk,
                words="She is in hospital.",
                version=s.version(s.hearing),
                actor=who,
                at=s.at,
            ),
            to("deferred", "waiting", "present", "share", "analyse", "actions", "deferred") | OFF,
            BOTH,
        ),
    },
)


def _take_off(scene: Scene, who: Any) -> None:
    """Before the meeting."""
    walking.set_to(scene.meeting, state="agenda_out", began_at=None)
    services.take_off(hearing_id=scene.hearing.pk, words="Twice.", actor=who, at=scene.before)


HEARING.steps["take off"] = Step(_take_off, to("taken_off", "waiting", "taken_off"), KEEPER)


def _return(words: str) -> Any:
    return lambda s, who: services.return_research(
        research_id=s.research.pk,
        words=words,
        nothing_known=not words,
        version=s.version(s.research),
        actor=who,
        at=s.before,
    )


RESEARCH = Walk(
    tuple(ResearchRequest.State.values),
    walking.put_research,
    state_of("research"),
    {
        "return": Step(
            _return("Noise at night."),
            to("returned", "asked", "returned", "nothing_known"),
            HOUSING,
        ),
        "nothing known": Step(
            _return(""), to("nothing_known", "asked", "returned", "nothing_known"), HOUSING
        ),
        # Asked of every agency that was not; what is answered stays answered.
        "ask": Step(
            lambda s, who: services.ask_research(hearing_id=s.hearing.pk, actor=who, at=s.before),
            {**same("asked", "returned", "nothing_known"), "withdrawn": "asked"},
            KEEPER,
        ),
        "chase": Step(
            lambda s, who: services.chase_research(
                research_ids=[s.research.pk], actor=who, at=s.before
            ),
            same("asked", "returned", "nothing_known", "withdrawn"),
            KEEPER,
        ),
    },
)


def _settle(state: str) -> Any:
    return lambda s, who: services.settle_action(
        action_id=s.action.pk,
        state=state,
        evidence="The works order, closed.",
        version=s.version(s.action),
        actor=who,
        at=s.at,
    )


FOLLOW = BOTH | HOUSING
ACTION = Walk(
    tuple(MaracAction.State.values),
    walking.put_action,
    state_of("action"),
    {
        **{
            state: Step(_settle(state), to(state, "open"), FOLLOW)
            for state in ("done", "not_done", "overtaken")
        },
        "open again": Step(
            lambda s, who: reopen_action(
                action_id=s.action.pk,
                reason="The lock is broken again.",
                due_on=(s.at + 5 * DAY).date(),
                version=s.version(s.action),
                actor=who,
                at=s.at,
            ),
            to("open", "done", "not_done", "overtaken"),
            FOLLOW,
        ),
        "pass on": Step(
            lambda s, who: services.pass_action(
                action_id=s.action.pk,
                owner_id=None,
                version=s.version(s.action),
                actor=who,
                at=s.at,
            ),
            same("open"),
            FOLLOW,
        ),
    },
)


def _flag(scene: Scene) -> str:
    row = MaracFlag.objects.get(pk=scene.flag.pk)
    return row.ended_because or "standing"


FLAG = Walk(
    ("standing", *MaracFlag.EndedBecause.values),
    walking.put_flag,
    _flag,
    {
        "remove": Step(
            lambda s, who: services.remove_flag(
                flag_id=s.flag.pk, words="Heard in error.", actor=who, at=s.at
            ),
            to("removed", "standing"),
            BOTH,
        ),
    },
)


def _transfer(step: Any, **said: Any) -> Any:
    return lambda s, who: step(
        transfer_id=s.transfer.pk, version=s.version(s.transfer), actor=who, at=s.at, **said
    )


TRANSFER = Walk(
    tuple(Transfer.State.values),
    walking.put_transfer,
    state_of("transfer"),
    {
        "check": Step(
            _transfer(services.check_transfer, what="adviser", words="They spoke on Monday."),
            same("begun"),
            BOTH,
        ),
        "finish": Step(
            _transfer(services.finish_transfer, words="All is there."), to("done", "begun"), BOTH
        ),
        "give up": Step(
            _transfer(services.cancel_transfer, words="She came back."),
            to("cancelled", "begun"),
            BOTH,
        ),
    },
)


def _minutes(scene: Scene) -> str:
    last = Minutes.objects.filter(meeting=scene.meeting).order_by("-number").first()
    if last is None:
        return "none"
    return "sent" if last.sent_at else "approved"


def _send(scene: Scene, who: Any) -> None:
    keys = Minutes.objects.filter(meeting=scene.meeting).values_list("pk", flat=True)
    for key in keys:
        services.send_minutes(minutes_id=key, actor=who, at=scene.at)


MINUTES = Walk(
    ("none", "approved", "sent"),
    walking.put_minutes,
    _minutes,
    {
        # What was approved or sent already is followed by a further version, with its reason.
        "approve": Step(
            lambda s, who: services.approve_minutes(
                meeting_id=s.meeting.pk, because="A name was wrong.", actor=who, at=s.at + DAY
            ),
            to("approved", "none", "approved", "sent"),
            CHAIR,
        ),
        "send": Step(_send, {"approved": "sent", "sent": "sent", "none": "none"}, BOTH),
    },
)

WALKS = {
    "meeting": MEETING,
    "invitation": INVITATION,
    "case": CASE,
    "hearing": HEARING,
    "research": RESEARCH,
    "action": ACTION,
    "flag": FLAG,
    "transfer": TRANSFER,
    "minutes": MINUTES,
}

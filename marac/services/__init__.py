"""What people do with conferences, one package for each topic."""

from marac.services.actions import agree_action, pass_action, reopen_action, settle_action
from marac.services.agenda.conflicts import declare_conflict
from marac.services.agenda.listing import list_case, take_off
from marac.services.agenda.ordering import put_in_order
from marac.services.agenda.overflow import pass_on_cases, pass_on_to_emergency
from marac.services.agenda.sending import send_agenda
from marac.services.cases import (
    DESCRIBED,
    close_case,
    decide_case,
    describe_case,
    propose,
    propose_by_rule,
)
from marac.services.flags import lapse_flags, remove_flag, set_flag
from marac.services.live import (
    begin_meeting,
    begin_next,
    conclude_case,
    defer_case,
    end_meeting,
    go_on,
    note_here,
    write_line,
)
from marac.services.meetings import (
    add_observer,
    answer_invitation,
    cancel_meeting,
    come_in,
    move_meeting,
    plan_all,
    plan_emergency,
    plan_meetings,
    remove_observer,
    sign,
)
from marac.services.minutes import approve_minutes, open_minutes, owe_minutes, send_minutes
from marac.services.research.asking import ask_research
from marac.services.research.chasing import chase_research
from marac.services.research.returning import return_research
from marac.services.transfers import (
    begin_transfer,
    cancel_transfer,
    check_transfer,
    finish_transfer,
    receive_transfer,
)
from marac.services.wishes import report_told, report_wishes

__all__ = [
    "DESCRIBED",
    "add_observer",
    "agree_action",
    "answer_invitation",
    "approve_minutes",
    "ask_research",
    "begin_meeting",
    "begin_next",
    "begin_transfer",
    "cancel_meeting",
    "cancel_transfer",
    "chase_research",
    "check_transfer",
    "close_case",
    "come_in",
    "conclude_case",
    "decide_case",
    "declare_conflict",
    "defer_case",
    "describe_case",
    "end_meeting",
    "finish_transfer",
    "go_on",
    "lapse_flags",
    "list_case",
    "move_meeting",
    "note_here",
    "open_minutes",
    "owe_minutes",
    "pass_action",
    "pass_on_cases",
    "pass_on_to_emergency",
    "plan_all",
    "plan_emergency",
    "plan_meetings",
    "propose",
    "propose_by_rule",
    "put_in_order",
    "receive_transfer",
    "remove_flag",
    "remove_observer",
    "reopen_action",
    "report_told",
    "report_wishes",
    "return_research",
    "send_agenda",
    "send_minutes",
    "set_flag",
    "settle_action",
    "sign",
    "take_off",
    "write_line",
]

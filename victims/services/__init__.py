"""Every write to people, addresses, victims, safe contacts and markers."""

from victims.services.absences import arrange_absence, change_absence, end_absence
from victims.services.access import end_access, end_all_access, end_what_ran_out, give_access
from victims.services.cases import close_case, open_again, reopen_case, reopen_cases
from victims.services.circumstances import record_circumstance
from victims.services.contacts import log_contact
from victims.services.duties import (
    Held,
    answer_handover,
    assign,
    follow_duty,
    hand_over,
    may_answer,
    may_withdraw,
    withdraw_all,
    withdraw_handover,
)
from victims.services.glass import (
    NotOpened,
    break_glass,
    close_glass,
    find_for_emergency,
    look_at_broken_glass,
    open_in_emergency,
)
from victims.services.markers import end_marker, let_marker_end, renew_marker, set_marker
from victims.services.newcomers import (
    Newcomer,
    Newly,
    Responsible,
    newcomer,
    newly,
    places_for,
    record_newcomers,
    record_person,
)
from victims.services.notes import strike_note, write_note
from victims.services.people import address_for, note_identifiers
from victims.services.plans import (
    Step,
    follow_plan_duty,
    mark_step,
    owe_plan_review,
    review_plan,
    write_plan,
)
from victims.services.safe_contact import record_safe_contact
from victims.services.statements import answer_statement, offer_statement, take_statement
from victims.services.telling import not_reached
from victims.services.updates import News, owe_updates, withdraw_updates
from victims.services.victims import set_grade, set_responsible, victim_for
from victims.services.withholding import end_withholding, withhold

__all__ = [
    "Held",
    "Newcomer",
    "Newly",
    "News",
    "NotOpened",
    "Responsible",
    "Step",
    "address_for",
    "answer_handover",
    "answer_statement",
    "arrange_absence",
    "assign",
    "break_glass",
    "change_absence",
    "close_case",
    "close_glass",
    "end_absence",
    "end_access",
    "end_all_access",
    "end_marker",
    "end_what_ran_out",
    "end_withholding",
    "find_for_emergency",
    "follow_duty",
    "follow_plan_duty",
    "give_access",
    "hand_over",
    "let_marker_end",
    "log_contact",
    "look_at_broken_glass",
    "mark_step",
    "may_answer",
    "may_withdraw",
    "newcomer",
    "newly",
    "not_reached",
    "note_identifiers",
    "offer_statement",
    "open_again",
    "open_in_emergency",
    "owe_plan_review",
    "owe_updates",
    "places_for",
    "record_circumstance",
    "record_newcomers",
    "record_person",
    "record_safe_contact",
    "renew_marker",
    "reopen_case",
    "reopen_cases",
    "review_plan",
    "set_grade",
    "set_marker",
    "set_responsible",
    "strike_note",
    "take_statement",
    "victim_for",
    "withdraw_all",
    "withdraw_handover",
    "withdraw_updates",
    "withhold",
    "write_note",
    "write_plan",
]

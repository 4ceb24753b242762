"""Every write of this app: one verb function for each transition."""

from referrals.services.advising.allocating import (
    allocate_idva_case,
    keep_from,
    keep_in_service,
    pass_on_idva_case,
)
from referrals.services.advising.answering import accept_idva_case, refuse_idva_case
from referrals.services.advising.closing import close_idva_case
from referrals.services.advising.contacting import give_up_idva_contact, note_reached
from referrals.services.advising.courts import follow_case, plan_court, settle_court
from referrals.services.advising.needs import add_need, settle_need
from referrals.services.advising.referring import refer_completed, refer_to_advisers
from referrals.services.advising.reviewing import owe_review, review_case
from referrals.services.batches import Result, Ticked, batch
from referrals.services.children import (
    Concern,
    let_answer_go,
    note_children_answer,
    refer_children,
)
from referrals.services.claiming import claim, claim_next, hand_over, keep_from_withheld, release
from referrals.services.grading import check_grade, follow_victim
from referrals.services.incoming import (
    AgencySays,
    answer_agency,
    refer_to_unit,
    say_who,
    take_back_who,
    take_over_safe_contact,
)
from referrals.services.late import say_why_late
from referrals.services.opening import follow_crime, follow_grade, unit_for
from referrals.services.opinions import answer_opinion, ask_opinion, withdraw_opinion
from referrals.services.pausing import pause, resume
from referrals.services.schools import (
    follow_children,
    needed_after_all,
    not_needed,
    tell_school,
)
from referrals.services.sharing import (
    answer_sharing,
    end_sharings_over,
    open_sharing,
    share,
    withdraw_from,
    withdraw_sharing,
)
from referrals.services.tallies import rebuild_tallies
from referrals.services.working import complete

__all__ = [
    "AgencySays",
    "Concern",
    "Result",
    "Ticked",
    "accept_idva_case",
    "add_need",
    "allocate_idva_case",
    "answer_agency",
    "answer_opinion",
    "answer_sharing",
    "ask_opinion",
    "batch",
    "check_grade",
    "claim",
    "claim_next",
    "close_idva_case",
    "complete",
    "end_sharings_over",
    "follow_case",
    "follow_children",
    "follow_crime",
    "follow_grade",
    "follow_victim",
    "give_up_idva_contact",
    "hand_over",
    "keep_from",
    "keep_from_withheld",
    "keep_in_service",
    "let_answer_go",
    "needed_after_all",
    "not_needed",
    "note_children_answer",
    "note_reached",
    "open_sharing",
    "owe_review",
    "pass_on_idva_case",
    "pause",
    "plan_court",
    "rebuild_tallies",
    "refer_children",
    "refer_completed",
    "refer_to_advisers",
    "refer_to_unit",
    "refuse_idva_case",
    "release",
    "resume",
    "review_case",
    "say_who",
    "say_why_late",
    "settle_court",
    "settle_need",
    "share",
    "take_back_who",
    "take_over_safe_contact",
    "tell_school",
    "unit_for",
    "withdraw_from",
    "withdraw_opinion",
    "withdraw_sharing",
]

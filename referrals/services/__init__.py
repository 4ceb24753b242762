"""Every write of this app: one verb function for each transition."""

from referrals.services.advising.allocating import (
    allocate_idva_case,
    keep_from,
    pass_on_idva_case,
)
from referrals.services.advising.answering import accept_idva_case, refuse_idva_case
from referrals.services.advising.contacting import give_up_idva_contact, note_reached
from referrals.services.advising.referring import refer_completed, refer_to_advisers
from referrals.services.claiming import claim, claim_next, hand_over, release
from referrals.services.incoming import (
    AgencySays,
    answer_agency,
    refer_to_unit,
    say_who,
    take_back_who,
    take_over_safe_contact,
)
from referrals.services.opening import follow_crime, follow_grade, unit_for
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
    "accept_idva_case",
    "allocate_idva_case",
    "answer_agency",
    "answer_sharing",
    "claim",
    "claim_next",
    "complete",
    "end_sharings_over",
    "follow_crime",
    "follow_grade",
    "give_up_idva_contact",
    "hand_over",
    "keep_from",
    "note_reached",
    "open_sharing",
    "pass_on_idva_case",
    "rebuild_tallies",
    "refer_completed",
    "refer_to_advisers",
    "refer_to_unit",
    "refuse_idva_case",
    "release",
    "say_who",
    "share",
    "take_back_who",
    "take_over_safe_contact",
    "unit_for",
    "withdraw_from",
    "withdraw_sharing",
]

"""What partner agencies refer to the unit: received, said whom it is about, answered."""

from referrals.services.incoming.answering import answer_agency, take_over_safe_contact
from referrals.services.incoming.deciding import say_who, take_back_who
from referrals.services.incoming.receiving import refer_to_unit
from referrals.services.incoming.said import AgencySays

__all__ = [
    "AgencySays",
    "answer_agency",
    "refer_to_unit",
    "say_who",
    "take_back_who",
    "take_over_safe_contact",
]

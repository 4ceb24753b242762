"""Referrals to the unit, what partners are told, the IDVA service, and what victims thought."""

from referrals.models.advising import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.models.incoming import AgencyReferral
from referrals.models.outgoing import AgencyChannel, Outgoing, OutgoingAttempt
from referrals.models.referrals import (
    GradeCheck,
    Referral,
    ReferralDay,
    ReferralPause,
    SecondOpinion,
)
from referrals.models.sharing import ChildrenConcern, SchoolNotice, Sharing
from referrals.models.voice import Survey

__all__ = [
    "AgencyChannel",
    "AgencyReferral",
    "CaseReview",
    "ChildrenConcern",
    "CourtSupport",
    "GradeCheck",
    "IdvaCase",
    "Outgoing",
    "OutgoingAttempt",
    "Referral",
    "ReferralDay",
    "ReferralPause",
    "SchoolNotice",
    "SecondOpinion",
    "Sharing",
    "SupportNeed",
    "Survey",
]

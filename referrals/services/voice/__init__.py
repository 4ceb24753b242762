"""What victims thought of the service: a survey is opened, asked by a safe way, and answered."""

from referrals.services.voice.answering import answer_by_link, behind_link, end_links_over
from referrals.services.voice.asking import Asked, How, ask, not_asked
from referrals.services.voice.opening import fall_away, open_survey

__all__ = [
    "Asked",
    "How",
    "answer_by_link",
    "ask",
    "behind_link",
    "end_links_over",
    "fall_away",
    "not_asked",
    "open_survey",
]

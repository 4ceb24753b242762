"""Whether an attempt to reach a victim keeps to their safe contact, and what must be minded first.

Pure: the page shows it before the telephone is picked up, the service asks it again of what is
logged, and a count of attempts rests on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from victims import safe_hours
from victims.models import Contact, SafeContact

Way = Contact.Way
Outcome = Contact.Outcome
Method = SafeContact.Method

NOT_KNOWN = "No safe way to reach them was known"
_NEVER = {
    Method.CALL: "Do not text, e-mail or visit",
    Method.TEXT: "Do not telephone, e-mail or visit",
    Method.EMAIL: "Do not telephone, text or visit",
    Method.THIRD_PARTY: "Do not reach them directly",
    Method.NONE: "Do not telephone, text, e-mail or visit",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What stands large above every form that is about reaching a victim.

    `never` is what must not be done; `hours_now` says whether this hour is allowed, None where the
    words about hours do not tell.
    """

    contact: SafeContact | None
    never: str
    hours_now: bool | None

    @property
    def may_leave_message(self) -> bool:
        return self.contact is not None and self.contact.may_leave_voicemail

    @property
    def is_known(self) -> bool:
        """Whether there is a safe way at all."""
        return is_known(self.contact)


def rules_of(contact: SafeContact | None, at: datetime) -> Rules:
    """What must be minded now, with this safe contact on record."""
    if contact is None:
        return Rules(None, "Do not telephone, write or visit before somebody has asked how", None)
    return Rules(contact, _NEVER[Method(contact.method)], safe_hours.allows(contact.hours, at))


def is_known(contact: SafeContact | None) -> bool:
    return contact is not None and contact.method != Method.NONE


def departs(way: str, outcome: str, at: datetime, contact: SafeContact | None) -> str:
    """How an attempt departs from the safe contact in force, as a sentence; "" where it does not.

    That they reached us is never a departure: they chose the way and the hour.
    """
    if way == Way.THEY_CAME:
        return ""
    if contact is None or not is_known(contact):
        return f"{NOT_KNOWN}."
    if way != contact.method:
        return f"The safe way is another: {contact.get_method_display().lower()}."
    if safe_hours.allows(contact.hours, at) is False:
        return f"That was outside the safe hours: {contact.hours}."
    is_voicemail = way == Way.CALL and outcome == Outcome.MESSAGE_LEFT
    if is_voicemail and not contact.may_leave_voicemail:
        return "No message may be left."
    return ""


def counts(attempt: Contact) -> bool:
    """Whether this was an attempt by a safe way.

    Where none was known, an attempt with its reason counts: else somebody who cannot be found
    would be owed for ever.
    """
    contact = attempt.safe_contact
    if not departs(attempt.way, attempt.outcome, attempt.at, contact):
        return True
    return not is_known(contact) and attempt.other_way_reason != ""


def how_many(attempts: Sequence[Contact], hours_apart: int) -> int:
    """Of these attempts, how many were by a safe way, each so many hours after the one before.

    Somebody who is rung three times within a quarter of an hour was tried once.
    """
    made, last = 0, None
    for instant in sorted(attempt.at for attempt in attempts if counts(attempt)):
        if last is None or instant - last >= timedelta(hours=hours_apart):
            made, last = made + 1, instant
    return made


def in_words(way: str, contact: SafeContact | None) -> str:
    """The way and the safe contact it kept to or not: for what is told."""
    said = Way(way).label
    if contact is None:
        return f"{said}; no safe contact was on record"
    return f"{said}; safe contact then: {contact}"[:400]

"""A survey is asked in a contact by the safe way: answered there, by a link, or not at all."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from core import policy
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from referrals.models import Survey
from referrals.permissions import can_ask_voice
from referrals.services.voice.opening import SURVEY, record, settle
from referrals.services.voice.questions import checked
from victims.models import Contact, Victim
from victims.services import log_contact

State = Survey.State
Outcome = Contact.Outcome
LONGEST_REASON = 1_000
#: What came of an attempt to ask: answered in it, a link given, not wanted, or nobody reached.
ANSWERED, LINK, DECLINED, NOT_REACHED = "answered", "link", "declined", "not_reached"
RESULTS = (ANSWERED, LINK, DECLINED, NOT_REACHED)
#: Bytes of a link's secret.
_SECRET = 18


@dataclass(frozen=True, kw_only=True)
class How:
    """The contact in which it was asked, as `victims.services.log_contact` takes it.

    `outcome` is read only where nobody was reached.
    """

    way: str
    seen: int
    outcome: str = ""
    words: str = ""
    other_way_reason: str = ""
    contacted_at: datetime | None = None
    key: UUID | None = None


@dataclass(frozen=True)
class Asked:
    """The survey as it stands, and the secret of the link, which nobody here keeps."""

    survey: Survey
    secret: str = ""


@transaction.atomic
def ask(
    *,
    survey_id: int,
    result: str,
    how: How,
    answers: Mapping[str, Any] | None = None,
    words: str = "",
    actor: User,
    at: datetime,
) -> Asked:
    """Log the contact in which it was asked, by its gate, with what came of it.

    `answers` (by question, 1 to 5) and `words` where it was answered at once. Given another link,
    the one before opens nothing. A form sent twice logs one contact and changes nothing more.

    Raises PermissionDenied; InvalidInput at `result`, at a question, at `words`, and as
    `log_contact` does at the fields of the contact; Stale where the safe contact changed;
    AlreadyTaken where it was settled before.
    """
    row = _locked(survey_id)
    if not can_ask_voice(actor):
        raise PermissionDenied("Your role does not ask victims what they thought.")
    if result not in RESULTS:
        raise InvalidInput("Say what came of it.", field="result")
    if result != NOT_REACHED and how.way == Contact.Way.THIRD_PARTY:
        raise InvalidInput("This is asked of the victim, not of somebody else.", field="way")
    if _is_open(row) and result == ANSWERED:
        row.answers, row.words = checked(row.about, answers or {}, words)
    if not _is_open(row) and (row.settled_by_id, row.state) != (actor.pk, _STATES.get(result)):
        raise _settled(row)
    contact = log_contact(
        victim_id=row.victim_id,
        way=how.way,
        outcome=_outcome(result, how),
        words=how.words,
        contacted_at=how.contacted_at,
        seen=how.seen,
        other_way_reason=how.other_way_reason,
        key=how.key,
        actor=actor,
        at=at,
    )
    if not _is_open(row) or row.contact_id == contact.pk or result == NOT_REACHED:
        return Asked(row)
    row.contact = contact
    if result == LINK:
        return Asked(row, _give_link(row, actor, at))
    row.save(update_fields=["contact"])
    settle(row, _STATES[result], actor, at)
    return Asked(row)


@transaction.atomic
def not_asked(*, survey_id: int, state: str, reason: str, actor: User, at: datetime) -> Survey:
    """Say that it was not asked because there was no safe way, or that no answer came.

    `state` is "not_safe" or "no_answer". Said twice it is said once. Raises PermissionDenied,
    InvalidInput at `state` or `reason` (needed, to 1,000 characters), and AlreadyTaken.
    """
    row = _locked(survey_id)
    if not can_ask_voice(actor):
        raise PermissionDenied("Your role does not ask victims what they thought.")
    if state not in {State.NOT_SAFE, State.NO_ANSWER}:
        raise InvalidInput("Say why it was not asked.", field="state")
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    if not _is_open(row):
        if (row.settled_by_id, row.state, row.reason) == (actor.pk, state, reason):
            return row
        raise _settled(row)
    settle(row, State(state), actor, at, reason=reason)
    return row


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


_STATES = {ANSWERED: State.ANSWERED, DECLINED: State.DECLINED}


def _outcome(result: str, how: How) -> str:
    if result != NOT_REACHED:
        return Outcome.REACHED
    if how.outcome in {"", Outcome.REACHED}:
        raise InvalidInput("Say how the attempt ended.", field="outcome")
    return how.outcome


def _give_link(row: Survey, actor: User, at: datetime) -> str:
    secret = secrets.token_urlsafe(_SECRET)
    row.state, row.link_digest = State.LINK_GIVEN, digest_of(secret)
    row.link_until = at + timedelta(days=policy.at(at).survey_link_days)
    row.save(update_fields=["state", "link_digest", "link_until", "contact"])
    deadlines.services.meet(kind=SURVEY, subject=row, actor=actor, at=at)
    record(row, "link_given", "Link to a few questions given", actor, at)
    return secret


def _locked(survey_id: int) -> Survey:
    """The victim first, as everywhere, then the survey."""
    victim_id = Survey.objects.values_list("victim_id", flat=True).get(pk=survey_id)
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    Survey.objects.select_for_update().get(pk=survey_id)
    return Survey.objects.select_related("victim", "settled_by").get(pk=survey_id)


def _is_open(row: Survey) -> bool:
    return row.state in Survey.OPEN


def _settled(row: Survey) -> AlreadyTaken:
    by = f" by {row.settled_by}" if row.settled_by else ""
    return AlreadyTaken(f"This is settled already{by}: {row.get_state_display().lower()}.")

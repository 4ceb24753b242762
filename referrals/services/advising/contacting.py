"""The first contact with a client: made, or given up after enough attempts by the safe way."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.cover import covers_of
from accounts.models import Team, User
from core import policy
from core.clock import local
from core.errors import AlreadyTaken, DomainError
from core.policy import ForcePolicy
from core.text import clean
from deadlines.models import Notification
from referrals.models import IdvaCase
from referrals.services.advising import serving
from referrals.services.advising.locking import locked, refuse_stale, require_supported
from referrals.services.advising.telling import FIRST_CONTACT, record, tell
from victims import safe_way
from victims.models import Contact

LONGEST_WORDS = 1_000


@transaction.atomic
def note_reached(*, contact_id: int, victim_id: int, actor: User, at: datetime) -> None:
    """A victim was spoken with: where their adviser did it, that was the first contact.

    Nothing where there is no such case, where it was made before, or where somebody else spoke with
    them: the police ringing her is not her adviser. Its clock ends at the instant of the contact.
    """
    waiting = IdvaCase.objects.supported().filter(victim=victim_id, first_contact_at__isnull=True)
    pk = waiting.values_list("pk", flat=True).first()
    if pk is None:
        return
    case = locked(pk)
    contact = Contact.objects.select_related("by__team").get(pk=contact_id)
    if case.first_contact_at is not None or not _is_of_case(case, contact):
        return
    case.first_contact_at = contact.at
    case.version += 1
    case.save(update_fields=["first_contact_at", "version"])
    deadlines.services.meet(kind=FIRST_CONTACT, subject=case, actor=actor, at=contact.at)
    there = local(contact.at)
    headline = f"First contact of the adviser, {there.day} {there:%b %Y, %H:%M}"
    record(case, "first_contact", headline, actor, at, {"way": contact.way})


@transaction.atomic
def give_up_idva_contact(
    *, case_id: int, words: str, version: int, actor: User, at: datetime
) -> IdvaCase:
    """Say that the client could not be reached, and what then; the case goes on.

    Only after the policy's number of attempts by a safe way, hours apart (`safe_way.how_many`),
    since it was accepted. Whoever has it may, who stands in for them, and who leads the team.
    Raises PermissionDenied, InvalidInput at `words` (needed, to 1,000 characters), AlreadyTaken
    where they were reached or it was said before, Stale, and DomainError that says how many are
    missing.
    """
    case = locked(case_id)
    if not serving.works_on(actor, case, at):
        raise PermissionDenied(f"{case.owner} has {case.reference}. They say so.")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    require_supported(case)
    _require_not_settled(case)
    refuse_stale(case, version, {"words": words})
    _require_attempts(case, at)
    case.gave_up_at, case.gave_up_words = at, words
    case.version += 1
    case.save(update_fields=["gave_up_at", "gave_up_words", "version"])
    reason = f"Not reached. {words}"[:1_000]
    deadlines.services.cancel(kind=FIRST_CONTACT, subject=case, reason=reason, actor=actor, at=at)
    headline = "The adviser could not reach them"
    record(case, "not_reached", headline, actor, at, {"words": words}, is_grave=True)
    leader = serving.leader_of(case.team, case.victim_id)
    told = [case.owner, *([leader] if leader else [])]
    tell(case, told, "A client could not be reached", actor, at, Notification.Level.WARNING)
    return case


def attempts_of(case: IdvaCase) -> list[Contact]:
    """The service's attempts to reach a client since it accepted them, the newest first.

    Of whoever had the case, stood in or leads the team: passing a client on loses no attempt.
    """
    if case.answered_at is None:
        return []
    rows = Contact.objects.filter(victim=case.victim_id, at__gte=case.answered_at)
    rows = rows.select_related("by__team", "safe_contact").order_by("-at", "-pk")
    return [row for row in rows if _is_of_case(case, row)]


def missing_attempts(attempts: Sequence[Contact], rules: ForcePolicy) -> int:
    """How many attempts by a safe way are missing before it may be given up."""
    made = safe_way.how_many(attempts, rules.attempt_hours_apart)
    return max(rules.idva_contact_attempts - made, 0)


def _is_of_case(case: IdvaCase, contact: Contact) -> bool:
    """Whether a contact was the service's: of an adviser of it, or of who stood in for the owner.

    Before it accepted the client nothing was its to do.
    """
    if case.answered_at is None or contact.at < case.answered_at:
        return False
    team = contact.by.team
    if team and team.kind == Team.Kind.IDVA and team.agency_id == case.team.agency_id:
        return True
    cover = covers_of([case.owner_id], contact.at).get(case.owner_id)
    return cover is not None and cover.cover_id == contact.by_id


def _require_not_settled(case: IdvaCase) -> None:
    if case.first_contact_at is not None:
        raise AlreadyTaken("They were reached meanwhile. Read the contacts.")
    if case.gave_up_at is not None:
        raise AlreadyTaken("This is on record already. A contact still counts when they answer.")


def _require_attempts(case: IdvaCase, at: datetime) -> None:
    rules = policy.at(at)
    needed = rules.idva_contact_attempts
    missing = missing_attempts(attempts_of(case), rules)
    if missing:
        raise DomainError(
            f"{missing} more attempt{'s' if missing > 1 else ''} by a safe way "
            f"{'are' if missing > 1 else 'is'} needed before this may be given up: "
            f"{needed - missing} of {needed} so far, each at least {rules.attempt_hours_apart} "
            "hours after the one before (force policy)."
        )

"""What an agency does with what it was told: opens it, answers it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from core import events
from core.errors import InvalidInput
from core.text import clean
from deadlines.models import Notification
from referrals.events import SharingAnswered
from referrals.models import Sharing
from referrals.services.working import LONGEST_WORDS, one_of
from victims.models import Victim

#: Answers that ask something of the unit, or say that nobody acts there.
TO_BE_READ = (Sharing.Answer.MORE_NEEDED, Sharing.Answer.NOTHING)


@transaction.atomic
def open_sharing(*, sharing: Sharing, path: str, actor: User, at: datetime) -> None:
    """Write that somebody of the agency opened what their agency was told (the caller asked).

    Every opening is kept as a reading; the row says who was first.
    """
    audit.record_read(
        user=actor,
        at=at,
        path=path,
        subject=sharing.reference,
        victim_id=sharing.victim_id,
        incident_id=sharing.incident_id,
    )
    first = Sharing.objects.filter(pk=sharing.pk, opened_at__isnull=True)
    if sharing.opened_at is None and first.update(opened_at=at, opened_by=actor):
        sharing.opened_at, sharing.opened_by = at, actor


@transaction.atomic
def answer_sharing(
    *, sharing_id: int, answer: str, words: str, actor: User, at: datetime
) -> Sharing:
    """Say what the agency does with what it was told.

    The newest answer stands; those before it stay on record and are shown with it. The same answer
    again changes nothing. Raises PermissionDenied for whoever cannot read it (any more),
    InvalidInput at `answer`, and at `words` where an answer needs some.
    """
    answer = one_of(Sharing.Answer, answer, field="answer")
    words = clean(words, field="words", longest=LONGEST_WORDS)
    if answer in TO_BE_READ and not words:
        raise InvalidInput("Say in a few words why, or what is missing.", field="words")
    row = _locked(sharing_id, actor, at)
    if (row.answer, row.answer_words) == (answer, words):
        return row
    row.answer, row.answer_words, row.answered_at, row.answered_by = answer, words, at, actor
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by"])
    audit.record(
        actor=actor,
        at=at,
        verb="sharing.answered",
        subject=row.reference,
        headline=f"{row.agency} answered: {row.get_answer_display()}"[:300],
        victim_id=row.victim_id,
        incident_id=row.incident_id,
        detail={"agency": row.agency.name, "answer": answer, "words": words},
    )
    if answer in TO_BE_READ:
        _tell_unit(row, at)
    events.announce(SharingAnswered(row.pk, row.victim_id, row.agency_id, actor, at))
    return row


def _locked(sharing_id: int, actor: User, at: datetime) -> Sharing:
    """The row, if the actor's agency may read it still: asked under the victim's lock."""
    victim_id = Sharing.objects.values_list("victim_id", flat=True).get(pk=sharing_id)
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    rows = Sharing.objects.for_agency_of(actor, at).select_for_update(of=("self",), no_key=True)
    row = rows.select_related("agency", "shared_by").filter(pk=sharing_id).first()
    if row is None:
        raise PermissionDenied("This was withdrawn, or its time is over.")
    return row


def _tell_unit(row: Sharing, at: datetime) -> None:
    """Whoever shared it hears at once that something is asked of them, or that nobody acts.

    Where they have left, work elsewhere now or must not know any more, whoever leads the unit does.
    """
    deadlines.services.notify(
        users=_who_hears(row),
        level=Notification.Level.WARNING,
        headline=f"{row.agency} answered {row.reference}: {row.get_answer_display()}"[:200],
        reference=row.reference,
        path=reverse("referrals:sharing", args=[row.reference]),
        victim_id=row.victim_id,
        at=at,
    )


def _who_hears(row: Sharing) -> list[User]:
    sharer = row.shared_by
    if sharer.is_active and Victim.objects.visible_to(sharer).filter(pk=row.victim_id).exists():
        return [sharer]
    return list(User.objects.filter(groups__name=Role.MARU_MANAGER, is_active=True))

"""Somebody who looked says that two records are two people; both are counted anew at once."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from perpetrators.models import NotTheSame
from perpetrators.permissions import can_manage_perpetrator
from perpetrators.services.serial.keeping import keep
from victims.models import Person

LONGEST_WORDS = 300


@transaction.atomic
def say_not_the_same(
    *, person_id: int, other_id: int, words: str, actor: User, at: datetime
) -> NotTheSame:
    """Count two records apart from now on, whichever is named first. Said again, it stays as it is.

    Raises PermissionDenied; InvalidInput at `words`, or at `other` for one record twice.
    """
    one, other = _both(person_id, other_id, actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    row, is_new = NotTheSame.objects.get_or_create(
        one=one,
        other=other,
        taken_back_at=None,
        defaults={"words": words, "said_by": actor, "said_at": at},
    )
    if is_new:
        _record(one, other, "set_apart", "Not the same person", words, actor=actor, at=at)
        keep(person_ids=[one.pk, other.pk], actor=actor, at=at)
    return row


@transaction.atomic
def take_back(*, person_id: int, other_id: int, words: str, actor: User, at: datetime) -> None:
    """It was wrong that two records are two people: their likeness counts again.

    Raises PermissionDenied; InvalidInput at `words`; DomainError where nobody had said so.
    """
    one, other = _both(person_id, other_id, actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    row = NotTheSame.objects.filter(one=one, other=other, taken_back_at__isnull=True).first()
    if row is None:
        raise DomainError("Nobody had said that these are two people.")
    row.taken_back_at, row.taken_back_by, row.taken_back_words = at, actor, words
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_words"])
    _record(one, other, "not_set_apart", "May be the same person", words, actor=actor, at=at)
    keep(person_ids=[one.pk, other.pk], actor=actor, at=at)


def _both(person_id: int, other_id: int, actor: User) -> tuple[Person, Person]:
    """The two records, locked, the lower number first."""
    rows = Person.objects.filter(pk__in=[person_id, other_id]).order_by("pk")
    people = list(rows.select_for_update(no_key=True))
    if not can_manage_perpetrator(actor):
        raise PermissionDenied("Only those who keep management plans say who is whom.")
    if len(people) != 2:
        raise InvalidInput("Choose another record.", field="other")
    return people[0], people[1]


def _record(
    one: Person, other: Person, verb: str, headline: str, words: str, *, actor: User, at: datetime
) -> None:
    """In the history of both."""
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb=f"serial.{verb}",
            headline=f"{headline}: {there.reference}",
            subject=here.reference,
            detail={"words": words, "other": there.reference},
        )
        for here, there in ((one, other), (other, one))
    )

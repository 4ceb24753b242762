"""Rows written together: as `save` would write them, in one statement to the database."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from core.references import Kind, reserve
from core.writing import write_together
from deadlines.models import Deadline
from victims.models import Person, PersonName


def person(at: datetime, **more: Any) -> Person:
    [place] = reserve([(Kind.PERSON, Person)], at)
    return Person(pk=place.pk, reference=place.reference, created_at=at, **more)


def test_every_kind_of_value_comes_back_as_it_was(at: datetime, people: Any) -> None:
    one = person(at, given_name="50% O'Neill; --", date_of_birth=date(1991, 3, 14))
    event = AuditEvent(
        actor=people("handler"),
        actor_name="Somebody",
        at=at,
        verb="a.verb",
        headline="A headline",
        subject=one.reference,
        detail={"said": ["%s", 'a "quoted" word', None]},
    )
    watched = Deadline(
        kind="arrival",
        subject_type="victims.person",
        subject_id=one.pk,
        subject_reference=one.reference,
        started_at=at,
        due_at=at,
        basis="",
        step_times=[at, at + timedelta(hours=1)],
        look_at=at,
    )
    write_together([one, PersonName(person=one, family_name="Pike"), event, watched])
    kept = Person.objects.get(reference=one.reference)
    assert (kept.given_name, kept.date_of_birth, kept.sex) == (
        "50% O'Neill; --",
        date(1991, 3, 14),
        "unknown",
    )
    assert kept.names.get().family_name == "Pike"
    assert AuditEvent.objects.get(subject=one.reference).detail == event.detail
    assert AuditEvent.objects.get(subject=one.reference).recorded_at
    assert Deadline.objects.get(subject_id=one.pk).step_times == watched.step_times


def test_an_empty_list_is_a_list(at: datetime, people: Any) -> None:
    watched = Deadline(
        kind="arrival",
        subject_type="victims.person",
        subject_id=1,
        subject_reference="P-2026-000001",
        started_at=at,
        due_at=at,
        basis="",
        step_times=[],
    )
    write_together([watched])
    assert Deadline.objects.get(subject_id=1).step_times == []


def test_ten_rows_of_two_models_are_one_round_trip(
    at: datetime, db: None, django_assert_num_queries: Any
) -> None:
    places = reserve([(Kind.PERSON, Person)] * 5, at)
    some = [Person(pk=one.pk, reference=one.reference, created_at=at) for one in places]
    with django_assert_num_queries(1):
        write_together([*some, *(PersonName(person=one, family_name="Pike") for one in some)])
    assert PersonName.objects.filter(person__in=some).count() == 5


def test_a_row_written_is_changed_and_not_written_again(at: datetime, db: None) -> None:
    one = person(at)
    write_together([one])
    one.family_name = "Pike"
    one.save()
    assert Person.objects.get(pk=one.pk).family_name == "Pike"


def test_what_the_database_refuses_is_raised_and_nothing_stays(at: datetime, db: None) -> None:
    one = person(at)
    double = Person(reference=one.reference, created_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        write_together([one, double])
    assert not Person.objects.filter(reference=one.reference).exists()


def test_nothing_asks_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        write_together([])
        assert reserve([], datetime.max) == []

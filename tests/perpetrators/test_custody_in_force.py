"""Bail and custody as a call about these people is told of them."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.history.told import Asked, Told
from perpetrators.custody_in_force import bail_and_custody
from tests.factories.custody import AT, couple, custody_event
from tests.personas import person
from victims.models import Person

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def darren() -> Person:
    return couple()[0]


def told(*people: Person, days: int = 0) -> list[Told]:
    asked = Asked(
        person_ids=(),
        perpetrator_ids=tuple(one.pk for one in people),
        address_id=None,
        at=AT + days * DAY,
        reader=person("handler"),
    )
    return list(bail_and_custody(asked))


def test_a_call_about_a_breach_shows_what_bail_forbids(darren: Person) -> None:
    custody_event(
        "bail",
        bail_until=AT + 28 * DAY,
        conditions=[
            {"kind": "no_contact", "words": "not to speak to Siobhán"},
            {"kind": "keep_away", "words": "not to enter Tanglewood Court"},
        ],
    )
    (one,) = told(darren)
    assert one.words == (
        "Darren Pike is on bail until 21 Dec 2026 at 10:00: "
        "not to speak to Siobhán; not to enter Tanglewood Court"
    )
    assert one.is_alarming
    assert one.url == f"/people/{darren.reference}/"


def test_bail_past_its_end_is_not_said_to_bind(darren: Person) -> None:
    custody_event("bail", bail_until=AT + DAY)
    (one,) = told(darren, days=2)
    assert one.words.endswith("was on bail until 24 Nov 2026 at 10:00; nothing is recorded since")


@pytest.mark.parametrize(
    ("kind", "words", "alarms"),
    [
        ("arrest", "is in police custody since 23 Nov 2026 at 09:30", False),
        ("remand", "is remanded in custody since 23 Nov 2026 at 09:30", False),
        ("under-investigation", "is at liberty, under investigation since", True),
    ],
)
def test_where_they_are(darren: Person, kind: str, words: str, alarms: bool) -> None:
    custody_event(kind)
    (one,) = told(darren)
    assert words in one.words
    assert one.is_alarming is alarms


def test_a_release_to_come_is_said(darren: Person) -> None:
    custody_event("prison")
    custody_event("prison-release-planned", release_on=(AT + 5 * DAY).date().isoformat())
    assert told(darren)[0].words.endswith(", release expected 28 Nov 2026")


def test_what_is_over_is_not_told(darren: Person) -> None:
    custody_event("bail", happened_at=AT - HOUR)
    custody_event("no-further-action")
    assert told(darren) == []


def test_it_is_one_query_and_none_for_nobody(
    darren: Person, django_assert_num_queries: Any
) -> None:
    custody_event("bail")
    handler = person("handler")
    with django_assert_num_queries(1):
        list(bail_and_custody(Asked((), (darren.pk,), None, AT, handler)))
    with django_assert_num_queries(0):
        list(bail_and_custody(Asked((), (), None, AT, handler)))

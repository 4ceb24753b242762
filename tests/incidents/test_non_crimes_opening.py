"""What opens a review of repeated incidents without a crime, and which of them count."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from core import policy
from core.clock import months_before
from deadlines.models import Deadline
from incidents.models import Incident, NonCrimeReview
from incidents.services.crimes import non_crimes
from incidents.services.response import CrimeNamed
from tests.factories.incidents import SIOBHAN, in_call
from tests.incidents.helpers_non_crimes import attend, known_couple, non_crime, settle, siobhan
from tests.marks import committed
from tests.personas import person
from victims.models import Person

People = Callable[[str], User]

DAY = timedelta(days=1)


# --- Opening --------------------------------------------------------------------------------------


db = pytest.mark.django_db


@db
def test_the_third_in_twelve_months_opens_a_review(at: datetime, people: People) -> None:
    people("supervisor")
    rows = [
        non_crime(at - 90 * DAY),
        non_crime(at - 30 * DAY, grade="routine", grade_override_reason="Only words"),
    ]
    assert not NonCrimeReview.objects.exists()
    rows.append(non_crime(at))
    review = NonCrimeReview.objects.get()
    assert review.victim == siobhan()
    assert review.incident == rows[-1]
    assert review.incidents_counted == [row.reference for row in rows]
    assert "3 incidents without a crime within 12 months" in review.basis
    clock_ = Deadline.objects.get(kind="non_crime_review")
    assert clock_.owner == people("supervisor")
    assert clock_.team == siobhan().contact_team
    assert clock_.due_at - clock_.started_at == DAY
    assert clock_.subject_reference == siobhan().reference


@db
def test_the_order_in_which_they_are_established_does_not_matter(at: datetime) -> None:
    rows = [attend(at - 60 * DAY), attend(at - 30 * DAY), attend(at)]
    for row in (rows[0], rows[2], rows[1]):
        settle(row, at + timedelta(hours=2))
    assert NonCrimeReview.objects.get().incidents_counted == [row.reference for row in rows]


@db
@pytest.mark.parametrize(("back", "opened"), [(timedelta(0), False), (timedelta(minutes=-1), True)])
def test_twelve_months_to_the_minute(at: datetime, back: timedelta, opened: bool) -> None:
    non_crime(months_before(at, 12) - back)
    non_crime(at - DAY)
    non_crime(at)
    assert NonCrimeReview.objects.exists() == opened


@db
def test_one_with_a_crime_does_not_count(at: datetime) -> None:
    non_crime(at - 3 * DAY)
    row = attend(at - 2 * DAY)
    settle(row, at - DAY, crime_committed="yes", crimes=(CrimeNamed(category="stalking"),))
    non_crime(at)
    assert not NonCrimeReview.objects.exists()


@db
def test_the_same_couple_the_other_way_round_counts_too(at: datetime) -> None:
    rows = [non_crime(at - 3 * DAY), non_crime(at - 2 * DAY)]
    rows.append(non_crime(at, people=known_couple(swapped=True)))
    review = NonCrimeReview.objects.get()
    assert review.victim.person.given_name == "Darren"
    assert review.incidents_counted == [row.reference for row in rows]


@db
def test_what_they_did_to_somebody_else_does_not_count(at: datetime) -> None:
    other = {**SIOBHAN, "given_name": "Mina", "family_name": "Sand", "date_of_birth": None}
    non_crime(at - 5 * DAY)
    darren = Person.objects.get(given_name="Darren")
    non_crime(
        at - 4 * DAY,
        people=(in_call("victim", **other), in_call("perpetrator", person_id=darren.pk)),
    )
    non_crime(at - DAY, people=known_couple(swapped=True))
    non_crime(at, people=known_couple(swapped=True))
    # Darren: two of his own and the one with Siobhán; not the one with Mina.
    review = NonCrimeReview.objects.get()
    assert len(review.incidents_counted) == 3


@db
def test_recording_again_changes_nothing(at: datetime) -> None:
    non_crime(at - 3 * DAY)
    non_crime(at - 2 * DAY)
    row = non_crime(at)
    settle(row, at + timedelta(hours=3), version=1, account="More was said.")
    review = NonCrimeReview.objects.get()
    assert (review.version, len(review.incidents_counted)) == (1, 3)


@db
def test_policy_says_how_many(at: datetime, people: People) -> None:
    policy.change(
        actor=people("head"),
        at=at,
        effective_from=at,
        reason="Two",
        changes={"non_crime_repeats": 2},
    )
    non_crime(at + DAY)
    non_crime(at + 2 * DAY)
    assert NonCrimeReview.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------


@committed
def test_two_that_are_established_at_once_are_both_counted(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sees only itself and the first; the one that waits for the victim's row sees both."""
    count = non_crimes._follow_victim

    def slowly(*args: Any) -> NonCrimeReview | None:
        counted = count(*args)
        time.sleep(0.7)
        return counted

    monkeypatch.setattr(non_crimes, "_follow_victim", slowly)
    person("supervisor")
    non_crime(at - 5 * DAY)
    rows = [attend(at - 2 * DAY), attend(at - DAY)]

    def work(row: Incident) -> None:
        try:
            settle(row, at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, rows))
    assert len(NonCrimeReview.objects.get().incidents_counted) == 3

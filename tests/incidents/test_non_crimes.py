"""Repeated incidents without a crime: how they are counted, who decides, what takes them back."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core import clock, policy
from core.clock import months_before
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from incidents import closure_conditions
from incidents.deadlines import owing_a_crime_number
from incidents.models import Incident, NonCrimeReview
from incidents.services import closure, crimes, dispatch, response
from incidents.services.crimes import non_crimes
from incidents.services.crimes.counting import fullest_window
from incidents.services.response import CrimeNamed
from risk import services as risk_services
from tests.factories import closure as gate
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.response import attended, findings
from tests.marks import committed
from tests.personas import person
from victims.models import Person, Victim

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")

# --- Counting, without a database -----------------------------------------------------------------

INSTANTS = st.datetimes(
    min_value=datetime(2024, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)
)


@given(st.lists(INSTANTS, min_size=1, max_size=12, unique=True), st.data())
def test_a_window_holds_its_incident_and_spans_less_than_the_months(
    instants: list[datetime], data: st.DataObject
) -> None:
    of = data.draw(st.sampled_from(instants))
    found = fullest_window(instants, of, 12)
    assert of in found
    assert found == sorted(found)
    assert months_before(found[-1], 12) < found[0]


@given(st.lists(INSTANTS, min_size=1, max_size=8, unique=True), st.data())
def test_no_window_holds_more(instants: list[datetime], data: st.DataObject) -> None:
    """Against trying every pair of ends."""
    of = data.draw(st.sampled_from(instants))
    spans = [
        [one for one in instants if first <= one <= last]
        for first in instants
        for last in instants
        if first <= of <= last and months_before(last, 12) < first
    ]
    assert len(fullest_window(instants, of, 12)) == max(map(len, spans))


@given(st.lists(INSTANTS, min_size=1, max_size=8, unique=True), INSTANTS, st.data())
def test_one_more_never_makes_it_fewer(
    instants: list[datetime], more: datetime, data: st.DataObject
) -> None:
    of = data.draw(st.sampled_from(instants))
    assert len(fullest_window([*instants, more], of, 12)) >= len(fullest_window(instants, of, 12))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        # Exactly twelve months by the wall clock, over clock changes and without.
        (datetime(2025, 11, 23, 10, tzinfo=LONDON), datetime(2026, 11, 23, 10, tzinfo=LONDON), 1),
        (
            datetime(2025, 11, 23, 10, 1, tzinfo=LONDON),
            datetime(2026, 11, 23, 10, tzinfo=LONDON),
            2,
        ),
        (datetime(2025, 10, 26, 9, tzinfo=LONDON), datetime(2026, 10, 26, 9, tzinfo=LONDON), 1),
        (datetime(2025, 3, 30, 9, tzinfo=LONDON), datetime(2026, 3, 30, 9, tzinfo=LONDON), 1),
        # Summer time began a day earlier the second year: the wall clock decides, not the hours.
        (datetime(2025, 3, 29, 9, tzinfo=LONDON), datetime(2026, 3, 29, 9, tzinfo=LONDON), 1),
        (datetime(2025, 3, 29, 9, 30, tzinfo=LONDON), datetime(2026, 3, 29, 9, tzinfo=LONDON), 2),
        (datetime(2024, 2, 29, 9, tzinfo=LONDON), datetime(2025, 2, 28, 9, tzinfo=LONDON), 2),
    ],
)
def test_exactly_twelve_months_is_not_within_them(
    first: datetime, last: datetime, count: int
) -> None:
    assert len(fullest_window([first, last], last, 12)) == count
    assert len(fullest_window([first, last], first, 12)) == count


# --- Opening --------------------------------------------------------------------------------------

pytestmark: list[Any] = []
db = pytest.mark.django_db


def known_couple(*, swapped: bool = False) -> tuple[Any, ...]:
    """The same two people, as they stood first or the other way round."""
    ids = [
        Person.objects.filter(given_name=one["given_name"]).values_list("pk", flat=True).first()
        for one in (SIOBHAN, DARREN)
    ]
    if None in ids:
        return in_call("victim", **SIOBHAN), in_call("perpetrator", **DARREN)
    first, second = reversed(ids) if swapped else ids
    return in_call("victim", person_id=first), in_call("perpetrator", person_id=second)


def attend(at: datetime, **changes: Any) -> Incident:
    """The couple again, an officer there."""
    return attended(at=at, people=changes.pop("people", None) or known_couple(), **changes)


def settle(row: Incident, at: datetime, version: int = 0, **changes: Any) -> None:
    response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(**changes),
        version=version,
        at=at,
    )


def non_crime(at: datetime, **changes: Any) -> Incident:
    row = attend(at, **changes)
    settle(row, at + timedelta(hours=1))
    return row


def siobhan() -> Victim:
    return Victim.objects.get(person__given_name="Siobhán")


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


# --- What comes after -----------------------------------------------------------------------------


@pytest.fixture
def three(db: None, at: datetime) -> list[Incident]:
    person("supervisor")
    return [non_crime(at - 3 * DAY), non_crime(at - 2 * DAY), non_crime(at - DAY)]


def decided(at: datetime, **changes: Any) -> NonCrimeReview:
    review = NonCrimeReview.objects.latest("pk")
    said = {"decision": "plan", "words": "Weekly visits.", "version": review.version, **changes}
    actor = said.pop("actor", person("supervisor"))
    return crimes.decide(review_id=review.pk, actor=actor, at=at, **said)


def test_a_team_that_cannot_decide_is_not_asked(at: datetime, people: People, db: None) -> None:
    """The referral unit is responsible for her; the officer's own supervisor decides."""
    people("supervisor")
    non_crime(at - 3 * DAY)
    Victim.objects.update(contact_team=people("manager").team)
    non_crime(at - 2 * DAY)
    non_crime(at - DAY)
    clock_ = Deadline.objects.get(kind="non_crime_review")
    assert (clock_.owner, clock_.team) == (people("supervisor"), people("officer").team)


def test_a_fourth_while_it_waits_is_added(three: list[Incident], at: datetime) -> None:
    fourth = non_crime(at)
    review = NonCrimeReview.objects.get()
    assert review.incidents_counted == [row.reference for row in (*three, fourth)]
    assert (review.incident, review.version) == (fourth, 2)
    assert review.basis.startswith("4 incidents")
    with pytest.raises(Stale):
        decided(at, version=1)


def test_a_fourth_after_the_decision_opens_another(three: list[Incident], at: datetime) -> None:
    decided(at)
    settle(three[0], at, version=1, account="More was said.")
    assert NonCrimeReview.objects.count() == 1
    fourth = non_crime(at + DAY)
    review = NonCrimeReview.objects.latest("pk")
    assert NonCrimeReview.objects.count() == 2
    assert review.incident == fourth
    assert len(review.incidents_counted) == 4


def test_a_crime_recorded_after_all_takes_it_back(
    three: list[Incident], at: datetime, people: People
) -> None:
    response.record_crime(
        incident_id=three[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    review = NonCrimeReview.objects.get()
    assert review.fell_away_at == at
    assert Deadline.objects.get(kind="non_crime_review").state == "cancelled"
    with pytest.raises(DomainError, match="fell away"):
        decided(at)


def test_a_first_response_put_right_takes_it_back(three: list[Incident], at: datetime) -> None:
    crime = (CrimeNamed(category="stalking"),)
    settle(three[0], at, version=1, crime_committed="yes", crimes=crime)
    assert NonCrimeReview.objects.get().fell_away_at == at
    settle(three[0], at, version=2)
    assert NonCrimeReview.objects.filter(fell_away_at=None).count() == 1


def test_with_enough_left_the_review_goes_on(
    three: list[Incident], at: datetime, people: People
) -> None:
    fourth = non_crime(at)
    response.record_crime(
        incident_id=fourth.pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    review = NonCrimeReview.objects.get()
    assert review.fell_away_at is None
    assert review.incidents_counted == [row.reference for row in three]
    assert review.incident == three[-1]


def test_a_supervisor_decides_with_words(
    three: list[Incident], at: datetime, people: People
) -> None:
    for said in ({"words": " "}, {"decision": ""}, {"decision": "nothing"}):
        with pytest.raises(InvalidInput):
            decided(at, **said)
    review = decided(at)
    assert (review.decision, review.decided_by) == ("plan", people("supervisor"))
    assert Deadline.objects.get(kind="non_crime_review").state == "met"
    assert decided(at).version == review.version
    with pytest.raises(AlreadyTaken, match="Obi decided already"):
        decided(at, decision="no_steps", version=2)


@pytest.mark.parametrize("who", ["officer", "handler", "inspector", "worker", "idva", "nobody"])
def test_nobody_else_decides(three: list[Incident], at: datetime, people: People, who: str) -> None:
    with pytest.raises(PermissionDenied):
        decided(at, actor=people(who))


# --- A crime should have been recorded ------------------------------------------------------------


def crime_owed(three: list[Incident], at: datetime, **changes: Any) -> NonCrimeReview:
    said = {"decision": "crime", "incident": three[1].reference, "category": "stalking"}
    return decided(at, **{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"incident": ""}, "incident"),
        ({"incident": "DA-2026-999999"}, "incident"),
        ({"category": ""}, "category"),
        ({"category": "rudeness"}, "category"),
    ],
)
def test_it_must_be_said_which_crime(
    three: list[Incident], at: datetime, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        crime_owed(three, at, **changes)
    assert refused.value.field == field
    assert NonCrimeReview.objects.get().decision == ""


def test_a_crime_that_should_have_been_recorded_is_owed(
    three: list[Incident], at: datetime, people: People
) -> None:
    crime_owed(three, at)
    duty = Deadline.objects.open().get(kind="crime_recorded")
    assert (duty.subject_reference, duty.owner) == (three[1].reference, people("officer"))
    assert (duty.started_at, duty.due_at) == (at, at + DAY)
    assert owing_a_crime_number([row.pk for row in three]) == {three[1].pk}
    told = Notification.objects.get(user=people("officer"), reference=three[1].reference)
    assert "stalking" in told.headline
    (missing,) = [
        one for one in closure_conditions.missing_of(three[1], at) if "supervisor" in one.words
    ]
    assert missing.url.endswith("#crimes")
    # Saying again that there was none takes nothing back.
    settle(three[1], at, version=1)
    assert Deadline.objects.open().filter(kind="crime_recorded").exists()
    response.record_crime(
        incident_id=three[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    assert Deadline.objects.get(kind="crime_recorded").state == "met"
    assert not owing_a_crime_number([three[1].pk])
    assert Incident.objects.get(pk=three[1].pk).non_crime_reason == ""


def test_the_crime_of_a_closed_incident_is_owed_too(at: datetime, people: People, db: None) -> None:
    person("supervisor")
    rows = [gate.closed(at=at - days * DAY, people=known_couple()) for days in (3, 2)]
    non_crime(at - DAY)
    crime_owed(rows, at)
    response.record_crime(
        incident_id=rows[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].non_crime_reason) == ("closed", "")
    assert Deadline.objects.get(kind="crime_recorded").state == "met"


def test_non_crimes_are_counted_at_closure(at: datetime, people: People, db: None) -> None:
    """Nobody was there, so that only the inspector's signature settles that it was no crime."""
    person("supervisor")
    non_crime(at - 3 * DAY)
    non_crime(at - 2 * DAY)
    row = incident(at=at - DAY, people=known_couple())
    dispatch.send_nobody(
        incident_id=row.pk, actor=people("handler"), reason="she is at the counter", at=at - DAY
    )
    begun = risk_services.open_assessment(
        incident_id=row.pk, victim_id=siobhan().pk, actor=people("officer"), at=at - DAY
    )
    gate.assess(begun, at)
    waiting = closure.request_closure(
        incident_id=row.pk,
        actor=people("handler"),
        answers=gate.answered(),
        non_crime_reason="Words only.",
        at=at,
    )
    assert not NonCrimeReview.objects.exists()
    gate.decided(waiting, "signed_off", at=at)
    assert NonCrimeReview.objects.get().incident == row


def test_the_page_asks_which_crime_it_was(
    three: list[Incident], at: datetime, sign_in: SignIn
) -> None:
    client, address = sign_in("supervisor"), f"/non-crime-reviews/{siobhan().reference}/"
    said = {"version": 1, "decision": "crime", "words": "He followed her.", "category": "stalking"}
    refused = client.post(address, said)
    assert refused.status_code == 400
    assert "Choose which of the incidents was a crime." in refused.content.decode()
    assert "He followed her." in refused.content.decode()
    assert client.post(address, {**said, "incident": three[0].reference}).status_code == 302
    assert f"/incidents/{three[0].reference}/#crimes" in client.get(address).content.decode()
    shown = sign_in("officer").get(f"/incidents/{three[0].reference}/").content.decode()
    assert "A crime should have been recorded: stalking." in shown


# --- Pages ----------------------------------------------------------------------------------------


def test_the_incidents_stand_side_by_side(
    three: list[Incident], at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    client, address = sign_in("supervisor"), f"/non-crime-reviews/{siobhan().reference}/"
    assert address in client.get("/non-crime-reviews/").content.decode()
    assert address in client.get(f"/incidents/{three[0].reference}/").content.decode()
    page = client.get(address).content.decode()
    for row in three:
        assert row.reference in page
    assert page.count("Words only, no threat.") == 3
    assert page.count("Locks changed tonight") == 3
    refused = client.post(address, {"version": 1, "decision": "plan", "words": ""})
    assert refused.status_code == 400
    said = {"version": 1, "decision": "plan", "words": "Weekly visits."}
    assert client.post(address, said).status_code == 302
    assert "Weekly visits." in client.get(address).content.decode()
    assert "Siobhán" in client.get("/non-crime-reviews/?shown=settled").content.decode()
    assert "No review waits" in client.get("/non-crime-reviews/").content.decode()


def test_a_stale_decision_loses_nothing(
    three: list[Incident], at: datetime, sign_in: SignIn
) -> None:
    non_crime(at)
    answer = sign_in("supervisor").post(
        f"/non-crime-reviews/{siobhan().reference}/",
        {"version": 1, "decision": "plan", "words": "Weekly visits."},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Weekly visits." in page
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("worker", 403), ("idva", 404)])
def test_whose_page_it_is(three: list[Incident], sign_in: SignIn, who: str, status: int) -> None:
    client = sign_in(who)
    assert client.get(f"/non-crime-reviews/{siobhan().reference}/").status_code == status
    assert client.get("/non-crime-reviews/").status_code == 403


PAGE_QUERIES = 20


def test_the_pages_cost_the_same_however_many(
    three: list[Incident], at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("supervisor")
    for number in range(6):
        non_crime(at + number * timedelta(minutes=1))
    for address in ("/non-crime-reviews/", f"/non-crime-reviews/{siobhan().reference}/"):
        client.get(address)
        with django_assert_max_num_queries(PAGE_QUERIES):
            client.get(address)


def test_ones_own_team_stands_first(
    three: list[Incident], at: datetime, sign_in: SignIn, people: People
) -> None:
    """The review of another team's is due earlier, and still stands below."""
    Deadline.objects.filter(kind="non_crime_review").update(team=people("handler").team)
    people_ = (in_call("victim", given_name="Mina", family_name="Sand"),)
    for number in range(3):
        non_crime(
            at + number * timedelta(minutes=1),
            people=people_
            if not number
            else (in_call("victim", person_id=Person.objects.get(given_name="Mina").pk),),
        )
    page = sign_in("supervisor").get("/non-crime-reviews/").content.decode()
    assert page.index("Mina Sand") < page.index("Siobhán")


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

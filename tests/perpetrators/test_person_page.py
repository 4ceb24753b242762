"""The page of a person complained of: what it shows, to whom, and that looking is on record."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import RecordRead
from perpetrators import parts
from perpetrators.pages.people import court, releases
from tests.factories.custody import AT, couple, custody_event
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def page(who: Person, username: str = "custody") -> str:
    client = Client()
    client.force_login(person(username), backend="accounts.backends.RoleBackend")
    response = client.get(f"/people/{who.reference}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def both() -> tuple[Person, Victim]:
    return couple()


def test_custody_bail_court_and_releases_are_told(both: tuple[Person, Victim]) -> None:
    darren, victim = both
    custody_event("arrest", where="Fenwick custody", offence="assault")
    custody_event(
        "bail",
        bail_until=AT + 30 * DAY,
        conditions=[{"kind": "no_contact", "words": "not to speak to Siobhán"}],
    )
    custody_event("court-date", hearing_at=AT + 20 * DAY, hearing="plea", court="Fenwick court")
    shown = page(darren)
    assert "On bail until 23 Dec 2026 at 10:00" in shown
    assert "not to speak to Siobhán" in shown
    assert "Plea, Fenwick court" in shown
    assert "Released on bail" in shown
    assert "Arrested" in shown
    assert victim.reference in shown


def test_hearings_to_come_stand_before_those_that_were(both: tuple[Person, Victim]) -> None:
    custody_event("court-date", hearing_at=AT - 3 * DAY, court="Fenwick court", listing="L1")
    custody_event("court-date", hearing_at=AT + 20 * DAY, court="Fenwick court", listing="L2")
    custody_event("court-date", hearing_at=AT + 2 * DAY, court="Fenwick court", listing="L3")
    shown = court(both[0], person("custody"), AT)
    assert shown is not None
    assert [row.listing for row in shown["hearings"]] == ["L3", "L2", "L1"]


def test_a_release_planned_is_on_it_and_a_cancelled_one_stays(both: tuple[Person, Victim]) -> None:
    darren, _ = both
    custody_event("prison", where="HMP Whitmoor")
    custody_event("prison-release-planned", release_at=AT + 5 * DAY)
    assert "Expected 28 Nov 2026 at 10:00" in page(darren)
    custody_event("prison-release-cancelled")
    shown = page(darren)
    assert "None planned" in shown
    assert "cancelled" in shown


def test_of_several_releases_the_soonest_stands_first(both: tuple[Person, Victim]) -> None:
    darren, _ = both
    for number, days in (("C/1", 30), ("C/2", 5)):
        custody_event("prison", custody_number=number)
        custody_event("prison-release-planned", custody_number=number, release_at=AT + days * DAY)
    shown = releases(darren, person("custody"), AT)
    assert shown is not None
    assert [row.expected_at for row, _ in shown["releases"]] == [AT + 5 * DAY, AT + 30 * DAY]


def test_told_late_is_marked(both: tuple[Person, Victim]) -> None:
    custody_event("release", happened_at=AT - 2 * DAY)
    assert "reported late, 23 Nov 2026 at 10:00" in page(both[0])


def test_looking_is_on_record(both: tuple[Person, Victim]) -> None:
    page(both[0], "officer")
    assert RecordRead.objects.get(subject=both[0].reference).user_id == person("officer").pk


def test_who_was_only_ever_harmed_has_no_such_page(both: tuple[Person, Victim]) -> None:
    client = Client()
    client.force_login(person("custody"), backend="accounts.backends.RoleBackend")
    assert client.get(f"/people/{both[1].person.reference}/").status_code == 404


def test_an_adviser_sees_nobody_complained_of(both: tuple[Person, Victim]) -> None:
    client = Client()
    client.force_login(person("idva"), backend="accounts.backends.RoleBackend")
    assert client.get(f"/people/{both[0].reference}/").status_code == 404


def test_the_page_costs_so_many_queries_and_no_more(
    both: tuple[Person, Victim], django_assert_max_num_queries: object
) -> None:
    custody_event("arrest")
    custody_event("bail", bail_until=AT + 30 * DAY)
    client = Client()
    client.force_login(person("custody"), backend="accounts.backends.RoleBackend")
    client.get(f"/people/{both[0].reference}/")
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        client.get(f"/people/{both[0].reference}/")


def test_parts_are_for_known_slots() -> None:
    with pytest.raises(ValueError, match="no slot"):
        parts.register("cellar", 1, "x.html", lambda person, user, at: None)

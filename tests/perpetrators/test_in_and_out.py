"""In and out, the custody officer's home: what stands on it, in which order, at which price."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.navigation import home_of
from core import clock
from perpetrators.pages.in_and_out import Show, board
from perpetrators.services.releases import look_ahead
from tests.factories.custody import AT, couple, custody_event, deliver, known_as, message
from tests.factories.incidents import in_call, incident
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
QUERIES = 24


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[Person, Victim]:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return couple()


def planned(days: int, *, number: str = "N/87/1", run: str = "C/26/100") -> None:
    said: dict[str, Any] = {"person_number": number, "custody_number": run}
    deliver(message("prison", happened_at=AT - 90 * DAY, where="HMP Whitmoor", **said))
    deliver(message("prison-release-planned", release_at=AT + days * DAY, **said))


def another(number: str, name: str) -> Person:
    """Somebody else who harmed somebody else, known to custody by this number."""
    row = incident(
        at=AT - 40 * DAY,
        people=(
            in_call("victim", given_name=name, family_name="Whitcombe"),
            in_call("perpetrator", given_name=name, family_name="Marsh"),
        ),
    )
    found = row.involvements.get(role="perpetrator").person
    known_as(found, number)
    return found


def page(show: str = "", username: str = "custody") -> str:
    client = Client()
    client.force_login(person(username), backend="accounts.backends.RoleBackend")
    response = client.get("/custody/", {"show": show} if show else {})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def shown(show: Show, at: datetime = AT) -> Any:
    return board(person("custody"), show=show, page=None, at=at)


def test_a_release_stands_with_its_victims_and_who_must_tell_them(
    both: tuple[Person, Victim],
) -> None:
    planned(5)
    text = page()
    assert "28 Nov 2026 at 10:00" in text
    assert "not told" in text
    assert both[1].reference in text
    (row,) = shown(Show.RELEASES).planned
    (watched,) = row.watched
    assert watched.who
    assert watched.reassessment is not None
    assert row.untold == 1


def test_told_it_says_by_whom(both: tuple[Person, Victim]) -> None:
    planned(5)
    VictimUpdate.objects.filter(about="release_ahead").update(
        state="told", settled_at=AT, settled_by=person("investigator"), outcome="telephone"
    )
    assert "by DC 0877 W. Lewis" in page()
    assert shown(Show.UNTOLD).planned == []
    assert shown(Show.RELEASES).numbers.untold == 0


def test_far_off_nobody_has_to_be_told_yet(both: tuple[Person, Victim]) -> None:
    planned(60)
    (row,) = shown(Show.RELEASES).planned
    assert (row.is_raised, row.untold) == (False, 0)
    assert shown(Show.UNTOLD).planned == []


def test_alarms_stand_on_top_of_every_list(both: tuple[Person, Victim]) -> None:
    planned(1)
    later = AT + DAY + 2 * HOUR
    look_ahead(at=later)
    for show in Show:
        found = shown(show, later)
        assert [row.release.episode.person for row in found.alarms] == [both[0]]
        assert found.numbers.alarms == 1
    assert shown(Show.RELEASES, later).planned == []


def test_the_nearest_release_stands_first(both: tuple[Person, Victim]) -> None:
    planned(9)
    kyle = another("N/2", "Kyle")
    planned(3, number="N/2", run="C/26/200")
    order = [row.release.episode.person for row in shown(Show.RELEASES).planned]
    assert order == [kyle, both[0]]


def test_held_on_bail_and_let_out_today_are_lists(both: tuple[Person, Victim]) -> None:
    custody_event("arrest", happened_at=AT - 5 * HOUR, where="Fenwick")
    assert [run.words for run in shown(Show.HELD).runs] == ["In police custody, Fenwick"]
    custody_event("bail", bail_until=AT + 3 * DAY)
    assert shown(Show.HELD).runs == []
    (run,) = shown(Show.BAIL).runs
    assert run.ends_soon
    assert "ends soon" in page("bail")
    assert [run.episode.person for run in shown(Show.DONE).runs] == [both[0]]
    assert shown(Show.DONE, AT + DAY).runs == []
    custody_event("bail-change", at=AT + HOUR, happened_at=AT + HOUR / 2, bail_until=AT + 20 * DAY)
    assert not shown(Show.BAIL, AT + HOUR).runs[0].ends_soon


def test_bail_without_an_end_is_a_list_of_its_own(both: tuple[Person, Victim]) -> None:
    custody_event("bail")
    assert shown(Show.BAIL).runs == []
    assert len(shown(Show.NO_END).runs) == 1
    assert "no end given" in page("no-end")


def test_what_is_asked_for_wrongly_is_the_first_list(both: tuple[Person, Victim]) -> None:
    assert "No release is planned." in page("nonsense")


def test_it_is_the_custody_officers_home() -> None:
    assert reverse(home_of(person("custody"))) == "/custody/"


def test_more_rows_cost_no_more_queries(
    both: tuple[Person, Victim], django_assert_max_num_queries: Any
) -> None:
    planned(5)
    another("N/2", "Kyle")
    planned(3, number="N/2", run="C/26/200")
    client = Client()
    client.force_login(person("custody"), backend="accounts.backends.RoleBackend")
    client.get("/custody/")
    for show in Show:
        with django_assert_max_num_queries(QUERIES):
            client.get("/custody/", {"show": show.value})

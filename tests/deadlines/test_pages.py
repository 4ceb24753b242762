"""Waiting for you, the clocks, the API and health: what is shown, to whom, at what cost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import health
from core import clock
from deadlines import services
from deadlines.checks import every_kind_has_a_page
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from tests.factories.deadlines import KIND, PAUSABLE, duty
from tests.personas import person, team

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
WAITING, SEEN, CLOCKS = "/waiting/", "/waiting/seen/", "/clocks/"
API = "/api/v1/deadlines/"


@pytest.fixture
def now() -> datetime:
    return clock.now()


def started(now: datetime, hours_ago: float, **fields: Any) -> Deadline:
    return duty(started_at=now - timedelta(hours=hours_ago), **fields)[1]


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, url: str) -> int:
    """Of a second request: the first one also notes in the session that somebody is there."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestWaiting:
    def test_what_is_new_and_what_is_to_be_done(self, sign_in: SignIn, now: datetime) -> None:
        later, sooner = started(now, 1), started(now, 11)
        others = started(now, 3, owner=person("officer_b"))
        sweep(at=now)
        page = text(sign_in("officer"), WAITING)
        assert "Visit out of time: was due" in page
        assert "1 h 00 min over" in page
        assert page.rindex(sooner.subject_reference) < page.rindex(later.subject_reference)
        assert "10 hours from the call" in page
        assert others.subject_reference not in page

    def test_the_teams_work_while_nobody_has_it(self, sign_in: SignIn, now: datetime) -> None:
        place, row = duty(started_at=now)
        services.assign(kind=KIND, subject=place, owner=None, actor=person("officer"), at=now)
        assert row.subject_reference in text(sign_in("officer_b"), WAITING)
        assert row.subject_reference not in text(sign_in("worker"), WAITING)

    def test_nothing_to_do_says_so(self, sign_in: SignIn) -> None:
        page = text(sign_in("nobody"), WAITING)
        assert "Nothing new" in page
        assert "Nothing is due from you" in page
        assert "Everything that is due" not in page

    def test_marking_seen_takes_exactly_what_was_shown(
        self, sign_in: SignIn, now: datetime
    ) -> None:
        for _ in range(3):
            services.notify(
                users=[person("officer"), person("officer_b")],
                level="information",
                headline="Told",
                reference="X",
                path=WAITING,
                victim_id=None,
                at=now,
            )
        mine = list(Notification.objects.filter(user=person("officer")))
        other = Notification.objects.filter(user=person("officer_b"))[0]
        sent = {"notification": [mine[0].pk, mine[1].pk, other.pk]}
        response = sign_in("officer").post(SEEN, sent)
        assert response.status_code == 302
        assert Notification.objects.unseen().filter(user=person("officer")).get() == mine[2]
        assert Notification.objects.unseen().filter(user=person("officer_b")).count() == 3

    @pytest.mark.parametrize("words", ["x", "-1", "٣", "9" * 30, "1 OR 1=1"])
    def test_nonsense_is_refused(self, sign_in: SignIn, words: str) -> None:
        assert sign_in("officer").post(SEEN, {"notification": words}).status_code == 400

    def test_marking_is_no_link(self, sign_in: SignIn) -> None:
        assert sign_in("officer").get(SEEN).status_code == 405

    def test_rows_cost_no_queries(self, sign_in: SignIn, now: datetime) -> None:
        client = sign_in("officer")
        started(now, 11)
        sweep(at=now)
        few = queries(client, WAITING)
        for _ in range(20):
            started(now, 11)
        sweep(at=now)
        assert queries(client, WAITING) == few <= 12

    def test_only_the_newest_are_shown_and_the_rest_counted(
        self, sign_in: SignIn, now: datetime
    ) -> None:
        Notification.objects.bulk_create(
            Notification(
                user=person("officer"),
                level="information",
                headline=f"Told {number}",
                reference="X",
                path=WAITING,
                created_at=now + timedelta(seconds=number),
            )
            for number in range(60)
        )
        page = text(sign_in("officer"), WAITING)
        assert "The newest 50 of 60" in page
        assert "Told 9<" not in page


class TestClocks:
    @pytest.fixture
    def rows(self, now: datetime) -> dict[str, Deadline]:
        mine = person("officer").team
        rows = {
            "running": started(now, 1),
            "overdue": started(now, 11),
            "nobodys": started(now, 2, team=mine),
            "other": started(now, 3, kind=PAUSABLE, owner=person("officer_b")),
            "foreign": started(now, 4, owner=person("worker"), team=team("maru")),
            "met": started(now, 5),
        }
        Deadline.objects.filter(pk=rows["nobodys"].pk).update(owner=None)
        Deadline.objects.filter(pk=rows["met"].pk).update(state="met", settled_at=now, look_at=None)
        return rows

    CASES = [
        ("", ["overdue", "other", "nobodys", "running"]),
        ("state=overdue", ["overdue"]),
        ("state=running", ["other", "nobodys", "running"]),
        ("state=met", ["met"]),
        ("state=met_late", []),
        ("state=set_aside", []),
        (f"kind={PAUSABLE}", ["other"]),
        ("owner=me", ["overdue", "running"]),
        ("owner=nobody", ["nobodys"]),
        (f"owner=team&kind={KIND}&state=running", ["nobodys", "running"]),
    ]

    @pytest.mark.parametrize(("query", "shown"), CASES)
    def test_filters(
        self, rows: dict[str, Deadline], sign_in: SignIn, query: str, shown: list[str]
    ) -> None:
        """Own team's only, for these have no victim; the earliest due first."""
        page = text(sign_in("officer"), f"{CLOCKS}?{query}")
        places = {name: page.find(row.subject_reference) for name, row in rows.items()}
        found = {name: place for name, place in places.items() if place >= 0}
        assert sorted(found, key=lambda name: found[name]) == shown

    @pytest.mark.parametrize(("query", "shown"), CASES)
    def test_the_api_answers_the_same(
        self, rows: dict[str, Deadline], sign_in: SignIn, query: str, shown: list[str]
    ) -> None:
        answer = sign_in("officer").get(f"{API}?{query}").json()
        subjects = [row["subject"] for row in answer["results"]]
        assert subjects == [rows[name].subject_reference for name in shown]

    @pytest.mark.parametrize("query", ["state=late", "kind=x", "owner=everybody"])
    def test_a_filter_that_is_none(self, sign_in: SignIn, query: str) -> None:
        field = query.partition("=")[0]
        page = text(sign_in("officer"), f"{CLOCKS}?{query}")
        assert "Select a valid choice" in page
        response = sign_in("officer").get(f"{API}?{query}")
        assert response.status_code == 400
        assert list(response.json()["errors"]) == [field]

    def test_a_page_beyond_the_last_is_the_last(self, sign_in: SignIn, now: datetime) -> None:
        started(now, 1)
        assert "TE-2026" in text(sign_in("officer"), f"{CLOCKS}?page=99")

    def test_roles_that_watch_nothing(self, sign_in: SignIn) -> None:
        for name in ("nobody", "administrator", "agency"):
            assert sign_in(name).get(CLOCKS).status_code == 403, name
            assert sign_in(name).get(API).status_code == 403, name

    def test_strangers(self) -> None:
        assert Client().get(CLOCKS).status_code == 302
        assert Client().get(API).status_code == 401

    def test_rows_cost_no_queries(self, sign_in: SignIn, now: datetime) -> None:
        client = sign_in("officer")
        started(now, 11)
        few, few_api = queries(client, CLOCKS), queries(client, API)
        for _ in range(20):
            started(now, 11, owner=person("officer_b"))
        assert queries(client, CLOCKS) == few <= 10
        assert queries(client, API) == few_api <= 6

    def test_a_kind_that_is_gone_is_still_shown(self, sign_in: SignIn, now: datetime) -> None:
        row = started(now, 1)
        Deadline.objects.filter(pk=row.pk).update(kind="forgotten")
        assert row.subject_reference in text(sign_in("officer"), CLOCKS)

    def test_api_pages_by_cursor(self, sign_in: SignIn, now: datetime) -> None:
        for number in range(5):
            started(now, number)
        client, url, seen = sign_in("officer"), f"{API}?page_size=2", []
        while url:
            answer = client.get(url).json()
            seen += [row["due_at"] for row in answer["results"]]
            url = answer["next"]
        assert len(seen) == 5
        assert seen == sorted(seen)

    def test_what_the_api_says_of_one(self, sign_in: SignIn, now: datetime) -> None:
        row = started(now, 1)
        [answer] = sign_in("officer").get(API).json()["results"]
        assert answer["owner"] == "officer"
        assert answer["basis"] == row.basis
        assert (answer["victim"], answer["is_watched"]) == (None, True)


class TestHealth:
    def get(self) -> tuple[int, Any]:
        response = Client().get(reverse("health"))
        return response.status_code, response.json()

    def test_well(self, now: datetime) -> None:
        sweep(at=now)
        status, answer = self.get()
        assert (status, answer["status"]) == (200, "ok")
        assert answer["sweep"]["seconds_ago"] in range(5)
        assert {answer[name]["status"] for name in health.CHECKS} == {"ok"}

    def test_nobody_sweeps(self, now: datetime) -> None:
        sweep(at=now - timedelta(minutes=4))
        status, answer = self.get()
        assert (status, answer["sweep"]["status"]) == (503, "failing")
        assert answer["database"]["status"] == "ok"

    def test_never_swept(self) -> None:
        status, answer = self.get()
        assert (status, answer["sweep"]["last_finished"]) == (503, None)

    def test_a_deadline_that_is_not_watched(self, now: datetime) -> None:
        row = started(now, 1)
        Deadline.objects.filter(pk=row.pk).update(set_aside_at=now)
        sweep(at=now)
        status, answer = self.get()
        assert (status, answer["set_aside"]["deadlines"]) == (503, 1)

    def test_redis_is_down(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        sweep(at=now)
        with health.current_app.connection_for_read("redis://127.0.0.1:1/0") as nowhere:
            monkeypatch.setattr(
                health.current_app, "connection_for_read", lambda **_: nowhere, raising=False
            )
            status, answer = self.get()
        assert (status, answer["redis"]["status"]) == (503, "failing")

    def test_the_process_answers(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert Client().get(reverse("health-live")).json() == {"status": "ok"}


def test_every_kind_leads_to_a_page() -> None:
    found = [warning.msg for warning in every_kind_has_a_page()]
    assert all("test_" in words for words in found), found

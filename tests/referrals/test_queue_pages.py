"""The queue of referrals in a browser's eyes: who sees it, its order, claiming and export."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from audit.models import AuditEvent, RecordRead
from incidents.models import Involvement
from referrals.models import Referral
from tests.factories import risk
from tests.factories.referrals import a_referral, claimed, completed, many
from tests.personas import PEOPLE, person
from tests.referrals.helpers import text

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)
READERS = {"worker", "worker_b", "manager", "head"}
WORKERS = READERS - {"head"}


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def referral(at: datetime) -> Referral:
    return a_referral(at - HOUR)


# Who sees what


@pytest.mark.parametrize("who", PEOPLE)
def test_the_queue_belongs_to_the_unit(referral: Referral, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    expected = 200 if who in READERS else 403
    assert client.get("/referrals/").status_code == expected
    assert client.get("/referrals/export/").status_code == expected
    assert ("Claim next" in client.get("/referrals/").content.decode()) == (who in WORKERS)


@pytest.mark.parametrize("who", PEOPLE)
def test_one_referral(referral: Referral, sign_in: SignIn, who: str) -> None:
    response = sign_in(who).get(f"/referrals/{referral.reference}/")
    assert response.status_code == (200 if who in READERS else 403)
    assert RecordRead.objects.filter(subject=referral.reference).exists() == (who in READERS)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", ["claim", "release", "hand-over", "share", "complete"])
def test_every_step(referral: Referral, sign_in: SignIn, who: str, step: str) -> None:
    response = sign_in(who).post(f"/referrals/{referral.reference}/{step}/", {"reason": "x"})
    if who not in WORKERS:
        assert response.status_code == 403
    else:
        assert response.status_code in {302, 400, 409}


def test_unseen_is_404_and_nobody_is_sent_to_sign_in(sign_in: SignIn, referral: Referral) -> None:
    assert sign_in("worker").get("/referrals/RF-2026-999999/").status_code == 404
    response = Client().get("/referrals/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    "step",
    [
        *("claim", "release", "hand-over", "complete", "opinion", "grade", "pause", "resume"),
        *("late", "opinion/1", "opinion/1/withdraw"),
    ],
)
def test_steps_are_never_links(referral: Referral, sign_in: SignIn, step: str) -> None:
    client = sign_in("worker")
    assert client.get(f"/referrals/{referral.reference}/{step}/").status_code == 405
    assert client.get("/referrals/claim-next/").status_code == 405
    assert client.get("/referrals/batch/").status_code == 405


# The queue


def references(page: str) -> list[str]:
    return re.findall(r'class="ref" href="/referrals/(RF-[^/]+)/"', page)


def test_over_time_first_then_risk_then_time(sign_in: SignIn, at: datetime) -> None:
    medium = a_referral(at - 50 * HOUR, grade="medium")
    later_high = a_referral(at - HOUR, grade="high")
    over = a_referral(at - 80 * HOUR, grade="medium")
    high = a_referral(at - 2 * HOUR, grade="high")
    page = text(sign_in("worker"), "/referrals/")
    assert references(page) == [row.reference for row in (over, high, later_high, medium)]
    assert "8 h 00 min over" in page
    assert "22 h 00 min left" in page
    assert page.count('<tr class="over">') == 1


def test_filters_stand_in_the_address(sign_in: SignIn, at: datetime) -> None:
    mine = claimed(a_referral(at - HOUR, grade="high"), at)
    other = claimed(a_referral(at - HOUR), at, by=person("worker_b"))
    over = a_referral(at - 80 * HOUR)
    client = sign_in("worker")
    expected = {
        "": [over, mine, other],
        "?show=mine": [mine],
        "?show=nobody": [over],
        "?show=over": [over],
        "?risk=high": [mine],
        "?risk=medium": [over, other],
        "?show=mine&risk=medium": [],
        "?show=rubbish&risk=%00&page=x": [over, mine, other],
    }
    for query, rows in expected.items():
        found = references(text(client, f"/referrals/{query}"))
        assert found == [row.reference for row in rows], query
    page = text(client, "/referrals/?risk=high")
    assert "All 1<" in page
    assert "Mine 1<" in page
    assert "Nobody&#x27;s 0<" in page


def test_tiles_say_what_is_so(sign_in: SignIn, at: datetime) -> None:
    a_referral(at - 80 * HOUR, grade="high")
    a_referral(at - 70 * HOUR)
    completed(claimed(a_referral(at - 5 * HOUR), at), at)
    page = text(sign_in("worker"), "/referrals/")
    assert re.search(r"<b>1</b><span>over 72 hours now", page)
    assert re.search(r"<b>1</b><span>will breach by 18:00", page)
    assert re.search(r"<b>2</b><span>open · 1 high, 1 medium", page)
    assert re.search(r"<b>50.0%</b><span>kept within 72 h", page)


def test_repeats_and_children_are_tagged(sign_in: SignIn, at: datetime) -> None:
    victim = risk.a_victim(at)
    incident = risk.an_incident(at, victim, officer=person("officer"), earlier_in_year=5)
    for name in ("Finn", "Orla"):
        Involvement.objects.create(
            incident=incident,
            person=risk.a_victim(at, given_name=name).person,
            role="child",
            received_at=at,
        )
    a_referral(at, victim=victim, incident=incident)
    page = text(sign_in("worker"), "/referrals/")
    assert "repeat: 5 earlier in 12 months" in page
    assert "2 children" in page


def test_pages_of_25(sign_in: SignIn, at: datetime) -> None:
    rows = many(60, at)
    client = sign_in("worker")
    pages = [references(text(client, f"/referrals/?page={number}")) for number in (1, 2, 3)]
    assert [len(found) for found in pages] == [25, 25, 10]
    assert list(chain(*pages)) == [row.reference for row in rows]
    assert references(text(client, "/referrals/?page=99")) == pages[2]


def test_a_page_may_span_several_stretches(sign_in: SignIn, at: datetime) -> None:
    over = [a_referral(at - timedelta(hours=80 + n)) for n in range(2)][::-1]
    high = [a_referral(at - timedelta(hours=2 + n), grade="high") for n in range(2)][::-1]
    medium = many(30, at - HOUR)
    expected = [row.reference for row in (*over, *high, *medium)]
    client = sign_in("worker")
    found = [references(text(client, f"/referrals/?page={number}")) for number in (1, 2)]
    assert found == [expected[:25], expected[25:]]


@pytest.mark.parametrize("count", [0, 25, 500])
def test_under_ten_queries_however_many_wait(sign_in: SignIn, at: datetime, count: int) -> None:
    if count:
        many(count, at)
    client = sign_in("worker")
    client.get("/referrals/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/referrals/").status_code == 200
    assert len(queries) < 10, "\n".join(query["sql"][:120] for query in queries)


def test_the_queue_refreshes_itself_with_its_filters(sign_in: SignIn, at: datetime) -> None:
    """What is fetched is the very list that is looked at, for no more than loading it costs."""
    rows = [a_referral(at - HOUR, grade="high"), a_referral(at - HOUR)]
    client = sign_in("worker")
    address = "/referrals/?show=nobody&risk=high&page=1"
    page = client.get(address).content.decode()
    (fetched,) = re.findall(r'id="queue"[^>]* data-refresh="([^"]+)"', page)
    assert html.unescape(fetched) == address
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"HX-Request": "true", "X-Refresh": "alone"})
    assert len(queries) < 10
    body = again.content.decode()
    assert references(body) == [rows[0].reference]
    assert f'name="back" value="{fetched}"' in body
    for part in ("queue", "queue-numbers", "queue-beside"):
        assert f'id="{part}"' in body


def test_an_empty_queue_says_so(sign_in: SignIn) -> None:
    page = text(sign_in("worker"), "/referrals/")
    assert "Nothing waits" in page
    assert "First new breach with nobody added: none in seven days" in page


def test_whoever_sees_only_some_victims_sees_and_counts_only_theirs(
    sign_in: SignIn, at: datetime
) -> None:
    theirs, other = a_referral(at - HOUR), a_referral(at - 80 * HOUR, grade="high")
    reader = person("idva")
    readers = Group.objects.create(name="Queue reader")
    readers.permissions.add(Permission.objects.get(codename="view_queue"))
    reader.groups.add(readers)
    assign_perm("view_victim", reader, theirs.victim)
    client = sign_in("idva")
    for query in ("", "?show=nobody", "?risk=medium"):
        page = text(client, f"/referrals/{query}")
        assert references(page) == [theirs.reference]
        assert "All 1<" in page
    assert other.reference not in text(client, "/referrals/?show=over")
    assert client.get(f"/referrals/{other.reference}/").status_code == 404
    rows = b"".join(client.get("/referrals/export/"))  # type: ignore[arg-type]
    assert other.reference not in rows.decode()
    assert client.get(f"/api/v1/referrals/{other.reference}/").status_code == 404


# Claiming


def test_claiming_leads_to_the_referral(sign_in: SignIn, referral: Referral) -> None:
    response = sign_in("worker").post(f"/referrals/{referral.reference}/claim/", follow=True)
    assert response.redirect_chain == [(f"/referrals/{referral.reference}/", 302)]
    assert "You have RF-" in response.content.decode()


def test_the_loser_sees_at_once_who_has_it(
    sign_in: SignIn, referral: Referral, at: datetime
) -> None:
    claimed(referral, at - timedelta(minutes=19), by=person("worker_b"))
    response = sign_in("worker").post(
        f"/referrals/{referral.reference}/claim/", {"back": "/referrals/?risk=medium"}, follow=True
    )
    assert response.redirect_chain == [("/referrals/?risk=medium", 302)]
    assert f"D. Marsh has {referral.reference} since 09:41" in response.content.decode()


def test_back_never_leads_elsewhere(sign_in: SignIn, referral: Referral, at: datetime) -> None:
    claimed(referral, at, by=person("worker_b"))
    response = sign_in("worker").post(
        f"/referrals/{referral.reference}/claim/", {"back": "https://example.invalid/"}
    )
    assert response["Location"] == "/referrals/"


def test_claim_next(sign_in: SignIn, referral: Referral) -> None:
    client = sign_in("worker")
    response = client.post("/referrals/claim-next/")
    assert response["Location"] == f"/referrals/{referral.reference}/"
    response = client.post("/referrals/claim-next/", follow=True)
    assert "There is nothing to claim" in response.content.decode()


# Export


def test_the_export_holds_exactly_the_rows_of_the_filter(sign_in: SignIn, at: datetime) -> None:
    rows = many(60, at - HOUR)
    a_referral(at, grade="high")
    response = sign_in("worker").get("/referrals/export/?risk=medium")
    content = b"".join(response).decode("utf-8-sig")  # type: ignore[arg-type]
    lines = list(csv.reader(io.StringIO(content)))
    assert [line[0] for line in lines[1:]] == [row.reference for row in rows]
    assert lines[1][1:3] == ["Medium", "2026-11-26T09:00+00:00"]
    event = AuditEvent.objects.get(verb="referral.exported")
    assert event.headline == "Referral queue exported: 60 rows"
    assert event.actor == person("worker")


def test_a_name_that_is_a_formula_is_harmless(sign_in: SignIn, at: datetime) -> None:
    victim = risk.a_victim(at, given_name="=SUM(A1)")
    a_referral(at, victim=victim)
    response = sign_in("worker").get("/referrals/export/")
    assert ",'=SUM(A1) O'Neill," in b"".join(response).decode()  # type: ignore[arg-type]

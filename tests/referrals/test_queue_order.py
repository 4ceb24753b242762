"""The queue's order to the minute, its filters, clocks that stand still, and one victim's kin."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Area
from core.templatetags.lodestar import exact_words
from referrals import queue, services
from referrals.models import Referral
from referrals.queue import Bucket, Filters, Stretch
from tests.factories.incoming import referred
from tests.factories.referrals import a_referral, claimed, many
from tests.personas import person
from tests.referrals.helpers import text
from victims.models import Victim

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


def references(page: str) -> list[str]:
    return re.findall(r'class="ref" href="/referrals/(RF-[^/]+)/"', page)


def weighed(rows: list[Referral], at: datetime, *said: tuple[int, int, float]) -> list[str]:
    """Give each row its earlier incidents, children and seconds after `at + 10 h` when it is due;
    their references."""
    for row, (earlier, children, seconds) in zip(rows, said, strict=True):
        Referral.objects.filter(pk=row.pk).update(
            earlier_in_year=earlier,
            children=children,
            due_at=at + 10 * HOUR + timedelta(seconds=seconds),
        )
    return [row.reference for row in rows]


def test_within_a_minute_repeats_then_children_then_the_instant(
    sign_in: SignIn, at: datetime
) -> None:
    rows = many(7, at)
    said = weighed(
        rows,
        at,
        (0, 0, 1),
        (0, 0, 0),
        (0, 2, 59),
        (3, 0, 59),
        (3, 1, 59.9),
        (5, 0, 59),
        (9, 9, 60),
    )
    expected = [said[n] for n in (5, 4, 3, 2, 1, 0, 6)]
    assert references(text(sign_in("worker"), "/referrals/")) == expected
    taken = [services.claim_next(actor=person("worker"), at=at).reference for _ in rows]
    assert taken == expected


def test_the_minute_of_now_is_split_at_the_instant(sign_in: SignIn, at: datetime) -> None:
    """Over time and in time within one minute: nothing is lost or shown twice."""
    rows = many(4, at)
    said = weighed(rows, at - 10 * HOUR, (0, 0, -30), (0, 0, 0), (0, 0, 1), (7, 0, 40))
    with time_machine.travel(at, tick=False):
        found = references(text(sign_in("worker"), "/referrals/"))
    assert found == [said[n] for n in (0, 1, 3, 2)]


def test_filters_narrow_list_counts_and_export_alike(sign_in: SignIn, at: datetime) -> None:
    plain, repeat, child, still, far = many(5, at - HOUR)
    weighed([plain, repeat, child, still], at, (0, 0, 0), (2, 0, 60), (0, 1, 120), (0, 0, 180))
    incoming = referred(at - 2 * HOUR, grade="medium").referral
    claimed(still, at)
    services.pause(
        referral_id=still.pk,
        reason="partner",
        words="Housing was asked.",
        actor=person("worker"),
        at=at,
    )
    area = Area.objects.create(name="Northmoor")
    elsewhere = a_referral(at - HOUR)
    Victim.objects.filter(pk=elsewhere.victim_id).update(area=area)
    client = sign_in("worker")
    expected = {
        "?repeat=1": {repeat},
        "?children=1": {child, incoming},
        "?paused=1": {still},
        "?paused=1&show=over": set(),
        "?paused=1&show=mine": {still},
        "?source=agency": {incoming},
        f"?area={area.pk}": {elsewhere},
        f"?area={area.pk}&source=agency": set(),
        "?area=99999999": set(),
        "?area=x%00&source=y&repeat=2": {
            *(plain, repeat, child, still, far, incoming, elsewhere),
        },
        "?source=police&show=nobody": {plain, repeat, child, far, elsewhere},
    }
    for query, rows in expected.items():
        page = text(client, f"/referrals/{query}")
        assert set(references(page)) == {row.reference for row in rows}, query
        assert re.search(rf"(All|Mine|Nobody&#x27;s|Over) {len(rows)}<", page), query
        lines = b"".join(client.get(f"/referrals/export/{query}")).decode()  # type: ignore[arg-type]
        assert len(lines.splitlines()) == 1 + len(rows), query
        if "rubbish" not in query and "%00" not in query:
            api = re.sub(r"(repeat|children|paused)=1", r"\1=true", query)
            api = api.replace("show=mine", "with=me")
            api = api.replace("show=nobody", "with=nobody").replace("show=over", "over=true")
            answer = client.get(f"/api/v1/referrals/{api}").json()["results"]
            assert {row["reference"] for row in answer} == {row.reference for row in rows}, query


def test_what_stands_still_comes_last_and_is_never_over(sign_in: SignIn, at: datetime) -> None:
    still, running = claimed(a_referral(at - HOUR, grade="high"), at), a_referral(at - HOUR)
    services.pause(
        referral_id=still.pk,
        reason="in_hospital",
        words="Until Friday.",
        actor=person("worker"),
        at=at,
    )
    with time_machine.travel(at + 400 * HOUR, tick=False):
        client = sign_in("worker")
        page = text(client, "/referrals/")
        assert references(page) == [running.reference, still.reference]
        assert page.count('<tr class="over">') == 1
        assert "stands still" in page
        assert "71 h 00 min left" in page
        assert "1 standing still" in page
        one = text(client, f"/referrals/{still.reference}/")
        assert "stands still" in one
        assert "The victim is in hospital" in one or "victim is in hospital" in one
        assert "Let it run again" in one


def test_the_rule_stands_with_the_countdown(sign_in: SignIn, at: datetime) -> None:
    referral = a_referral(at - HOUR)
    page = text(sign_in("worker"), "/referrals/")
    due = exact_words(referral.due_at)
    rule = f"due {due}: 72 hours from submission, 23 Nov 2026 09:00 (force policy)"
    assert "26 Nov" in due
    assert f'title="{rule}"' in page
    assert f"<p>{rule}</p>" in page
    assert f'id="rule-{referral.reference}"' in page


def test_of_an_agency_the_queue_page_and_api_say_who_referred(
    sign_in: SignIn, at: datetime
) -> None:
    row = referred(at - HOUR, grade="high").referral
    client = sign_in("worker")
    agency = row.agency.name
    assert text(client, "/referrals/").count(f"referred by {agency}") == 1
    page = text(client, f"/referrals/{row.reference}/")
    assert f"Referred by {agency}" in page
    claimed(row, at)
    assert "Finish this referral" in text(client, f"/referrals/{row.reference}/")
    body = client.get(f"/api/v1/referrals/{row.reference}/").json()
    assert (body["agency"], body["incident"], body["assessment"]) == (agency, None, None)


def test_referrals_about_one_victim_are_joined_in_view(sign_in: SignIn, at: datetime) -> None:
    first = a_referral(at - 2 * HOUR)
    second = a_referral(at - HOUR, victim=first.victim)
    a_referral(at)
    client = sign_in("worker")
    page = text(client, "/referrals/")
    assert page.count("2 referrals</a>") == 2
    one = text(client, f"/referrals/{first.reference}/")
    assert "About the same victim" in one
    assert "Claim them together" in one
    assert f"/referrals/{second.reference}/" in one
    answer = client.post(f"/referrals/{first.reference}/claim/", follow=True).content.decode()
    assert f"Another open referral is about the same victim: {second.reference}." in answer
    tick = f"{second.reference}:{second.version}"
    assert f'value="{tick}"' in answer
    client.post("/referrals/batch/", {"act": "claim", "row": tick})
    second.refresh_from_db()
    assert second.claimed_by == person("worker")
    assert Referral.objects.open().count() == 3


@pytest.mark.parametrize("query", ["", "?repeat=1&source=police&area=1", "?paused=1"])
def test_as_many_queries_for_500_as_for_one(sign_in: SignIn, at: datetime, query: str) -> None:
    client, counts = sign_in("worker"), []
    for rows in (1, 499):
        many(rows, at) if rows == 1 else more(rows, at)
        client.get(f"/referrals/{query}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/referrals/{query}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 10


def more(count: int, at: datetime) -> None:
    """The same referral many times over, straight into the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO referrals_referral (reference, victim_id, agency_id, grade, risk_rank,
                state, submitted_at, due_at, earlier_in_year, children, about, outcome,
                outcome_words, no_idva_reason, late_because, late_reason, version)
            SELECT 'RF-Y-' || lpad(n::text, 6, '0'), victim_id, (SELECT min(id) FROM
                accounts_agency), grade, risk_rank, state, submitted_at,
                due_at + n * interval '1 minute', n %% 5, n %% 3, about, '', '', '', '', '', 1
            FROM referrals_referral, generate_series(1, %s) AS n
            """,
            [count],
        )


def test_a_stretch_is_read_from_the_index_without_sorting(db: None, at: datetime) -> None:
    """The order to the minute costs no sort, however much waits."""
    many(1, at)
    more(3_000, at)
    parts = [Stretch(Bucket(False, 2), 500, 525)]
    with CaptureQueriesContext(connection) as queries:
        assert len(queue.read(parts, Filters(), reader=person("worker"), at=at)) == 25
    (sql,) = (one["sql"] for one in queries if "AS of_victim" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE referrals_referral")
        cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using referral_queue" in plan, plan
    scan = plan[plan.index("Limit") : plan.index("Index Scan using referral_queue")]
    assert "Sort" not in scan, plan

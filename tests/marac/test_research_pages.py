"""Research by page: what an agency is asked and returns, what is missing for the coordinator."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import victims.services
from audit.models import RecordRead
from core import clock
from marac import services
from marac.models import Hearing, Meeting, ResearchRequest
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, out, request
from tests.marac.test_agenda_pages import signed_in
from tests.personas import person, team

WORDS = "Behind with the rent since May."


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


@pytest.fixture
def meeting(now: datetime) -> Meeting:
    """In twenty days; T. Boyle of housing has signed."""
    row = marac.meeting(now + 20 * DAY)
    marac.attendance(row, person("agency"), at=now)
    return row


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(f"/marac/{address}")
    assert response.status_code == status, response.content.decode()
    return str(response.content.decode())


def post(client: Client, address: str, status: int = 302, **data: object) -> str:
    response = client.post(f"/marac/{address}", data)
    assert response.status_code == status, response.content.decode()
    return str(response.content.decode())


def test_an_agency_lists_opens_and_returns(meeting: Meeting, now: datetime) -> None:
    partner = signed_in("agency")
    ash, _ = out(meeting, now, "Ash", "Beech")
    said = page(partner, "research/")
    assert said.count("to return") == 2
    row = request(ash)
    address = f"research/{row.pk}/"
    said = page(partner, address)
    assert "Threats to kill since the separation." in said
    assert RecordRead.objects.filter(victim_id=ash.victim_id, user=person("agency")).exists()
    said = post(partner, address, 400, version=row.version, words="")
    assert "This is needed" in said
    said = post(partner, address, 400, version=row.version, words=WORDS, nothing_known="on")
    assert WORDS in said
    post(partner, address, version=row.version, words=WORDS)
    said = page(partner, "research/")
    assert "Ada Ash" not in said
    assert "Ada Ash" in page(partner, "research/?show=returned")
    assert page(partner, "research/?show=all").count("to return") == 1
    assert "Nothing is asked" in page(partner, "research/?meeting=MM-2020-000001")


def test_nothing_known_by_page(meeting: Meeting, now: datetime) -> None:
    row = request(out(meeting, now, "Ash")[0])
    post(signed_in("agency"), f"research/{row.pk}/", version=row.version, nothing_known="on")
    row.refresh_from_db()
    assert row.state == ResearchRequest.State.NOTHING_KNOWN


def test_what_somebody_else_wrote_stands_beside(meeting: Meeting, now: datetime) -> None:
    """The next sending carries the version that was shown, and stands."""
    row, partner = request(out(meeting, now, "Ash")[0]), signed_in("agency")
    services.return_research(
        research_id=row.pk, words="Theirs", version=1, actor=person("agency"), at=now
    )
    said = post(partner, f"research/{row.pk}/", 409, version=1, words=WORDS)
    assert "Theirs" in said
    assert WORDS in said
    assert 'name="version" value="2"' in said
    post(partner, f"research/{row.pk}/", version=2, words=WORDS)


def test_who_opens_what(meeting: Meeting, now: datetime) -> None:
    """Only the agency's own, signed and not near; the coordinator reads, and answers nothing."""
    hearing = out(meeting, now, "Ash")[0]
    row, police = request(hearing), request(hearing, "police")
    address = f"research/{row.pk}/"
    for who in ("agency_b", "supervisor", "worker", "officer"):
        page(signed_in(who), address, 404)
    page(signed_in("agency"), f"research/{police.pk}/", 404)
    page(signed_in("coordinator"), address)
    post(signed_in("coordinator"), address, 403, version=1, words=WORDS)
    page(signed_in("officer"), "research/", 403)
    case = hearing.case.reference
    assert signed_in("agency").get(f"/marac/research/cases/{case}/").url.endswith(address)  # type: ignore[attr-defined]
    keeper = signed_in("coordinator").get(f"/marac/research/cases/{case}/")
    assert keeper.url.endswith(f"{meeting.reference}/research/")  # type: ignore[attr-defined]
    page(signed_in("agency_b"), f"research/cases/{case}/", 404)
    services.declare_conflict(
        hearing_id=hearing.pk, words="A cousin", actor=person("agency"), at=now
    )
    page(signed_in("agency"), address, 404)
    assert "Ada Ash" not in page(signed_in("agency"), "research/")


def test_unsigned_is_told_to_sign(meeting: Meeting, now: datetime) -> None:
    out(meeting, now, "Ash")
    for begun in (False, True):
        if begun:
            marac.under_way(meeting, now)
        said = page(signed_in("agency_b"), "research/")
        assert "Ada Ash" not in said
        assert f"/marac/meetings/{meeting.reference}/sign/" in said


def test_where_an_agency_begins_it_reads_what_conferences_ask(
    meeting: Meeting, now: datetime
) -> None:
    def begins(who: str) -> str:
        return str(signed_in(who).get("/shared/").content.decode())

    assert "For conferences" not in begins("agency")
    ash, _ = out(meeting, now, "Ash", "Beech")
    assert "2 requests to return" in begins("agency")
    unsigned = begins("agency_b")
    assert "to return" not in unsigned
    assert f"/marac/meetings/{meeting.reference}/sign/" in unsigned
    mine = person("agency").team
    assert mine is not None and mine.agency is not None
    marac.action(ash, mine.agency, now)
    assert "1 action to do" in begins("agency")
    assert "action" not in begins("agency_b").partition("For conferences")[2]
    services.declare_conflict(hearing_id=ash.pk, words="A cousin", actor=person("agency"), at=now)
    near = begins("agency")
    assert "1 request to return" in near
    assert "to do" not in near


def test_what_is_missing_by_case_and_agency(meeting: Meeting, now: datetime) -> None:
    ash, beech = out(meeting, now, "Ash", "Beech")
    services.return_research(
        research_id=request(ash).pk, words=WORDS, version=1, actor=person("agency"), at=now
    )
    victims.services.withhold(
        victim_id=beech.victim_id,
        agency_id=team("children").agency_id,
        reason="A cousin",
        actor=person("manager"),
        at=now,
    )
    coordinator = signed_in("coordinator")
    address = f"meetings/{meeting.reference}/research/"
    said = page(coordinator, address)
    assert "4 missing" in said
    assert "of 5 requests" in said
    assert said.count("not asked") == 1
    assert f"/marac/research/{request(ash).pk}/" in said
    assert page(coordinator, address + "?show=missing").count('scope="row"') == 2
    response = signed_in("agency").get(f"/marac/{address}")
    assert response.url == f"/marac/research/?meeting={meeting.reference}&show=all"  # type: ignore[attr-defined]


def test_chased_by_page(meeting: Meeting, now: datetime) -> None:
    """One agency's, then what is left of all; what is not for the coordinator stays out of it."""
    ash, beech = out(meeting, now, "Ash", "Beech")
    services.declare_conflict(
        hearing_id=beech.pk, words="A cousin", actor=person("coordinator"), at=now
    )
    coordinator = signed_in("coordinator")
    address = f"meetings/{meeting.reference}/research/chase/"
    post(coordinator, address, agency=team("partner").agency_id)
    assert request(ash).chased == 1
    assert request(ash, "police").chased == 0
    post(coordinator, address)
    assert [request(ash).chased, request(ash, "police").chased] == [1, 1]
    assert request(beech).chased == 0
    post(signed_in("chair"), address, 403)


def test_asked_for_one_case_by_page(now: datetime) -> None:
    meeting = marac.meeting(now + 3 * DAY, kind="weekly")
    hearing = marac.hearing(marac.agenda_out(meeting, now), a_case(now))
    coordinator = signed_in("coordinator")
    said = page(coordinator, f"meetings/{meeting.reference}/agenda/")
    assert "Ask for research" in said
    post(coordinator, f"meetings/{meeting.reference}/cases/{hearing.case}/research/")
    assert Hearing.objects.get().research.asked().count() == 3


def test_as_many_queries_for_twelve_cases_as_for_two(now: datetime) -> None:
    """The matrix, the agency's list and one request."""
    addresses = {"coordinator": "meetings/{}/research/", "agency": "research/?meeting={}"}
    counts: dict[str, list[int]] = {who: [] for who in addresses}
    for number, days in ((2, 20), (12, 50)):
        meeting = marac.meeting(now + days * DAY, capacity=40)
        marac.attendance(meeting, person("agency"), at=now)
        out(meeting, now, *(f"Name {days} {key}" for key in range(number)))
        for who, address in addresses.items():
            client = signed_in(who)
            page(client, address.format(meeting.reference))
            with CaptureQueriesContext(connection) as made:
                page(client, address.format(meeting.reference))
            counts[who].append(len(made))
    assert counts == {"coordinator": [9, 9], "agency": [7, 7]}

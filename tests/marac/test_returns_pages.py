"""The return's page, files and API: numbers only, and no share of nothing."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Agency
from audit.models import AuditEvent
from marac.models import Hearing, MaracAction, Population
from marac.returns.periods import quarters_before
from marac.services.population import import_population
from tests.factories import marac, victims
from tests.personas import person
from tests.referrals.helpers import text

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
HEAD = b"conference,year,adult_women,source\n"
TODAY = datetime.now(UTC).date()
LAST = quarters_before(TODAY, 1)[0]
AT = LAST.since + timedelta(days=40, hours=11)


def populated(women: int = 10_000, source: str = "Census") -> None:
    content = HEAD + f"Fenwick,{LAST.last.year},{women},{source}\n".encode()
    import_population(content=content, actor=person("coordinator"), at=AT)


@pytest.fixture
def heard() -> Hearing:
    """One case, heard in the last whole quarter, referred by housing, with an action done late."""
    housing = person("agency").team
    assert housing is not None
    victim = victims.victim(
        given_name="Keisha", family_name="Browne", date_of_birth=date(1988, 5, 2), at=AT
    )
    case = marac.case(
        AT - timedelta(days=21), victim=victim, agency=housing.agency, children=2, disability="yes"
    )
    hearing = marac.heard(AT, case=case)
    marac.action(
        hearing,
        housing.agency,
        AT,
        state=MaracAction.State.DONE,
        settled_at=AT + timedelta(days=9),
        settled_by=person("agency"),
        evidence="Fitted.",
    )
    return hearing


def figures(client: Client, query: str = "") -> dict[tuple[str, str, str], dict[str, Any]]:
    said = client.get(f"/api/v1/marac/return/{query}").json()
    return {(one["part"], one["name"], one["figure"]): one for one in said["figures"]}


@pytest.mark.parametrize("name", ["coordinator", "chair", "head", "superintendent", "analyst"])
def test_numbers_and_nobodys_name(sign_in: SignIn, heard: Hearing, name: str) -> None:
    page = text(sign_in(name), "/marac/return/")
    victim = heard.victim
    for secret in (victim.reference, victim.person.family_name, heard.case.reference):
        assert secret not in page
    assert page.count("<svg") == 5 and "<script>" not in page
    assert "cases heard in the quarter, 1 meeting" in page


@pytest.mark.parametrize("name", ["worker", "agency", "idva", "officer", "auditor"])
def test_not_for_others(sign_in: SignIn, name: str) -> None:
    for path in ("return/", "return/export/", "return/workbook/", "return/population/"):
        assert sign_in(name).get(f"/marac/{path}").status_code == 403
    assert sign_in(name).get("/api/v1/marac/return/").status_code == 403


def test_nothing_is_never_nought_percent(sign_in: SignIn) -> None:
    assert "There is no conference yet." in text(sign_in("analyst"), "/marac/return/")
    marac.conference()
    page = text(sign_in("analyst"), "/marac/return/")
    assert "0%" not in page and "0.0%" not in page
    assert "none to count" in page and "no population imported" in page
    assert "No meeting was held in this quarter." in page


def test_shares_stand_with_what_they_are_of(sign_in: SignIn, heard: Hearing) -> None:
    populated()
    found = figures(sign_in("analyst"))
    year = ("Conference, rolling year", "Fenwick")
    disability = found[(*year, "Victims with a disability")]
    assert (disability["number"], disability["of"], disability["percent"]) == (1, 1, 100)
    lgbt = found[(*year, "LGBT+ victims")]
    assert (lgbt["of"], lgbt["not_known"], lgbt["percent"]) == (0, 1, None)
    assert found[(*year, "Cases per 10,000 adult women")]["number"] == 1.0
    assert found[(*year, "Referred by partner agencies")]["percent"] == 100
    assert found[(*year, "Days from referral to hearing, median")]["number"] == 21
    in_time = found[(*year, "Actions done in time, of those done")]
    assert (in_time["number"], in_time["of"]) == (0, 1)
    assert found[("Agency, rolling year", "County housing", "Cases referred")]["number"] == 1


def test_a_quarter_and_a_conference_are_chosen_by_the_address(
    sign_in: SignIn, heard: Hearing
) -> None:
    other = marac.conference("Marlow", area="Marlow")
    client = sign_in("coordinator")
    year, number = LAST.first.year - 1, (LAST.first.month + 2) // 3
    before = text(client, f"/marac/return/?quarter={year}-{number}")
    assert "No meeting was held in this quarter." in before
    page = text(client, f"/marac/return/?conference={other.pk}")
    assert "No meeting was held in this quarter." in page
    again = text(client, "/marac/return/?quarter=1999-9&conference=nobody")
    assert "cases heard in the quarter, 1 meeting" in again
    assert client.get("/api/v1/marac/return/?quarter=1999-9").status_code == 400


def test_a_meeting_counts_once_it_is_over(sign_in: SignIn, heard: Hearing) -> None:
    meeting = heard.meeting
    meeting.state, meeting.ended_at = "under_way", None
    meeting.save(update_fields=["state", "ended_at"])
    assert "cases heard in the quarter, 0 meetings" in text(sign_in("chair"), "/marac/return/")


def test_the_csv_is_on_record(sign_in: SignIn, heard: Hearing) -> None:
    answer = sign_in("analyst").get("/marac/return/export/")
    words = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(words.splitlines()))
    cases = [row for row in rows if row["Figure"] == "Cases heard"]
    assert {row["Number"] for row in cases if "period" in row["Part"]} == {"1"}
    none = next(row for row in rows if row["Figure"] == "LGBT+ victims")
    assert (none["Of"], none["Not known"], none["Percent"]) == ("0", "1", "")
    assert heard.victim.person.family_name not in words
    event = AuditEvent.objects.get(verb="marac.return_exported")
    assert (event.actor, event.detail["to"]) == (person("analyst"), LAST.last.isoformat())


def test_the_workbook_opens_and_runs_nothing(sign_in: SignIn, heard: Hearing) -> None:
    Agency.objects.filter(name="County housing").update(name='=HYPERLINK("http://x","x")')
    populated(source="=1+1")
    answer = sign_in("head").get("/marac/return/workbook/")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        *("About", "Rolling year", "Period", "Meetings", "Agencies", "Figures"),
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    year = {str(row[0]): row[1:5] for row in book["Rolling year"].values}
    assert year["Cases heard"][0] == 1
    assert year["Victims with a disability"] == (1, 1, 0, 100)
    assert year["LGBT+ victims"] == (0, 0, 1, None)
    assert book["Meetings"].max_row == 2
    assert AuditEvent.objects.filter(verb="marac.return_exported").count() == 1


def test_populations_are_handed_in(sign_in: SignIn) -> None:
    marac.conference("Fenwick")
    client = sign_in("coordinator")
    assert "No population was imported yet." in text(client, "/marac/return/population/")
    bad = SimpleUploadedFile("women.csv", HEAD + b"Fenwick,2025,x,Census\nNowhere,2025,7,Census\n")
    refused = client.post("/marac/return/population/", {"file": bad})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Line 2: adult_women" in page and "to be mended" in page
    good = SimpleUploadedFile("women.csv", HEAD + b"Fenwick,2025,70000,Census\n")
    answer = client.post("/marac/return/population/", {"file": good}, follow=True)
    assert "1 added, 0 replaced, 0 as they were." in answer.content.decode()
    assert "70,000" in answer.content.decode()
    assert Population.objects.count() == 1
    large = SimpleUploadedFile("women.csv", b"a" * 200_001)
    assert "200 kB" in client.post("/marac/return/population/", {"file": large}).content.decode()
    assert client.post("/marac/return/population/", {}).status_code == 400


def test_others_read_populations_and_hand_none_in(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    assert "Import it" not in text(client, "/marac/return/population/")
    good = SimpleUploadedFile("women.csv", HEAD)
    assert client.post("/marac/return/population/", {"file": good}).status_code == 403


def test_the_page_costs_the_same_with_a_long_history(
    sign_in: SignIn, heard: Hearing, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(1, 4):
        marac.heard(AT - timedelta(days=100 * number))
    client = sign_in("coordinator")
    client.get("/marac/return/")
    # Session, person, roles, bell; policy; conferences thrice (those to choose from, whose it is,
    # their names), meetings, cases, actions, invitations, populations, agencies.
    with django_assert_num_queries(14):
        client.get("/marac/return/")


def test_names_of_agencies_stand_whole_in_their_charts(sign_in: SignIn, heard: Hearing) -> None:
    long = "Marlshire Schools Safeguarding"
    Agency.objects.filter(pk=heard.case.agency_id).update(name=long)
    page = text(sign_in("coordinator"), "/marac/return/")
    assert f">{long}</text>" in page
    for title in ("Actions done, of those due", "Meetings attended, of those invited"):
        assert f"<h3>{title}" in page

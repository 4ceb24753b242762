"""The agencies' own pages and the unit's: who sees what, what forms keep, what is recorded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import AuditEvent, RecordRead
from referrals import services
from referrals.models import Sharing
from tests.factories import victims
from tests.factories.referrals import a_referral, an_agency, claimed, shared
from tests.factories.sharing import agency_of, marked, told, with_document
from tests.personas import PEOPLE, person
from tests.referrals.helpers import text
from tests.referrals.test_sharing import barred
from victims.models import Victim

SignIn = Callable[[str], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def victim(at: datetime) -> Victim:
    return marked(at - HOUR)


@pytest.fixture
def row(victim: Victim, at: datetime) -> Sharing:
    return told(victim, at - HOUR, documents=[with_document(victim, at - HOUR).key])


def addresses(row: Sharing) -> list[str]:
    key = row.documents.get().key
    pages = [f"/shared/{row.reference}/", f"/shared/{row.reference}/documents/{key}/"]
    return [*pages, *(f"/api/v1{page}" for page in pages)]


def lists(client: Client, row: Sharing) -> list[bool]:
    """Whether the reference stands in the list, its search, the file and the API's list."""
    found = []
    for path in ("/shared/", "/shared/?q=MARKGIVEN", "/shared/export/", "/api/v1/shared/"):
        answer = client.get(path)
        said = answer.getvalue() if answer.streaming else answer.content
        found.append(row.reference in said.decode())
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_agency_that_was_told_reads_it(row: Sharing, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    expected = {"agency": {200}, "agency_b": {404}}.get(who, {403})
    for path in addresses(row):
        assert client.get(path).status_code in expected, path
    for path in (f"/shared/{row.reference}/answer/", f"/api/v1/shared/{row.reference}/answer/"):
        how: dict[str, Any] = (
            {"content_type": "application/json"} if path.startswith("/api/") else {}
        )
        status = client.post(path, {"answer": "known"}, **how).status_code
        assert status in ({302, 200} if who == "agency" else expected), path
    if who in {"agency", "agency_b"}:
        assert lists(client, row) == [who == "agency"] * 4
        victim = row.victim.reference
        for path in (f"/victims/{victim}/", f"/victims/{victim}/sharings/", f"/search/?q={victim}"):
            answer = client.get(path)
            assert answer.status_code in {200, 404}
            assert "MARK" not in answer.content.decode()
        assert client.get(f"/sharings/{row.reference}/").status_code == 404


@pytest.mark.parametrize("ends", ["withdrawn", "over", "replaced", "agency", "person"])
def test_access_ends_everywhere_at_once(
    row: Sharing, victim: Victim, at: datetime, sign_in: SignIn, ends: str
) -> None:
    client = sign_in("agency")
    assert lists(client, row) == [True] * 4
    now = at
    if ends == "withdrawn":
        services.withdraw_sharing(sharing_id=row.pk, because="x", actor=person("worker"), at=at)
    elif ends == "over":
        Sharing.objects.update(keep_until=at.date())
        now = at + DAY
    elif ends == "replaced":
        told(victim, at, replaces=row.reference)
    elif ends == "agency":
        barred(victim, at, agency=agency_of(person("agency")))
    else:
        barred(victim, at, person=person("agency"))
    with time_machine.travel(now, tick=False):
        client = sign_in("agency")  # a session is over before the next day
        for path in addresses(row):
            assert client.get(path).status_code == 404, path
        assert client.post(f"/shared/{row.reference}/answer/", {}).status_code == 404
        assert lists(client, row) == [False] * 4
        unit = sign_in("worker").get(f"/victims/{victim.reference}/sharings/").content.decode()
        assert row.reference in unit


def test_opening_is_recorded_and_the_unit_sees_it(row: Sharing, sign_in: SignIn) -> None:
    page = text(sign_in("agency"), f"/shared/{row.reference}/")
    for words in ("MARKGIVEN Surname", "public task", "They do not know that you were told"):
        assert words in page
    assert RecordRead.objects.filter(subject=row.reference, user=person("agency")).count() == 1
    unit = text(sign_in("worker"), f"/sharings/{row.reference}/")
    assert "by T. Boyle" in unit


def test_a_document_runs_nothing_and_is_kept_nowhere(row: Sharing, sign_in: SignIn) -> None:
    exhibit = row.documents.get()
    address = f"/shared/{row.reference}/documents/{exhibit.key}/"
    answer = sign_in("agency").get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(answer.getvalue()) == exhibit.size
    assert sign_in("agency").get(f"{address}?view=1")["Content-Disposition"].startswith("inline")


def test_an_answer_is_kept_shown_and_both_after_another(row: Sharing, sign_in: SignIn) -> None:
    client, address = sign_in("agency"), f"/shared/{row.reference}/"
    refused = client.post(f"{address}answer/", {"answer": "nothing", "words": ""})
    assert refused.status_code == 400
    assert "Say in a few words" in refused.content.decode()
    for said in ("FIRSTWORDS", "FIRSTWORDS", "SECONDWORDS"):
        given = {"answer": "taken_on", "words": said}
        assert client.post(f"{address}answer/", given).status_code == 302
    assert AuditEvent.objects.filter(verb="sharing.answered").count() == 2
    for page in (text(client, address), text(sign_in("worker"), f"/sharings/{row.reference}/")):
        assert page.index("SECONDWORDS") < page.index("FIRSTWORDS")


def test_the_list_is_filtered_searched_and_costs_the_same(
    row: Sharing, at: datetime, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        told(victims.victim(at=at, family_name=f"Other{number}"), at, what=["identity"])
    client = sign_in("agency")
    client.get("/shared/")
    with django_assert_num_queries(LIST_QUERIES):
        page = text(client, "/shared/")
    assert "Other4" in page
    found = text(client, "/shared/?q=markgiven")
    assert "MARKGIVEN" in found
    assert "Other4" not in found
    assert row.reference in text(client, f"/shared/?q={row.reference.lower()}")
    assert "Nothing is found" in text(client, "/shared/?q=MARKJUDGED")
    text(client, f"/shared/{row.reference}/")
    assert row.reference not in text(client, "/shared/?show=new")
    assert row.reference in text(client, "/shared/?show=to_answer&page=99")
    text(client, "/shared/?show=gibberish")


#: Session, user, roles, count, rows; what else every page asks.
LIST_QUERIES = 11


# The unit's pages


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "agency": agency_of(person("agency")).pk,
        "what": ["identity"],
        "why": "TYPEDWHY",
        "basis": "public_task",
        "consent": "refused",
        "consent_reason": "TYPEDREASON",
        "keep_until": "2027-01-31",
        "replaces": "",
        **changes,
    }


def test_telling_from_the_victims_page(victim: Victim, at: datetime, sign_in: SignIn) -> None:
    address, client = f"/victims/{victim.reference}/sharings/", sign_in("worker")
    assert "Record as shared" in text(client, address)
    refused = client.post(address, sent(consent_reason=""))
    assert refused.status_code == 400
    assert "TYPEDWHY" in refused.content.decode()
    assert client.post(address, sent()).status_code == 302
    again = client.post(address, sent())
    assert again.status_code == 409
    assert "was told by M. Castellanos" in again.content.decode()
    row = Sharing.objects.get()
    assert str(row.keep_until) == "2027-01-31"
    page = text(client, address)
    assert "Not opened" in page
    more = text(client, f"{address}?more={row.reference}")
    assert f'value="{row.reference}"' in more
    assert "TYPEDWHY" in more
    assert client.post(address, sent(replaces=row.reference)).status_code == 302
    assert "Replaced by" in text(client, f"{address}?show=ended")
    assert row.reference not in text(client, f"{address}?show=standing")


def test_whoever_tells_an_agency_that_nobody_reads_for_is_told_so(
    victim: Victim, sign_in: SignIn
) -> None:
    """It would wait unread, and everybody would take it for told."""
    address, client = f"/victims/{victim.reference}/sharings/", sign_in("worker")
    empty = client.post(address, sent(agency=an_agency("Empty House").pk), follow=True)
    assert "Nobody of Empty House has an account here" in empty.content.decode()
    person("agency")
    read = client.post(address, sent(), follow=True)
    assert "has an account here" not in read.content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_who_reads_the_list_and_who_tells(row: Sharing, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    sees = person(who).has_perm("victims.view_all_victims")
    works = who in {"worker", "worker_b", "manager"}
    pages = [f"/victims/{row.victim.reference}/sharings/", f"/sharings/{row.reference}/"]
    for path in [*pages, f"/api/v1{pages[0]}"]:
        assert client.get(path).status_code == (200 if sees else 404), path
    body = sent(agency=an_agency().pk)
    refused = 403 if sees else 404
    assert client.post(pages[0], body).status_code == (302 if works else refused)
    assert client.post(f"{pages[1]}withdraw/", {"because": "x"}).status_code == (
        302 if works else refused
    )
    row.refresh_from_db()
    assert (row.withdrawn_at is not None) == works


def test_an_agency_on_the_register_cannot_be_chosen(
    victim: Victim, at: datetime, sign_in: SignIn
) -> None:
    barred(victim, at, agency=agency_of(person("agency")))
    address, client = f"/victims/{victim.reference}/sharings/", sign_in("worker")
    assert ">County housing</option>" not in text(client, address)
    refused = client.post(address, sent())
    assert refused.status_code == 400
    assert "must not receive anything about this victim" in refused.content.decode()
    assert not Sharing.objects.exists()


def test_the_referrals_own_page_tells_by_its_holder_only(at: datetime, sign_in: SignIn) -> None:
    referral = claimed(a_referral(at - HOUR), at)
    address = f"/referrals/{referral.reference}/share/"
    row = shared(referral, at, actor=person("worker"))
    assert "Record as shared" in text(sign_in("worker"), f"{address}?more={row.reference}")
    assert "Only whoever has an open referral" in text(sign_in("worker_b"), address)
    assert sign_in("head").get(address).status_code == 403
    assert sign_in("worker_b").post(address, sent()).status_code == 403
    assert sign_in("worker").post(address, sent()).status_code == 302
    assert referral.sharings.count() == 2


def test_withdrawing_by_the_form(row: Sharing, sign_in: SignIn) -> None:
    client, address = sign_in("worker"), f"/sharings/{row.reference}/"
    assert client.post(f"{address}withdraw/", {"because": ""}).status_code == 400
    done = client.post(f"{address}withdraw/", {"because": "SHESAIDSO"}, follow=True)
    assert "sees nothing of it any more" in done.content.decode()
    page = text(client, address)
    assert "SHESAIDSO" in page
    assert "Withdraw it" not in page


def test_the_list_of_a_victim_costs_the_same(
    victim: Victim, at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        told(victim, at, agency_id=an_agency(f"Agency {number}").pk)
    client = sign_in("worker")
    with django_assert_max_num_queries(30):
        page = text(client, f"/victims/{victim.reference}/sharings/")
    assert page.count("Not opened") == 6

"""Pages of the IDVA service: clients, advisers, one case, and what is typed there."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Absence, User
from audit.models import AuditEvent, RecordRead
from core import clock
from referrals.models import CourtSupport, IdvaCase
from referrals.services.advising.allocating import let_go
from referrals.services.advising.locking import locked
from tests.factories import victims
from tests.factories.advising import accepted, contact, referred
from tests.personas import person
from tests.referrals.helpers import text
from victims.models import Victim, VictimGrant
from victims.services import arrange_absence, give_access

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def somebody(now: datetime, given: str = "Siobhán", family: str = "O'Neill", **more: Any) -> Victim:
    made = {"grade": "high", "at": now - HOUR, **more}
    return victims.victim(given_name=given, family_name=family, **made)


@pytest.fixture
def case(db: None, now: datetime) -> IdvaCase:
    """R. Amadi has it; the safe contact is a text after half past nine."""
    victim = somebody(now)
    victims.safe_contact(victim, at=now - HOUR)
    return accepted(now, victim=victim)


def path(case: IdvaCase, what: str = "") -> str:
    return f"/idva-cases/{case.reference}/{what}"


def test_the_home_of_an_adviser_shows_the_safe_way_first(
    case: IdvaCase, now: datetime, sign_in: SignIn
) -> None:
    CourtSupport.objects.create(
        case=case,
        victim=case.victim,
        court="crown",
        hearing_at=now + timedelta(days=3),
        about="Trial",
        written_at=now,
        written_by=person("idva"),
    )
    client = sign_in("idva")
    assert client.get("/").headers["Location"] == "/clients/"
    page = text(client, "/clients/")
    row = page[page.index("<tbody>") :]
    order = ("07700 900417", "09:30-14:30", "library", "never a message", "O&#x27;Neill")
    places = [row.index(words) for words in (*order, "First contact of the adviser", "Crown Court")]
    assert places == sorted(places)
    assert "not reached yet" in row
    assert f"/victims/{case.victim.reference}/contacts/#log" in row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"O'Neill", "Birch", "Okonkwo"}),
        ("?risk=high", {"O'Neill", "Okonkwo"}),
        ("?risk=medium", {"Birch"}),
        ("?risk=none&show=x&whose=y&page=9", {"O'Neill", "Birch", "Okonkwo"}),
        ("?show=first", {"O'Neill", "Okonkwo"}),
        ("?show=over", {"Okonkwo"}),
        ("?whose=away", set()),
        ("?q=oneil", {"O'Neill"}),
        ("?q=Siobhan+Okonkwo", set()),
        ("?q=Siobhan+Oneill", {"O'Neill"}),
        ("?q=Burch", {"Birch"}),
        ("?q=Hidden", set()),
        ("?q=%00", {"O'Neill", "Birch", "Okonkwo"}),
    ],
)
def test_filters_and_search_among_granted_victims_only(
    case: IdvaCase, now: datetime, sign_in: SignIn, query: str, found: set[str]
) -> None:
    medium = somebody(now, "Ada", "Birch", grade="medium")
    victims.safe_contact(medium, at=now - HOUR)
    reached = accepted(now, victim=medium, lower_risk_words="He is out")
    contact(reached, now, outcome="reached", other_way_reason="She asked")
    accepted(now - timedelta(days=9), victim=somebody(now - timedelta(days=10), "Ife", "Okonkwo"))
    accepted(now, victim=somebody(now, "Eve", "Hidden"), to="idva_b")
    page = text(sign_in("idva"), f"/clients/{query}").partition("<tbody>")[2]
    assert {one for one in ("O&#x27;Neill", "Birch", "Okonkwo", "Hidden") if one in page} == {
        one.replace("'", "&#x27;") for one in found
    }


def test_a_reference_finds_its_client(case: IdvaCase, sign_in: SignIn) -> None:
    for reference in (case.reference, case.victim.reference, case.reference.lower()):
        assert "O&#x27;Neill" in text(sign_in("idva"), f"/clients/?q={reference}")
        assert "O&#x27;Neill" not in text(sign_in("idva_b"), f"/clients/?q={reference}")
    for who, status in (("idva", 302), ("idva_b", 404)):
        found = sign_in(who).get("/search/", {"q": case.reference}, follow=who == "idva_b")
        assert found.status_code == status


def test_the_newest_first_and_the_queries_do_not_grow(
    case: IdvaCase, now: datetime, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    adviser = sign_in("idva")
    adviser.get("/clients/")  # what is asked once in a while only
    with django_assert_num_queries(6):
        adviser.get("/clients/")
    for number in range(26):
        row = somebody(now, "Ada", f"Birch{number}", date_of_birth=None)
        accepted(now + timedelta(minutes=number), victim=row)
    VictimGrant.objects.filter(content_object=case.victim).update(granted_at=now + HOUR)
    adviser.get("/clients/")
    with django_assert_num_queries(6):
        page = text(adviser, "/clients/")
    assert page.index("O&#x27;Neill") < page.index("Birch25")
    assert "1 to 25 of 27 clients" in page
    assert "Birch0<" in text(adviser, "/clients/?page=2")


def test_the_end_of_access_is_the_end_everywhere(case: IdvaCase, sign_in: SignIn) -> None:
    let_go(locked(case.pk), "Support is complete", person("idva"), clock.now())
    adviser = sign_in("idva")
    assert "You have no clients now" in text(adviser, "/clients/")
    assert adviser.get(path(case)).status_code == 404
    assert case.reference not in adviser.get("/clients/export/").getvalue().decode()


def test_a_record_seen_for_another_reason_is_listed_without_a_case(
    db: None, now: datetime, sign_in: SignIn
) -> None:
    row = somebody(now)
    give_access(
        victim_id=row.pk, person=person("idva"), why="given", actor=person("worker"), at=now
    )
    page = text(sign_in("idva"), "/clients/")
    assert f'href="/victims/{row.reference}/"' in page
    assert "No safe" not in page
    assert "Do not telephone, write or visit before somebody has asked how" in page


def test_the_export_is_the_filtered_list_and_on_record(
    case: IdvaCase, now: datetime, sign_in: SignIn
) -> None:
    accepted(now, victim=somebody(now, "=Ada", "Birch", grade="very_high"), to="idva_b")
    answer = sign_in("idva_manager").get("/clients/export/?adviser=idva_b")
    rows = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
    assert [(row["Name"], row["Adviser"]) for row in rows] == [("'=Ada Birch", "S. Lindqvist")]
    event = AuditEvent.objects.get(verb="idva_case.exported")
    assert (event.is_grave, event.detail["filters"]) == (True, "?adviser=idva_b")


def test_who_leads_sees_the_teams_and_by_adviser(
    case: IdvaCase, now: datetime, sign_in: SignIn
) -> None:
    accepted(now, victim=somebody(now, "Ada", "Birch"), to="idva_b")
    lead = sign_in("idva_manager")
    page = text(lead, "/clients/")
    assert "O&#x27;Neill" in page
    assert "Birch" in page
    one = text(lead, "/clients/?adviser=idva_b")
    assert "O&#x27;Neill" not in one
    assert "Birch" in one
    assert "O&#x27;Neill" not in text(sign_in("idva_b"), "/clients/?adviser=idva")


def test_whoever_stands_in_finds_them_in_the_list(
    case: IdvaCase, now: datetime, sign_in: SignIn
) -> None:
    arrange_absence(
        person=person("idva"),
        cover=User.objects.get(username="idva_b"),
        from_at=now - HOUR,
        until_at=now + HOUR,
        actor=person("idva"),
        at=now,
    )
    page = text(sign_in("idva_b"), "/clients/")
    assert "You stand in for <b>R. Amadi</b>" in page
    assert "O&#x27;Neill" in page
    assert "O&#x27;Neill" in text(sign_in("idva_b"), "/clients/?whose=away")
    assert "O&#x27;Neill" not in text(sign_in("idva_b"), "/clients/?whose=mine")
    assert path(case) in page
    assert sign_in("idva_b").get(path(case)).status_code == 200


@pytest.mark.parametrize("who", ["worker", "officer", "agency", "auditor", "administrator"])
def test_only_the_service_has_these_homes(db: None, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    assert {client.get(one).status_code for one in ("/clients/", "/advisers/")} == {403}
    assert sign_in("idva").get("/advisers/").status_code == 403


def test_advisers_with_their_load_and_a_suggestion(
    case: IdvaCase, now: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    waiting = referred(now, victim=somebody(now, "Ada", "Birch"))
    kept = accepted(now, victim=somebody(now, "Ife", "Okonkwo"), to="idva_manager")
    lead = sign_in("idva_manager")
    with django_assert_max_num_queries(22):
        page = text(lead, "/advisers/")
    assert lead.get("/").headers["Location"] == "/advisers/"
    assert "Suggested: <b>S. Lindqvist</b>, 0 of 30 clients, their area" in page
    assert f"{path(waiting, 'answer/')}" in page
    assert f"{path(kept, 'allocate/')}" in page
    assert "1 of 30" in page
    Absence.objects.create(
        person=person("idva_b"),
        cover=person("idva"),
        from_at=now - HOUR,
        until_at=now + HOUR,
        recorded_by=person("idva_b"),
        recorded_at=now,
    )
    page = text(lead, "/advisers/")
    assert "Suggested: <b>R. Amadi</b>" in page
    assert "R. Amadi stands in" in page


def test_refer_from_the_victims_page(db: None, now: datetime, sign_in: SignIn) -> None:
    person("idva_manager")
    victim, worker = somebody(now, grade="medium"), sign_in("worker")
    where = f"/victims/{victim.reference}/adviser/"
    assert where in text(worker, f"/victims/{victim.reference}/")
    typed = {"reason": "Court on Monday", "victim_agrees": "not_asked"}
    answer = worker.post(where, typed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Court on Monday" in page
    assert "Nobody asked them: say why they are referred." in page
    typed |= {"agreement_words": "He was there", "lower_risk_words": "He is out on Friday"}
    assert worker.post(where, typed).status_code == 302
    case = IdvaCase.objects.get()
    assert (case.owner, case.victim_agrees) == (person("idva_manager"), None)
    shown = text(worker, f"/victims/{victim.reference}/")
    assert "waits for an answer of C. Whelan" in shown
    assert where not in shown
    assert worker.post(where, typed).status_code == 409, "a second press makes no second case"
    assert sign_in("officer").get(where).status_code == 403
    assert sign_in("idva").get(where).status_code == 404


def test_accepted_and_allocated_in_one_step(db: None, now: datetime, sign_in: SignIn) -> None:
    case, lead = referred(now), sign_in("idva_manager")
    page = text(lead, path(case, "answer/"))
    assert '<option value="idva" selected>' in page
    said = {"answer": "accept", "to": "idva", "version": 1}
    assert lead.post(path(case, "answer/"), said).headers["Location"] == path(case)
    assert IdvaCase.objects.get().owner == person("idva")
    assert lead.post(path(case, "answer/"), said).status_code == 409
    assert sign_in("worker").post(path(case, "answer/"), said).status_code == 403


def test_not_accepted_is_read_by_the_unit(db: None, now: datetime, sign_in: SignIn) -> None:
    case, lead = referred(now), sign_in("idva_manager")
    empty = lead.post(path(case, "answer/"), {"answer": "refuse", "version": 1, "words": "Full"})
    assert empty.status_code == 400
    assert "Say why it is not accepted." in empty.content.decode()
    assert ">Full</textarea>" in empty.content.decode().replace("\n", "")
    done = lead.post(
        path(case, "answer/"),
        {"answer": "refuse", "because": "no_room", "words": "Thirty each.", "version": 1},
    )
    assert done.headers["Location"] == "/clients/", "they see the case no more"
    for where in (path(case), f"/victims/{case.victim.reference}/"):
        page = text(sign_in("worker"), where)
        assert "No adviser has room." in page
        assert "Thirty each." in page
    assert lead.get(path(case)).status_code == 404


def test_passed_on(case: IdvaCase, sign_in: SignIn) -> None:
    adviser = sign_in("idva")
    where = path(case, "pass-on/")
    refused = adviser.post(where, {"to": "idva_b", "words": "", "version": case.version})
    assert refused.status_code == 400
    assert '<option value="idva_b" selected>' in refused.content.decode()
    done = adviser.post(where, {"to": "idva_b", "words": "Texts only", "version": case.version})
    assert done.headers["Location"] == "/clients/"
    assert adviser.get(path(case)).status_code == 404
    assert sign_in("idva_b").get(path(case)).status_code == 200
    assert sign_in("idva_b").get(where).status_code == 200
    assert sign_in("worker").get(where).status_code == 403


def test_a_stale_allocation_shows_both(case: IdvaCase, sign_in: SignIn) -> None:
    lead = sign_in("idva_manager")
    said = {"to": "idva_b", "words": "Texts only", "version": case.version - 1}
    answer = lead.post(path(case, "allocate/"), said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "R. Amadi" in page
    assert "S. Lindqvist" in page
    assert "Texts only" in page
    assert f'name="version" value="{case.version}"' in page
    assert IdvaCase.objects.get().owner == person("idva")


def test_not_reached(case: IdvaCase, now: datetime, sign_in: SignIn) -> None:
    adviser = sign_in("idva")
    page = text(adviser, path(case))
    assert "0 of 3 attempts by the safe way" in page
    said = {"words": "A letter to the GP", "version": case.version}
    refused = adviser.post(path(case, "gave-up/"), said)
    assert refused.status_code == 409
    assert "3 more attempts by a safe way are needed" in refused.content.decode()
    for _ in range(3):
        contact(case, now, way="third_party", other_way_reason="She asked for it")
    assert adviser.post(path(case, "gave-up/"), said).status_code == 409, "none by the safe way"


def test_the_case_page_for_the_police_and_for_the_record(case: IdvaCase, sign_in: SignIn) -> None:
    worker = sign_in("worker")
    page = text(worker, path(case))
    assert "07700 900417" in page
    assert "R. Amadi" in page
    assert "Pass on" not in page
    assert RecordRead.objects.filter(user=person("worker"), victim_id=case.victim_id).exists()
    for who in ("idva_b", "agency", "administrator"):
        assert sign_in(who).get(path(case)).status_code == 404

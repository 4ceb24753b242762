"""The control room's boards and buttons, the officers' own duty, and the API of both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.middleware import LAST_SEEN
from accounts.models import Area, User
from core import clock
from incidents.models import Duty, Incident
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.factories.response import attended, responded, sent

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]
MINUTE = timedelta(minutes=1)
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    """Pages are opened twelve minutes after the call, of fifteen."""
    instant = at + 12 * MINUTE
    monkeypatch.setattr(clock, "now", lambda: instant)
    return instant


def text(client: Client, address: str, **headers: Any) -> str:
    answer = client.get(address, **headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- Resources ----------------------------------------------------------------------------------


def test_the_board_says_who_can_be_sent_in_each_area(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    duties.on_duty("officer", "officer_b", at=at, car=duties.unit())
    duty = duties.on_duty("supervisor", at=at)["supervisor"]
    dispatch.make_unavailable(duty_id=duty.pk, actor=people("handler"), reason="custody", at=at)
    Area.objects.create(name="Southmere")
    row = sent("officer", at=at)
    page = text(sign_in("handler"), "/resources/")
    assert "<b>1</b><span>Fenwick available" in page
    assert "<b>0</b><span>Southmere: nobody available" in page
    assert "1 of 3 on duty available" in page
    assert "custody, since" in page
    assert f'On the way to</span> <a class="ref" href="/incidents/{row.reference}/"' in page
    assert page.index("FE11") < page.index("no unit")


def test_an_area_in_the_address(at: datetime, people: People, sign_in: SignIn) -> None:
    duties.on_duty("officer", at=at)
    other = Area.objects.create(name="Southmere")
    client = sign_in("handler")
    assert "PC 2210 T. Hale" not in text(client, f"/resources/?area={other.pk}", headers=FRAGMENT)
    for unknown in ("999999", "x", ""):
        assert "PC 2210 T. Hale" in text(client, f"/resources/?area={unknown}", headers=FRAGMENT)


def test_who_overruns_is_said(at: datetime, people: People, sign_in: SignIn) -> None:
    dispatch.start_duty(
        officer=people("officer"), actor=people("handler"), at=at, ends_at=at + 10 * MINUTE
    )
    assert "duty ended" in text(sign_in("officer"), "/resources/")


@pytest.mark.parametrize("who", ["worker", "idva", "auditor", "nobody"])
def test_resources_are_for_the_control_room_and_officers(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/resources/").status_code == 403


#: Session, person, groups and permissions; areas, duties, deployments; units and officers to
#: choose from, the bell.
RESOURCES_QUERIES = 13
#: A refresh: no form, no bell.
REFRESH_QUERIES = 6


@pytest.mark.parametrize("number", [1, 4])
def test_the_board_costs_the_same_however_many(
    at: datetime,
    people: People,
    sign_in: SignIn,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    duties.on_duty(at=at, car=duties.unit())
    for minutes in range(number):
        sent(at=at + minutes * MINUTE)
        Area.objects.create(name=f"Area {minutes}")
    client = sign_in("handler")
    client.get("/resources/")
    with django_assert_max_num_queries(RESOURCES_QUERIES):
        client.get("/resources/")
    with django_assert_max_num_queries(REFRESH_QUERIES):
        page = client.get("/resources/", headers=FRAGMENT).content.decode()
    assert "<html" not in page


def test_the_control_room_puts_on_duty(at: datetime, people: People, sign_in: SignIn) -> None:
    car = duties.unit()
    people("officer")
    client = sign_in("handler")
    said = {"officer": "officer", "unit": car.pk, "until": "18:30"}
    assert client.post("/resources/", said).status_code == 302
    duty = Duty.objects.get()
    assert (duty.unit, duty.ends_at) == (car, at.replace(hour=18, minute=30))
    again = client.post("/resources/", {"officer": "officer", "unit": "", "until": ""})
    assert again.status_code == 400
    assert "on duty already, in FE11" in again.content.decode()
    assert sign_in("officer").post("/resources/", said).status_code == 403


def test_a_time_gone_by_is_tomorrows(at: datetime, people: People, sign_in: SignIn) -> None:
    people("officer")
    sign_in("handler").post("/resources/", {"officer": "officer", "until": "06:00"})
    assert Duty.objects.get().ends_at == at.replace(hour=6) + timedelta(days=1)
    bad = sign_in("handler").post("/resources/", {"officer": "officer", "until": "25:99"})
    assert "Give a time like 18:30." in bad.content.decode()
    assert 'value="25:99"' in bad.content.decode()


def test_one_officer(at: datetime, people: People, sign_in: SignIn) -> None:
    people("officer")
    client, address = sign_in("handler"), "/resources/officers/officer/"
    car = duties.unit()
    assert "Not on duty" in text(client, address)
    client.post(address, {"act": "on", "unit": car.pk})
    refused = client.post(address, {"act": "unavailable", "reason": ""})
    assert refused.status_code == 400
    client.post(address, {"act": "unavailable", "reason": "custody"})
    assert "Available again" in text(client, address)
    client.post(address, {"act": "available"})
    client.post(address, {"act": "move", "unit": ""})
    duty = Duty.objects.get()
    assert (duty.unit, duty.unavailable_reason) == (None, "")
    row = sent("officer", at=at)
    refused = client.post(address, {"act": "off"})
    assert refused.status_code == 400
    assert f"on the way to {row.reference}" in refused.content.decode()
    assert f"Stand down from {row.reference}" in refused.content.decode()
    assert client.post(address, {"act": "nonsense"}).status_code == 400
    assert client.get("/resources/officers/worker/").status_code == 404


# --- Incidents ----------------------------------------------------------------------------------


def test_the_board_says_how_far_everybody_is(at: datetime, people: People, sign_in: SignIn) -> None:
    duties.on_duty(at=at, car=duties.unit())
    row = sent(at=at)
    response.read_briefing(incident_id=row.pk, actor=people("officer"), at=at + MINUTE)
    client = sign_in("handler")
    page = text(client, "/incidents/")
    assert "briefing read<" in page
    assert "briefing not read<" in page
    assert '<span class="tag">FE11</span>' in page
    response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + 5 * MINUTE)
    page = text(client, "/incidents/")
    assert ">in time<" in page
    assert "arrived <time" in page


def test_being_late_is_said_on_the_board_and_the_page(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = sent(at=at)
    Incident.objects.filter(pk=row.pk).update(attend_by=at + 3 * MINUTE)
    row.deployments.update(arrive_by=at + 3 * MINUTE)
    response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + 9 * MINUTE)
    client = sign_in("handler")
    assert '<span class="tag r">6 min late</span>' in text(client, "/incidents/")
    assert '<span class="tag r">6 min late</span>' in text(client, f"/incidents/{row.reference}/")


def test_nobody_sent_is_red_only_when_the_target_is_near(
    at: datetime, people: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = incident(at=at)
    client = sign_in("handler")
    assert '<b class="tag r">Nobody sent yet</b>' in text(client, "/incidents/")
    monkeypatch.setattr(clock, "now", lambda: at + MINUTE)
    page = text(client, "/incidents/")
    assert "nobody sent yet" in page
    assert "Nobody sent yet" not in page
    dispatch.send_nobody(
        incident_id=row.pk, actor=people("handler"), reason="with her sister", at=at + MINUTE
    )
    page = text(client, "/incidents/")
    assert "nobody sent yet" not in page
    assert "with her sister" in page


#: Session, person, groups and permissions, incidents, people and officers (2), areas, the bell.
LIST_QUERIES = 11


@pytest.mark.parametrize("number", [1, 8])
def test_the_list_costs_the_same_however_many(
    at: datetime, people: People, sign_in: SignIn, number: int, django_assert_max_num_queries: Any
) -> None:
    for minutes in range(number):
        sent(at=at + minutes * MINUTE)
    client = sign_in("handler")
    client.get("/incidents/")
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get("/incidents/")
    with django_assert_max_num_queries(REFRESH_QUERIES):
        page = client.get("/incidents/?state=any", headers=FRAGMENT).content.decode()
    assert page.count("<tr") == number + 1
    assert "<html" not in page
    assert 'name="state"' not in page, "the filters are no part of what is refreshed"


def test_a_board_alone_keeps_no_session_alive(
    at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client = sign_in("handler")
    client.get("/incidents/")
    for minutes in (10, 20, 29):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: at + (12 + minutes) * MINUTE)
        answer = client.get("/incidents/", headers={**FRAGMENT, "X-Refresh": "alone"})
        assert answer.status_code == 200
    assert client.session[LAST_SEEN] == (at + 12 * MINUTE).timestamp()
    monkeypatch.setattr(clock, "now", lambda: at + 43 * MINUTE)
    assert client.get("/incidents/", headers={**FRAGMENT, "X-Refresh": "alone"}).status_code == 401
    client = sign_in("handler")
    client.get("/incidents/")
    monkeypatch.setattr(clock, "now", lambda: at + 60 * MINUTE)
    client.get("/incidents/", headers={**FRAGMENT, "X-Refresh": "watched"})
    assert client.session[LAST_SEEN] == (at + 60 * MINUTE).timestamp()


# --- Sending, standing down, nobody -------------------------------------------------------------


def test_the_send_form_offers_a_unit_and_each_of_its_crew(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    car = duties.unit()
    duties.on_duty(at=at, car=car)
    people("supervisor")
    row = incident(at=at)
    client = sign_in("handler")
    page = text(client, f"/incidents/{row.reference}/")
    assert "Available in Fenwick" in page
    assert "FE11 · PC 2210 T. Hale, PC 3015 L. Moss" in page
    assert "<summary>Not on duty (1)</summary>" in page
    answer = client.post(f"/incidents/{row.reference}/send/", {"units": [car.pk]}, follow=True)
    assert "Sent: PC 2210 T. Hale, PC 3015 L. Moss." in answer.content.decode()
    assert row.deployments.filter(unit=car).count() == 2


def test_the_box_is_there_for_who_was_told_whom_it_is_about(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = incident(at=at)
    both = [people("officer").pk, people("officer_b").pk]
    client, address = sign_in("handler"), f"/incidents/{row.reference}/send/"
    assert 'name="knowingly"' not in text(client, f"/incidents/{row.reference}/")
    answer = client.post(address, {"officers": both})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "PC 3015 L. Moss is not on duty." in page
    assert page.count(" checked>") == 2, "what was chosen stays chosen"
    assert 'name="knowingly"' in page
    assert client.post(address, {"officers": both, "knowingly": "on"}).status_code == 302


def test_pressing_send_twice_is_no_mistake(at: datetime, sign_in: SignIn) -> None:
    car = duties.unit()
    duties.on_duty("officer", "officer_b", at=at, car=car)
    row = incident(at=at)
    client, address = sign_in("handler"), f"/incidents/{row.reference}/send/"
    for words in ("Sent: PC 2210 T. Hale, PC 3015 L. Moss.", "They were sent already."):
        answer = client.post(address, {"units": [car.pk]}, follow=True)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert row.deployments.count() == 2


def test_sending_somebody_who_is_busy_says_so(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    duties.on_duty(at=at)
    earlier = sent(at=at)
    row = incident(at=at + MINUTE)
    client = sign_in("handler")
    page = text(client, f"/incidents/{row.reference}/")
    assert f"on the way to {earlier.reference}" in page
    both = [people("officer").pk, people("officer_b").pk]
    answer = client.post(f"/incidents/{row.reference}/send/", {"officers": both}, follow=True)
    said = f"PC 2210 T. Hale is also on the way to {earlier.reference}."
    assert said in answer.content.decode()


def test_standing_down_from_the_page(at: datetime, people: People, sign_in: SignIn) -> None:
    row = sent(at=at)
    client, address = sign_in("handler"), f"/incidents/{row.reference}/stand-down/officer/"
    assert f'href="{address}"' in text(client, f"/incidents/{row.reference}/")
    assert "Stand down PC 2210 T. Hale" in text(client, address)
    assert client.post(address, {"reason": ""}).status_code == 400
    refused = client.post(address, {"reason": "x" * 201})
    assert "x" * 201 in refused.content.decode()
    answer = client.post(address, {"reason": "a nearer car goes"}, follow=True)
    assert "a nearer car goes" in answer.content.decode()
    assert client.get(f"/incidents/{row.reference}/stand-down/supervisor/").status_code == 404


def test_sending_nobody_from_the_page(at: datetime, people: People, sign_in: SignIn) -> None:
    row = incident(at=at)
    client, address = sign_in("handler"), f"/incidents/{row.reference}/send-nobody/"
    assert client.post(address, {"reason": " "}).status_code == 400
    answer = client.post(address, {"reason": "safe with her sister"}, follow=True)
    page = " ".join(answer.content.decode().split())
    assert "<b>Nobody is sent:</b> safe with her sister" in page
    late = sent(at=at)
    refused = client.post(f"/incidents/{late.reference}/send-nobody/", {"reason": "no"})
    assert refused.status_code == 400
    assert "Stand them down first" in refused.content.decode()


# --- The officer's telephone --------------------------------------------------------------------


def test_one_button_on_and_off(at: datetime, people: People, sign_in: SignIn) -> None:
    car = duties.unit()
    client = sign_in("officer")
    assert "Not on duty" in text(client, "/my-incidents/")
    client.post("/my-incidents/duty/", {"act": "on", "unit": car.pk})
    assert "On duty in FE11" in text(client, "/my-incidents/")
    row = sent("officer", at=at)
    answer = client.post("/my-incidents/duty/", {"act": "off"}, follow=True)
    assert f"on the way to {row.reference}" in answer.content.decode()
    assert Duty.objects.get().ended_at is None
    assert sign_in("handler").post("/my-incidents/duty/", {"act": "on"}).status_code == 403


def test_officers_say_themselves_that_they_cannot_be_sent(people: People, sign_in: SignIn) -> None:
    duties.on_duty("officer", "officer_b", at=clock.now())
    client = sign_in("officer")
    wordless = client.post(
        "/my-incidents/duty/", {"act": "unavailable", "reason": " "}, follow=True
    )
    assert "This is needed." in wordless.content.decode()
    client.post("/my-incidents/duty/", {"act": "unavailable", "reason": "custody"})
    mine = Duty.objects.get(officer=people("officer"))
    assert mine.unavailable_reason == "custody"
    page = text(client, "/my-incidents/")
    assert "custody" in page
    assert "I cannot be sent" not in page
    client.post("/my-incidents/duty/", {"act": "available"})
    mine.refresh_from_db()
    assert mine.unavailable_reason == ""
    assert not Duty.objects.exclude(unavailable_reason="").exists()
    assert "I cannot be sent" in text(client, "/my-incidents/")


def test_being_free_is_the_step_after_recording(
    at: datetime, people: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at + 40 * MINUTE)
    row = attended(at=at)
    client = sign_in("officer")
    assert "I am free" not in text(client, "/my-incidents/")
    done = responded(at=at).incident
    address = f"/incidents/{done.reference}/clear/officer/"
    assert f'action="{address}"' in text(client, "/my-incidents/")
    assert client.post(address).headers["Location"] == "/my-incidents/"
    assert f'action="{address}"' not in text(client, "/my-incidents/")
    other = f"/incidents/{row.reference}/clear/officer_b/"
    assert client.post(other).status_code == 403
    early = sign_in("handler").post(other, follow=True)
    assert "has not arrived yet" in early.content.decode()


def test_who_was_stood_down_has_nothing_to_do_there(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = sent(at=at)
    dispatch.stand_down(
        incident_id=row.pk,
        officer=people("officer"),
        actor=people("handler"),
        reason="a nearer car goes",
        at=at + MINUTE,
    )
    page = text(sign_in("officer"), "/my-incidents/")
    assert "stood down: a nearer car goes" in page
    assert "I have arrived" not in page


# --- API ----------------------------------------------------------------------------------------


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_the_api_sends_units_and_says_who_can_be_sent(at: datetime, people: People) -> None:
    duties.on_duty(at=at, car=duties.unit())
    row = incident(at=at)
    handler = api(people("handler"))
    address = f"/api/v1/incidents/{row.reference}/dispatch/"
    unknown = handler.post(address, {"units": ["ZZ99"]}, format="json")
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["units"])
    answer = handler.post(address, {"units": ["FE11"]}, format="json")
    assert answer.status_code == 201
    assert [one["unit"] for one in answer.json()["deployments"]] == ["FE11", "FE11"]
    assert answer.json()["deployments"][0]["arrive_by"]
    area = handler.get("/api/v1/resources/").json()[0]
    assert (area["area"], area["available"]) == ("Fenwick", 0)
    first = area["officers"][0]
    assert (first["officer"], first["unit"], first["standing"]) == ("officer", "FE11", "on_the_way")
    assert first["busy_with"][0]["incident"] == row.reference
    assert api(people("worker")).get("/api/v1/resources/").status_code == 403


def test_the_api_asks_whether_they_know(at: datetime, people: People) -> None:
    row = incident(at=at)
    people("officer"), people("officer_b")
    address = f"/api/v1/incidents/{row.reference}/dispatch/"
    body = {"officers": ["officer", "officer_b"]}
    refused = api(people("handler")).post(address, body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["knowingly"])
    body["knowingly"] = True  # type: ignore[assignment]
    assert api(people("handler")).post(address, body, format="json").status_code == 201

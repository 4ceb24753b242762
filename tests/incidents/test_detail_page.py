"""The page of one incident: all of it for who may see it, and its forms for who may use them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents import panels
from incidents.models import Crime, Deployment, Incident
from incidents.services import response
from incidents.services.response import CrimeNamed
from tests.factories.dispatch import on_duty
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.response import attended, responded, sent
from victims.models import Victim, VictimGrant

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    """Pages are opened an hour after the call."""
    instant = at + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: instant)
    return instant


def url(row: Incident, page: str = "") -> str:
    return f"/incidents/{row.reference}/{page}"


def grant(victim: Victim, user: User) -> None:
    permission = Permission.objects.get(codename="view_victim")
    VictimGrant.objects.create(user=user, permission=permission, content_object=victim)


def test_the_whole_log_is_there(at: datetime, people: People, sign_in: SignIn) -> None:
    crimes = (CrimeNamed(category="stalking", number="CF/9"), CrimeNamed(category="other"))
    row = responded(at=at, crime_committed="yes", crimes=crimes).incident
    page = sign_in("supervisor").get(url(row)).content.decode()
    victim = Victim.objects.get()
    for words in (
        row.reference,
        "He is outside, banging on the door.",
        "Darren Pike",
        f"/victims/{victim.reference}/",
        "Where is the person you are afraid of?",
        "PC 2210 T. Hale arrived 9 minutes after the call",
        "Two officers sent",
        "First response recorded: arrest",
        "Locks changed tonight",
        "CF/9",
        "1 crime without a number",
        "Ella, 6, said that she hid.",
        "not: CCTV and doorbell cameras found",
    ):
        assert words in page, words


def test_an_override_is_shown_with_its_words(at: datetime, people: People, sign_in: SignIn) -> None:
    row = incident(at=at, grade="appointment", grade_override_reason="She is at the counter now.")
    page = sign_in("officer").get(url(row)).content.decode()
    assert "She is at the counter now." in page
    assert "appointment was chosen" in page


def test_opening_is_logged_and_shown_to_who_audits(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = incident(at=at)
    sign_in("worker").get(url(row))
    read = RecordRead.objects.get()
    assert (read.user, read.incident_id, read.path) == (people("worker"), row.pk, url(row))
    assert "Who looked" in sign_in("auditor").get(url(row)).content.decode()
    assert "Who looked" not in sign_in("worker").get(url(row)).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("handler", 200),
        ("officer", 200),
        ("worker", 200),
        ("head", 200),
        ("auditor", 200),
        ("idva", 404),
        ("agency", 404),
        ("analyst", 404),
        ("administrator", 404),
        ("nobody", 404),
    ],
)
def test_who_sees_it(at: datetime, people: People, sign_in: SignIn, who: str, status: int) -> None:
    row = incident(at=at)
    assert sign_in(who).get(url(row)).status_code == status
    assert RecordRead.objects.exists() == (status == 200)


def test_who_was_granted_the_victim_sees_it_and_only_their_record(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = incident(
        at=at,
        people=(
            in_call("victim", **SIOBHAN),
            in_call("victim", **DARREN),
        ),
    )
    mine, other = (item.victim for item in row.involvements.order_by("pk"))
    assert mine is not None and other is not None
    grant(mine, people("idva"))
    page = sign_in("idva").get(url(row)).content.decode()
    assert f"/victims/{mine.reference}/" in page
    assert other.reference not in page
    assert "Send officers" not in page
    assert "Record a crime" not in page
    assert sign_in("idva_b").get(url(row)).status_code == 404


# --- Sending ------------------------------------------------------------------------------------


def test_the_control_room_sends_from_the_page(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    on_duty(at=at)
    earlier = sent("officer", at=at)
    row = incident(at=at)
    client = sign_in("handler")
    page = client.get(url(row)).content.decode()
    assert f"on the way to {earlier.reference}" in page
    assert page.index("PC 3015 L. Moss") < page.index("PC 2210 T. Hale")
    both = [people("officer").pk, people("officer_b").pk]
    answer = client.post(url(row, "send/"), {"officers": both}, follow=True)
    assert "Sent: " in answer.content.decode()
    assert row.deployments.count() == 2


@pytest.mark.parametrize(
    ("officers", "reason", "field", "words"),
    [
        ([], "", "officers", "Choose who is sent."),
        (["officer"], "", "fewer_reason", "Say why fewer are sent."),
        (["worker"], "alone", "officers", "not one of the available choices"),
        (["officer"], "x" * 201, "fewer_reason", "201 characters"),
    ],
)
def test_sending_says_what_is_wrong(
    at: datetime,
    people: People,
    sign_in: SignIn,
    officers: list[str],
    reason: str,
    field: str,
    words: str,
) -> None:
    row = incident(at=at)
    people("officer")
    data = {"officers": [people(name).pk for name in officers], "fewer_reason": reason}
    answer = sign_in("handler").post(url(row, "send/"), data)
    assert answer.status_code == 400
    assert words in " ".join(answer.context["send_form"].errors[field])
    assert not Deployment.objects.exists()


@pytest.mark.parametrize(
    ("page", "who", "status"),
    [
        ("send/", "officer", 403),
        ("send/", "worker", 403),
        ("send/", "idva", 404),
        ("send/", "analyst", 404),
        ("crimes/", "worker", 403),
        ("crimes/", "idva", 404),
        ("crimes/", "analyst", 404),
    ],
)
def test_who_may_not_use_the_forms(
    at: datetime, people: People, sign_in: SignIn, page: str, who: str, status: int
) -> None:
    row = incident(at=at)
    data = {"officers": [people("officer").pk], "category": "stalking", "number": "A1"}
    assert sign_in(who).post(url(row, page), data).status_code == status
    assert not Deployment.objects.exists()
    assert not Crime.objects.exists()


# --- Crimes -------------------------------------------------------------------------------------


def test_a_crime_is_recorded_from_the_page(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    data = {"category": "harassment", "number": "cf/12", "arrests": "1"}
    client = sign_in("officer")
    for _ in range(2):
        answer = client.post(url(row, "crimes/"), data, follow=True)
        assert "Crime CF/12 is recorded." in answer.content.decode()
    crime = Crime.objects.get()
    assert (crime.arrests, crime.victim) == (1, Victim.objects.get())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"category": "", "number": "A1"}, "category"),
        ({"category": "murder", "number": "A1"}, "category"),
        ({"category": "stalking", "number": ""}, "number"),
        ({"category": "stalking", "number": "A?"}, "number"),
        ({"category": "stalking", "number": "A" * 21}, "number"),
        ({"category": "stalking", "number": "A1", "arrests": "-1"}, "arrests"),
        ({"category": "stalking", "number": "A1", "arrests": "many"}, "arrests"),
        ({"category": "stalking", "number": "TAKEN"}, "number"),
    ],
)
def test_what_is_wrong_with_a_crime_is_said_at_its_field(
    at: datetime, people: People, sign_in: SignIn, data: dict[str, str], field: str
) -> None:
    other = incident(at=at)
    response.record_crime(
        incident_id=other.pk, category="other", number="TAKEN", actor=people("officer"), at=at
    )
    row = attended(at=at)
    answer = sign_in("officer").post(url(row, "crimes/"), data)
    assert answer.status_code == 400
    assert list(answer.context["crime_form"].errors) == [field]
    assert Crime.objects.count() == 1


# --- Panels and cost ----------------------------------------------------------------------------


def test_higher_apps_add_their_parts(
    at: datetime, people: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_panels", dict(panels._panels))
    monkeypatch.setitem(
        panels._panels,
        "hidden",
        panels.Panel(
            "main", 1, "components/no-such-template.html", lambda row, user, at: None, of_whole=True
        ),
    )
    panels.register(
        20, "components/empty.html", lambda row, user, at: {"of": row.reference, "by": user.name}
    )
    row = incident(at=at)
    answer = sign_in("worker").get(url(row))
    shown = [panel.context for panel in answer.context["log"].panels if "of" in panel.context]
    assert shown == [{"of": row.reference, "by": "M. Castellanos"}]
    with pytest.raises(ValueError, match="no slot"):
        panels.register(1, "x.html", lambda row, user, at: None, slot="nowhere")


@pytest.mark.parametrize("who", ["handler", "worker", "officer"])
def test_the_page_costs_a_fixed_number_of_queries(
    at: datetime,
    people: People,
    sign_in: SignIn,
    who: str,
    django_assert_max_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    crimes = tuple(CrimeNamed(category="other", number=f"A{number}") for number in range(5))
    row = responded(at=at, crime_committed="yes", crimes=crimes).incident
    client = sign_in(who)
    client.get(url(row))
    with django_assert_max_num_queries(22):
        client.get(url(row))

"""Recording an event by hand: its own fields, what cannot be, what is on record already."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core import clock
from core.clock import local
from perpetrators.forms.custody_events import FIELDS
from perpetrators.models import CourtDate, CustodyEpisode, CustodyEvent, ExpectedRelease
from risk.models import ReassessmentReason
from tests.factories.custody import couple, custody_event
from victims.models import Person, VictimUpdate

pytestmark = pytest.mark.django_db

NEW = "/custody/events/new/"
SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def darren() -> Person:
    return couple(at=clock.now() - timedelta(days=3))[0]


def typed(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%dT%H:%M}"


def record(client: Client, person: Person, kind: str, **said: Any) -> Any:
    given = {
        "key": str(uuid4()),
        "episode": "new",
        "happened_at": typed(clock.now() - HOUR),
        **{name: typed(one) if isinstance(one, datetime) else one for name, one in said.items()},
    }
    return client.post(f"{NEW}?person={person.reference}&kind={kind}", given)


def run_of() -> str:
    return CustodyEpisode.objects.get().reference


def test_whom_and_what_first(sign_in: SignIn, darren: Person) -> None:
    client = sign_in("custody")
    page = client.get(NEW).content.decode()
    assert "Whose custody" in page
    refused = client.get(f"{NEW}?person=P-2020-999999&kind=bail")
    assert refused.status_code == 400
    assert "Nobody on record has this reference." in refused.content.decode()
    page = client.get(f"{NEW}?person={darren.reference}").content.decode()
    assert f'value="{darren.reference}"' in page


@pytest.mark.parametrize("kind", FIELDS)
def test_each_kind_has_its_own_fields(sign_in: SignIn, darren: Person, kind: str) -> None:
    page = sign_in("custody").get(f"{NEW}?person={darren.reference}&kind={kind}")
    form = page.context["form"]
    shown = {name for name in form.fields if not name.startswith("condition_")}
    own = set(FIELDS[kind]) - {"conditions"}
    run = set() if kind == "court-date-vacated" else {"episode"}
    assert shown == {"key", "happened_at", "again"} | own | run
    assert any(name.startswith("condition_") for name in form.fields) == (
        "conditions" in FIELDS[kind]
    )


def test_bail_with_conditions_does_what_the_systems_message_does(
    sign_in: SignIn, darren: Person
) -> None:
    until = clock.now() + timedelta(days=28)
    answer = record(
        sign_in("investigator"),
        darren,
        "bail",
        bail_until=until,
        condition_no_contact="With Siobhán\nWith her sister",
    )
    assert answer.status_code == 302
    assert answer.url == f"/people/{darren.reference}/"
    run = CustodyEpisode.objects.get()
    assert (run.state, len(run.bail_conditions)) == ("on_bail", 2)
    assert VictimUpdate.objects.get().about == "bail"
    assert ReassessmentReason.objects.get().trigger == "bail"
    assert CustodyEvent.objects.get().system == "here"


def test_pressed_twice_it_is_recorded_once(sign_in: SignIn, darren: Person) -> None:
    client, key = sign_in("custody"), str(uuid4())
    when = clock.now() - HOUR
    for _ in range(2):
        assert record(client, darren, "arrest", key=key, happened_at=when).status_code == 302
    assert CustodyEvent.objects.count() == 1


@pytest.mark.parametrize(
    "kind,said,words",
    [
        ("arrest", {"happened_at": timedelta(hours=2)}, "This lies ahead"),
        ("court-date", {"hearing_at": -HOUR}, "A hearing to come lies ahead"),
        ("prison-release-planned", {"release_at": -HOUR}, "record the release itself"),
        ("prison-release-planned", {}, "Say when the release is planned"),
        ("bail", {"bail_until": -2 * HOUR}, "Bail ends after it begins"),
        ("bail-breach", {}, "Say which run of custody"),
        ("arrest", {"happened_at": ""}, "This is needed."),
        ("arrest", {"key": "none"}, "Enter a valid UUID"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    sign_in: SignIn, darren: Person, kind: str, said: dict[str, Any], words: str
) -> None:
    now = clock.now()
    given = {name: now + one if isinstance(one, timedelta) else one for name, one in said.items()}
    answer = record(sign_in("custody"), darren, kind, **given)
    assert answer.status_code in {400, 409}
    page = answer.content.decode()
    assert words in page
    if isinstance(given.get("happened_at"), datetime):
        assert typed(given["happened_at"]) in page
    assert not CustodyEvent.objects.exists()


def test_before_its_run_began(sign_in: SignIn, darren: Person) -> None:
    now = clock.now()
    custody_event("arrest", at=now, happened_at=now - 5 * HOUR)
    answer = record(
        sign_in("custody"), darren, "charge", episode=run_of(), happened_at=now - 6 * HOUR
    )
    assert answer.status_code == 400
    assert "cannot have happened before that" in answer.content.decode()


def test_no_bail_to_change(sign_in: SignIn, darren: Person) -> None:
    now = clock.now()
    custody_event("arrest", at=now, happened_at=now - 5 * HOUR)
    answer = record(sign_in("custody"), darren, "bail-change", episode=run_of())
    assert answer.status_code == 409
    assert "There is no bail to change: detained since" in answer.content.decode()


def test_what_is_on_record_already_is_said_and_may_be_recorded_all_the_same(
    sign_in: SignIn, darren: Person
) -> None:
    now = clock.now()
    custody_event("arrest", at=now, happened_at=now - 5 * HOUR)
    custody_event("release", at=now, happened_at=now - HOUR)
    caused = ReassessmentReason.objects.count()
    client, run = sign_in("custody"), run_of()
    answer = record(client, darren, "release", episode=run, happened_at=now - 1.5 * HOUR)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This is on record already: release" in page
    assert "from Custody system" in page
    assert "Record it all the same" in page
    again = record(client, darren, "release", episode=run, happened_at=now - HOUR, again="on")
    assert again.status_code == 302
    assert CustodyEvent.objects.filter(kind="release").count() == 2
    assert ReassessmentReason.objects.count() == caused


def test_a_hearing_is_listed_and_vacated_a_release_planned_and_called_off(
    sign_in: SignIn, darren: Person
) -> None:
    client, now = sign_in("custody"), clock.now()
    soon = now + timedelta(days=30)
    assert record(client, darren, "prison", happened_at=now - 9 * HOUR).status_code == 302
    run = run_of()
    assert record(client, darren, "court-date", episode=run, hearing_at=soon).status_code == 302
    hearing = CourtDate.objects.get()
    vacated = record(client, darren, "court-date-vacated", hearing_row=str(hearing.pk))
    assert vacated.status_code == 302
    hearing.refresh_from_db()
    assert hearing.state == "vacated"
    plan = {"episode": run, "release_on": f"{local(soon):%Y-%m-%d}"}
    assert record(client, darren, "prison-release-planned", **plan).status_code == 302
    assert ExpectedRelease.objects.get().day_only
    for status in (302, 409):
        off = record(client, darren, "prison-release-cancelled", episode=run, again="on")
        assert off.status_code == status
    assert ExpectedRelease.objects.get().state == "cancelled"


@pytest.mark.parametrize("who", ["officer", "handler", "custody_system", "idva", "head"])
def test_who_may_not_record(sign_in: SignIn, darren: Person, who: str) -> None:
    client = sign_in(who)
    assert client.get(NEW).status_code == 403
    assert record(client, darren, "arrest").status_code == 403
    assert not CustodyEvent.objects.exists()

"""The officer in the case: named by hand or by a system, and reminded before bail ends."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import AuditEvent
from core import clock
from core.errors import InvalidInput
from deadlines.models import Deadline
from perpetrators.models import CustodyEpisode, CustodyEvent
from tests.factories.custody import AT, couple, custody_event
from tests.perpetrators.test_recording import SignIn, record
from tests.personas import person, team
from victims.models import Person

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = AT + 28 * DAY


@pytest.fixture
def darren() -> Person:
    person("investigator")
    return couple()[0]


def named() -> str:
    found = CustodyEpisode.objects.select_related("investigator").get().investigator
    return found.username if found else ""


def bail_clock() -> Deadline:
    return Deadline.objects.get(kind="bail_ends")


def test_a_system_names_them_and_they_have_the_bail(darren: Person) -> None:
    custody_event("bail", bail_until=END, investigator="investigator")
    assert named() == "investigator"
    assert (bail_clock().owner, bail_clock().team) == (person("investigator"), team("daisu"))


@pytest.mark.parametrize("name", ["nobody.known", "custody_left", "sweep"])
def test_a_systems_name_that_nobody_here_has_is_kept_and_ignored(darren: Person, name: str) -> None:
    left = person("custody")
    left.username, left.is_active = "custody_left", False
    left.save()
    custody_event("arrest", happened_at=AT - 5 * HOUR, investigator="investigator")
    event = custody_event("bail", bail_until=END, investigator=name)
    assert event.content["investigator"] == name
    assert named() == "investigator"


@pytest.mark.parametrize("is_late", [False, True])
def test_the_newest_that_names_one_wins_in_whatever_order_they_come(
    darren: Person, is_late: bool
) -> None:
    arrest = {"kind": "arrest", "happened_at": AT - 5 * HOUR, "investigator": "officer"}
    bail = {"kind": "bail", "bail_until": END, "investigator": "investigator"}
    person("officer")
    said: list[dict[str, Any]] = [bail, arrest] if is_late else [arrest, bail]
    for one in said:
        custody_event(**one)
    assert named() == "investigator"
    assert bail_clock().owner == person("investigator")


def test_another_named_since_has_it_from_then_on(darren: Person) -> None:
    officer = person("officer")
    custody_event("bail", bail_until=END, investigator="investigator")
    custody_event("bail-change", at=AT + DAY, happened_at=AT + DAY, investigator="officer")
    assert named() == "officer"
    assert (bail_clock().owner, bail_clock().team) == (officer, officer.team)
    custody_event("court-date", at=AT + DAY, hearing_at=AT + 40 * DAY)
    assert bail_clock().owner == officer
    passed = AuditEvent.objects.get(verb="custody.investigator_named")
    assert (passed.subject, str(officer) in passed.headline) == (darren.reference, True)


def test_named_by_hand(sign_in: SignIn, darren: Person) -> None:
    until = clock.now() + 28 * DAY
    answer = record(
        sign_in("custody"), darren, "bail", bail_until=until, investigator="investigator"
    )
    assert answer.status_code == 302
    assert named() == "investigator"


def test_mistyped_by_hand_it_is_refused_at_its_field_and_stays(
    sign_in: SignIn, darren: Person
) -> None:
    until = clock.now() + 28 * DAY
    answer = record(sign_in("custody"), darren, "bail", bail_until=until, investigator="inspektor")
    assert answer.status_code == InvalidInput.status
    assert "Nobody who works here" in answer.context["form"].errors["investigator"][0]
    assert 'value="inspektor"' in answer.content.decode()
    assert not CustodyEvent.objects.exists()

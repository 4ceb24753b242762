"""A call taken by somebody from whom the victim is withheld: protected all the same."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deadlines.models import Notification
from incidents.history import Clues, NameClue, look_up
from incidents.models import Exhibit, Incident, Involvement
from incidents.pages.find import find
from tests.factories import incidents as make
from tests.incidents.test_calls_page import FORM
from tests.personas import person
from victims.models import Person, Victim
from victims.services import withhold

pytestmark = pytest.mark.django_db

HER = Clues(
    number="+447700900417",
    address_line="Flat 4, 18 Tanglewood Court",
    postcode="PE1 9ZZ",
    names=(NameClue("Siobhán", "O'Neill", make.SIOBHAN["date_of_birth"]),),
)


def fresh(username: str) -> User:
    return User.objects.get(pk=person(username).pk)


@pytest.fixture
def before() -> Incident:
    """Her earlier incident, logged by a colleague; withheld from handler_b since."""
    person("inspector"), person("supervisor")
    earlier = make.incident(at=make.NOW.replace(day=1))
    victim = Victim.objects.get(involvements__incident=earlier)
    withhold(
        victim_id=victim.pk,
        person_id=person("handler_b").pk,
        reason="His cousin",
        actor=person("supervisor"),
        at=make.NOW,
    )
    return earlier


def test_the_look_up_shows_nothing_of_it(before: Incident) -> None:
    others = look_up(clues=HER, at=make.NOW, reader=fresh("handler"))
    assert [one.reference for one in others.incidents] == [before.reference]
    known = look_up(clues=HER, at=make.NOW, reader=fresh("handler_b"))
    assert not known.incidents
    assert not {one.name for one in known.people} & {one.name for one in others.people}
    assert known.counts.in_year == 0
    assert not (known.safe_ways or known.homes or known.last_grade or known.orders)


def test_search_and_lists_show_nothing_of_it(before: Incident) -> None:
    for words in ("O'Neill", "07700 900417", "PE1 9ZZ", before.reference):
        assert not find(words, fresh("handler")).is_empty or find(words, fresh("handler")).path
        assert find(words, fresh("handler_b")).is_empty and not find(words, fresh("handler_b")).path
    assert not Incident.objects.visible_to(fresh("handler_b")).exists()
    assert not Involvement.objects.visible_to(fresh("handler_b")).exists()
    assert not Exhibit.objects.visible_to(fresh("handler_b")).exists()
    assert not Person.objects.visible_to(fresh("handler_b")).filter(victim__isnull=False).exists()


@pytest.mark.parametrize("said", [{}, {"date_of_birth": None}])
def test_what_they_log_is_joined_and_the_inspector_told_at_once(
    before: Incident, said: dict[str, Any]
) -> None:
    victim = Victim.objects.get(involvements__incident=before)
    logged = make.incident(
        actor=fresh("handler_b"),
        people=(make.in_call("victim", **{**make.SIOBHAN, **said}),),
    )
    assert Involvement.objects.get(incident=logged, role="victim").victim == victim
    told = Notification.objects.filter(user=person("inspector"), victim=victim)
    assert told.get(level="warning").reference == logged.reference
    assert not Notification.objects.visible_to(fresh("handler_b")).exists()
    assert not Incident.objects.visible_to(fresh("handler_b")).filter(pk=logged.pk).exists()


def test_somebody_of_her_name_elsewhere_is_somebody_else(before: Incident) -> None:
    victim = Victim.objects.get(involvements__incident=before)
    logged = make.incident(
        actor=fresh("handler_b"),
        caller_number="07700 900999",
        address_line="2 Quarry Lane",
        postcode="PE2 8YY",
        people=(make.in_call("victim", given_name="Siobhán", family_name="O'Neill"),),
    )
    assert not Involvement.objects.filter(incident=logged, victim=victim).exists()
    assert not Notification.objects.filter(user=person("inspector"), level="warning").exists()


@pytest.mark.parametrize("act", ["log", "log_only"])
def test_after_logging_they_are_led_to_the_next_call(before: Incident, act: str) -> None:
    """What they log is joined to her record; what they see next tells its reference, no more."""
    victim = Victim.objects.get(involvements__incident=before)
    client, page = Client(), f"{reverse('incidents:call')}?draft={uuid4()}"
    client.force_login(person("handler_b"), backend="accounts.backends.RoleBackend")
    answer = client.post(page, {**FORM, "act": act})
    logged = Incident.objects.exclude(pk=before.pk).get()
    assert Involvement.objects.get(incident=logged, role="victim").victim == victim
    seen = client.get(answer["Location"])
    words = seen.content.decode()
    assert f"{logged.reference} is logged. Whoever leads has it now." in words
    for secret in (victim.reference, before.reference, "O&#x27;Neill", "Siobh", "/victims/V"):
        assert secret not in words
    for one in (before, logged):
        path = reverse("incidents:detail", args=[one.reference])
        assert path not in words and client.get(path).status_code == 404
    again = client.post(page, {**FORM, "act": act}, follow=True)
    assert victim.reference not in again.content.decode()
    assert Incident.objects.count() == 2

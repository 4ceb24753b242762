"""A small year is fit to be worked on: swept, added to, signed in to."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection, models

from accounts.models import User
from core.references import Kind
from deadlines.models import Escalation
from deadlines.sweep import sweep
from demo import people
from demo.load import TABLES, Loaded
from incidents.models import Incident, Involvement
from incidents.services.calls import CallDetails, log_call
from incidents.services.people import PersonInCall
from tests.demo.a_year import AT, SIZE
from victims.matching import candidates
from victims.models import Person

#: Each test runs in a transaction of its own inside that of the year.
pytestmark = pytest.mark.django_db


def test_the_sweep_has_nothing_to_catch_up_with(year: Loaded) -> None:
    before = Escalation.objects.count()
    assert sweep(at=AT).steps == 0
    assert Escalation.objects.count() == before
    soon = sweep(at=AT + timedelta(hours=1))
    assert 0 < soon.steps < 25
    assert soon.set_aside == soon.fallen_away == 0


def test_a_call_can_be_logged_afterwards(year: Loaded) -> None:
    handler = User.objects.get(username="handler")
    incident = log_call(
        actor=handler,
        at=AT + timedelta(minutes=1),
        call=CallDetails(
            received_at=AT,
            narrative="Banging on the door.",
            address_line="3 New Row",
            people=(PersonInCall(role="victim", given_name="Una", family_name="Newman"),),
        ),
    )
    assert Incident.objects.filter(reference=incident.reference).count() == 1
    assert incident.reference > f"{Kind.INCIDENT}-2026-000{SIZE}"
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table.name])
            following = cursor.fetchone()[0]
        highest = table.model._default_manager.aggregate(highest=models.Max("pk"))["highest"]
        assert following > highest, table


def test_shevaun_oneil_is_recognised(year: Loaded) -> None:
    found = candidates(given_name="Shevaun", family_name="Oneil", number="07700 900417")
    person = Person.objects.get(pk=found[0].person_id)
    assert (person.given_name, person.family_name) == ("Siobhán", "O'Neill")
    assert person.date_of_birth == date(1991, 3, 14)
    assert person.victim.grade == "high"
    assert person.residences.get(until_at=None).address.line == "Flat 4, 18 Tanglewood Court"
    pike = Person.objects.get(given_name="Darren", family_name="Pike", date_of_birth="1987-09-02")
    others = Involvement.objects.filter(incident__involvements__person=pike, role="victim").exclude(
        person=person
    )
    assert others.exists()


def test_everybody_can_sign_in_with_the_demos_password(year: Loaded) -> None:
    for username, _ in people.SIGN_INS:
        assert authenticate(username=username, password=people.DEMO_PASSWORD), username

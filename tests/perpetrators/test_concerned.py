"""Whom it concerns when somebody is let out, or kept in."""

from datetime import timedelta

import pytest

from incidents.models import Involvement
from perpetrators.services.concerned import victims_of
from tests.factories.incidents import DARREN, NOW, SIOBHAN, in_call, incident

pytestmark = pytest.mark.django_db


def who(row, role):
    return Involvement.objects.get(incident=row, role=role)


def test_victims_of_incidents_in_which_somebody_was_the_perpetrator(django_assert_num_queries):
    first = incident()
    darren, siobhan = who(first, "perpetrator").person_id, who(first, "victim")
    incident(
        at=NOW + timedelta(hours=1),
        people=(
            in_call("victim", person_id=siobhan.person_id),
            in_call("perpetrator", person_id=darren),
        ),
    )
    other = incident(
        at=NOW + timedelta(hours=2),
        address_line="3 Mill Lane",
        caller_number="07700 900418",
        people=(
            in_call("victim", given_name="Priya", family_name="Nair"),
            in_call("perpetrator", person_id=darren),
        ),
    )
    with django_assert_num_queries(1):
        found = victims_of([darren, siobhan.person_id])
    assert found == {
        darren: sorted([siobhan.victim_id, who(other, "victim").victim_id]),
        siobhan.person_id: [],
    }


def test_who_was_a_witness_concerns_nobody():
    row = incident(people=(in_call("victim", **SIOBHAN), in_call("witness", **DARREN)))
    assert victims_of([who(row, "witness").person_id])[who(row, "witness").person_id] == []


def test_nobody_is_their_own_victim():
    row = incident()
    victim = who(row, "victim")
    Involvement.objects.create(
        incident=row, person=victim.person, role="perpetrator", received_at=row.received_at
    )
    assert victims_of([victim.person_id]) == {victim.person_id: []}


def test_two_who_accused_each_other_are_each_the_others():
    row = incident()
    siobhan, darren = who(row, "victim"), who(row, "perpetrator")
    back = incident(
        at=NOW + timedelta(hours=1),
        people=(
            in_call("victim", person_id=darren.person_id),
            in_call("perpetrator", person_id=siobhan.person_id),
        ),
    )
    found = victims_of([siobhan.person_id, darren.person_id])
    assert found == {
        siobhan.person_id: [who(back, "victim").victim_id],
        darren.person_id: [siobhan.victim_id],
    }


def test_nobody_asked_for():
    assert victims_of([]) == {}

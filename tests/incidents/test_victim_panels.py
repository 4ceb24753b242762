"""What this app adds to a victim's page: incidents, and the picture of who is connected."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string

from accounts.models import User
from incidents.models import Incident
from incidents.pages.victim_panels import been_here, connections
from incidents.services import response
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.victims import victim as victim_record
from victims.models import Victim

pytestmark = pytest.mark.django_db
People = Callable[[str], User]


def history(at: datetime) -> tuple[Victim, Incident]:
    """Two incidents with Darren, a child in one; Darren has another victim too."""
    first = incident(
        at=at - timedelta(days=30),
        people=(
            in_call("victim", **SIOBHAN),
            in_call("perpetrator", **DARREN),
            in_call("child", given_name="Ella", date_of_birth=date(2020, 5, 1)),
        ),
    )
    ids = {row.role: row.person_id for row in first.involvements.all()}
    second = incident(
        at=at,
        people=(
            in_call("victim", person_id=ids["victim"], recognised_by="said so"),
            in_call("perpetrator", person_id=ids["perpetrator"], recognised_by="said so"),
        ),
    )
    incident(
        at=at - timedelta(days=300),
        people=(
            in_call("victim", given_name="Morag", family_name="Tindall"),
            in_call("perpetrator", person_id=ids["perpetrator"], recognised_by="said so"),
        ),
    )
    return Victim.objects.get(person=ids["victim"]), second


def test_incidents_stand_newest_first_with_what_they_were(at: datetime, people: People) -> None:
    victim, second = history(at)
    response.record_crime(
        incident_id=second.pk, category="harassment", number="A1", actor=people("officer"), at=at
    )
    shown = been_here(victim, people("officer"), at)
    assert shown is not None
    assert [line.what for line in shown["rows"]] == ["harassment", "open"]
    assert shown["rows"][0].incident == second
    page = render_to_string("incidents/_victim_incidents.html", {"panel": shown})
    assert second.reference in page


def test_the_picture_says_who_is_connected(at: datetime, people: People) -> None:
    victim, _ = history(at)
    shown = connections(victim, people("officer"), at)
    assert shown is not None
    assert shown["label"] == (
        "Darren Pike, perpetrator, 2 incidents, 1 other victim; Ella, child, 1 incident"
    )
    assert [node.words for node in shown["nodes"]] == [
        ("Siobhán",),
        ("Darren",),
        ("another", "victim"),
        ("Ella", "6"),
    ]
    assert "2 incidents" in [edge.words for edge in shown["edges"]]
    page = render_to_string("incidents/_victim_people.html", {"panel": shown})
    assert "<svg" in page
    assert "style=" not in page
    assert "Tindall" not in page


def test_every_circle_is_on_the_sheet(at: datetime, people: People) -> None:
    row = incident(
        at=at,
        people=(
            in_call("victim", **SIOBHAN),
            *(in_call("perpetrator", given_name=f"P{n}", family_name="Pike") for n in range(5)),
            *(in_call("child", given_name=f"C{n}", age=n) for n in range(7)),
        ),
    )
    victim = row.involvements.get(role="victim").victim
    assert victim is not None
    shown = connections(victim, people("officer"), at)
    assert shown is not None
    assert len(shown["people"]) == 12
    for node in shown["nodes"]:
        assert node.radius <= node.x <= 420 - node.radius
        assert node.radius <= node.y <= shown["height"] - node.radius


def test_a_victim_without_incidents_has_neither(at: datetime, people: People) -> None:
    victim = victim_record()
    assert been_here(victim, people("officer"), at) is None
    assert connections(victim, people("officer"), at) is None


def test_both_cost_a_fixed_number_of_queries(
    at: datetime, people: People, django_assert_num_queries: Any
) -> None:
    victim, _ = history(at)
    victim = Victim.objects.select_related("person").get(pk=victim.pk)
    reader = people("officer")
    assert reader.has_perm("victims.view_all_victims")  # Read once for a whole page.
    with django_assert_num_queries(2):
        been_here(victim, reader, at)
    with django_assert_num_queries(3):
        connections(victim, reader, at)

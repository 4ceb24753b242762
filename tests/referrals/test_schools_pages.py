"""Pages of schools to be told and of referrals of children."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import clock
from incidents.models import Incident
from referrals.models import ChildrenConcern, SchoolNotice, Sharing
from tests.factories import incidents
from tests.factories.referrals import an_agency
from tests.factories.schools import owed_for
from tests.personas import team
from tests.referrals.helpers import text

SignIn = Callable[[str], Client]


@pytest.fixture
def called(db: None) -> Incident:
    """An incident with two children of school age, each school to be told."""
    team("maru")
    now = clock.now()
    row = incidents.incident(at=now - timedelta(hours=1))
    owed_for(row, now)
    owed_for(row, now, "Tom")
    return row


def test_the_list_shows_who_is_owed_and_filters(called: Incident, sign_in: SignIn) -> None:
    client = sign_in("worker")
    page = text(client, "/schools/")
    assert "Ella O&#x27;Neill" in page
    assert "Tom O&#x27;Neill" in page
    assert "Ella" not in text(client, "/schools/?show=told")
    assert "Ella" not in text(client, "/schools/?area=999999")
    assert "Ella" in text(client, f"/schools/?area={called.area_id}")
    assert sign_in("officer").get("/schools/").status_code == 403


def test_the_list_costs_the_same_for_many(
    called: Incident, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("worker")
    for number in range(4):
        owed_for(called, clock.now(), f"Child {'abcd'[number]}")
    client.get("/schools/")
    with django_assert_max_num_queries(12):
        client.get("/schools/")


def test_a_school_is_told_of_two_and_the_page_says_so(called: Incident, sign_in: SignIn) -> None:
    client, address = sign_in("worker"), f"/schools/{called.reference}/"
    ids = list(SchoolNotice.objects.values_list("pk", flat=True))
    refused = client.post(f"{address}tell/", {"notices": ids})
    assert refused.status_code == 400
    assert "Choose the school." in refused.content.decode()
    school = an_agency("Tanglewood Primary", "education")
    said = {"notices": ids, "agency": school.pk}
    assert client.post(f"{address}tell/", said).status_code == 302
    assert client.post(f"{address}tell/", said).status_code == 400
    assert Sharing.objects.count() == 1
    assert "Tanglewood Primary" in text(client, address)
    assert "Tanglewood Primary" in text(client, f"/incidents/{called.reference}/")


def test_why_no_school_is_told_and_back(called: Incident, sign_in: SignIn) -> None:
    client, address = sign_in("worker"), f"/schools/{called.reference}/"
    one = SchoolNotice.objects.earliest("pk")
    assert client.post(f"{address}not-needed/", {"notices": [one.pk]}).status_code == 400
    said = {"notices": [one.pk], "words": "Taught at home."}
    assert client.post(f"{address}not-needed/", said).status_code == 302
    assert "Taught at home." in text(client, address)
    assert client.post(f"{address}needed/{one.pk}/").status_code == 302
    one.refresh_from_db()
    assert one.state == "owed"


def test_an_incident_without_children_has_no_such_page(called: Incident, sign_in: SignIn) -> None:
    SchoolNotice.objects.all().delete()
    assert sign_in("worker").get(f"/schools/{called.reference}/").status_code == 404


def typed(**changes: Any) -> dict[str, Any]:
    said = {
        "key": str(uuid4()),
        "agency": an_agency("County children", "children").pk,
        "urgency": "now",
        "children": [SchoolNotice.objects.earliest("pk").child_id],
        "seen": "Ella hid under the bed.",
        "worry": "That she is hurt.",
        "parents_know": "yes",
        "what": ["identity", "address"],
    }
    return {**said, **changes}


def test_children_are_referred_and_danger_says_to_telephone(
    called: Incident, sign_in: SignIn
) -> None:
    victim = called.involvements.get(role="victim").victim
    assert victim is not None
    client, address = sign_in("officer"), f"/victims/{victim.reference}/children/refer/"
    refused = client.post(address, typed(worry=""))
    assert refused.status_code == 400
    assert "Ella hid under the bed." in refused.content.decode()
    said = typed()
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 302
    assert ChildrenConcern.objects.count() == 1
    page = text(client, f"/victims/{victim.reference}/")
    assert "Telephone County children now" in page
    assert "danger now" in page
    assert "no answer yet" in page

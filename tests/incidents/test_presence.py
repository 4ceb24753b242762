"""Who else has a page of an incident open for writing: told to those who see it, soon forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from core import clock
from incidents.models import Editing
from incidents.services.editing.presence import (
    FORGOTTEN_AFTER,
    left,
    may_write,
    writers,
    writing,
)
from tests.factories.incidents import NOW, incident
from tests.marks import committed
from tests.personas import person

pytestmark = pytest.mark.django_db

FIRST = "the first response"


def says(row, who, seconds=0, page=FIRST):
    found = writing(
        incident_id=row.pk, person=person(who), page=page, at=NOW + timedelta(seconds=seconds)
    )
    return [(one.name, one.page, one.since) for one in found]


def test_each_sees_the_others_and_not_themselves():
    row = incident()

    assert says(row, "officer") == []
    assert says(row, "handler", 5, "the call's text") == [("PC 2210 T. Hale", FIRST, NOW)]
    assert says(row, "officer", 15) == [
        ("PC 4471 R. Adeyemi", "the call's text", NOW + timedelta(seconds=5))
    ]


def test_since_stays_while_they_go_on_and_begins_anew_after_a_pause():
    row = incident()
    for seconds in (0, 15, 30, 45):
        says(row, "officer", seconds)

    assert says(row, "handler", 50)[0][2] == NOW

    says(row, "officer", 45 + 61)
    assert says(row, "handler", 110)[0][2] == NOW + timedelta(seconds=106)


def test_whoever_stops_is_forgotten_and_cleaned_away():
    row, other = incident(), incident()
    says(row, "officer")
    says(other, "officer")

    assert says(row, "handler", 60) != []
    assert says(row, "handler", 61) == []
    assert list(Editing.objects.order_by("pk").values_list("incident", flat=True)) == [
        other.pk,
        row.pk,
    ]


def test_whoever_leaves_is_gone_at_once():
    row = incident()
    says(row, "officer")
    left(incident_id=row.pk, person=person("officer"))

    assert says(row, "handler", 1) == []


def test_a_page_calls_itself_nothing_else():
    row = incident()
    says(row, "officer", page="<b>your account</b>, which is locked")

    assert says(row, "handler", 1)[0][1] == "a page of it"


@pytest.mark.parametrize("who", ["worker", "idva", "agency", "auditor", "nobody"])
def test_who_writes_nowhere_says_nothing(who):
    row = incident()
    with pytest.raises(PermissionDenied):
        says(row, who)
    with pytest.raises(PermissionDenied):
        left(incident_id=row.pk, person=person(who))


# --- Pages ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def page(row, name="presence"):
    return reverse(f"incidents:{name}", args=[row.reference])


def test_the_answer_names_the_others_and_is_empty_without(sign_in):
    row = incident()
    officer, handler = sign_in("officer"), sign_in("handler")

    assert officer.post(page(row), {"page": FIRST}).content.decode().strip() == ""
    told = handler.post(page(row), {"page": "the call's text"}).content.decode()
    assert "<b>PC 2210 T. Hale</b> has the first response open too, since" in told
    assert officer.post(page(row), {"left": "yes"}).status_code == 204
    assert handler.post(page(row), {"page": "the call's text"}).content.decode().strip() == ""


def test_a_reader_of_the_incident_sees_who_writes_and_nobody_else_does(sign_in):
    row = incident()
    says(row, "officer")

    assert "has the first response open" in sign_in("worker").get(page(row, "detail")).text
    assert "has the first response open" not in sign_in("officer").get(page(row, "detail")).text
    for who in ("idva", "agency", "analyst"):
        assert sign_in(who).post(page(row), {"page": FIRST}).status_code == 404
    assert sign_in("worker").post(page(row), {"page": FIRST}).status_code == 403
    assert Editing.objects.count() == 1


def test_pages_for_writing_carry_it(sign_in):
    row = incident()
    client = sign_in("handler")
    for name in ("edit", "news"):
        html = client.get(page(row, name), follow=True).content.decode()
        assert f'data-presence="{page(row)}"' in html
        assert "js/presence.js" in html


def test_saying_so_costs_few_queries(sign_in, django_assert_num_queries):
    row = incident()
    says(row, "officer")
    who = person("handler")
    assert may_write(who)
    with django_assert_num_queries(5):  # savepoint, upsert, forgetting, release, who writes
        writing(incident_id=row.pk, person=who, page=FIRST, at=NOW)
    with django_assert_num_queries(1):
        writers(incident_id=row.pk, but=who, at=NOW)


# --- Races ---------------------------------------------------------------------------------------


@committed
def test_two_who_come_back_at_once_do_not_wait_for_one_another():
    row, start = incident(), Barrier(2)
    people = [person("officer"), person("handler")]
    for one in people:
        writing(incident_id=row.pk, person=one, page=FIRST, at=NOW)
    later = NOW + FORGOTTEN_AFTER * 3

    def come_back(one):
        try:
            for turn in range(20):
                start.wait()
                writing(
                    incident_id=row.pk,
                    person=one,
                    page=FIRST,
                    at=later + FORGOTTEN_AFTER * 2 * turn,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(come_back, people))

    assert Editing.objects.count() == 2

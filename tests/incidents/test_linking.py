"""Two incidents about one event: linked, never merged, and shown only to who may see them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from audit.models import AuditEvent
from core.errors import InvalidInput
from incidents.models import IncidentLink
from incidents.services.editing.linking import end_link, link_incidents
from tests.factories.incidents import NOW, in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import VictimGrant

pytestmark = pytest.mark.django_db


def link(one, other, words="Same flat, same minutes", actor="handler", at=NOW):
    return link_incidents(
        incident_id=one.pk, other_id=other.pk, words=words, actor=person(actor), at=at
    )


def page(row, name="detail"):
    return reverse(f"incidents:{name}", args=[row.reference])


def test_both_stay_as_they_are_and_both_timelines_say_it():
    one, other = incident(), incident(narrative="Neighbour: screams.")

    made = link(other, one)

    assert (made.first, made.second) == (one, other)
    for row in (one, other):
        version = row.version
        row.refresh_from_db()
        assert row.version == version
        [written] = AuditEvent.objects.filter(incident_id=row.pk, verb="incident.linked")
        assert "DA-" not in written.headline
    assert written.detail["other"] == one.reference


def test_said_again_from_either_side_it_is_the_same_link():
    one, other = incident(), incident()

    assert link(one, other).pk == link(other, one, words="again").pk
    assert AuditEvent.objects.filter(verb="incident.linked").count() == 2


def test_a_wrong_link_is_ended_once_and_may_be_made_anew():
    one, other = incident(), incident()
    made = link(one, other)

    ended = end_link(link_id=made.pk, words="Flat 4 and flat 14", actor=person("handler_b"), at=NOW)
    again = end_link(link_id=made.pk, words="Twice", actor=person("handler"), at=NOW)

    assert (ended.ended_reason, again.ended_reason) == ("Flat 4 and flat 14",) * 2
    assert again.ended_by == person("handler_b")
    assert link(one, other).pk != made.pk
    assert IncidentLink.objects.count() == 2


@pytest.mark.parametrize("words", ["", "  ", "x" * 301, "a\x00"])
def test_words_are_needed(words):
    one, other = incident(), incident()
    with pytest.raises(InvalidInput) as refused:
        link(one, other, words=words)
    assert refused.value.field == "words"
    made = link(one, other)
    with pytest.raises(InvalidInput) as refused:
        end_link(link_id=made.pk, words=words, actor=person("handler"), at=NOW)
    assert refused.value.field == "ended_reason"


def test_an_incident_is_not_linked_with_itself():
    one = incident()
    with pytest.raises(InvalidInput) as refused:
        link(one, one)
    assert refused.value.field == "reference"


@pytest.mark.parametrize("who", ["officer", "supervisor", "worker", "idva", "auditor", "nobody"])
def test_only_the_control_room_links(who, sign_in):
    one, other = incident(), incident()
    made = link(one, other)
    with pytest.raises(PermissionDenied):
        link(one, other, actor=who)
    with pytest.raises(PermissionDenied):
        end_link(link_id=made.pk, words="No", actor=person(who), at=NOW)
    assert sign_in(who).post(page(one, "links"), {}).status_code in {403, 404}


# --- Pages ---------------------------------------------------------------------------------------


def test_it_is_linked_from_the_page_and_shown_on_both(sign_in):
    one, other = incident(), incident()
    client = sign_in("handler")

    answer = client.post(
        page(one, "links"),
        {"reference": f" {other.reference.lower()} ", "words": "Same flat"},
        follow=True,
    )

    assert f"{one.reference} and {other.reference} are linked" in answer.content.decode()
    for row, its_other in ((one, other), (other, one)):
        html = client.get(page(row)).content.decode()
        assert f'href="{page(its_other)}">{its_other.reference}</a>' in html
        assert "Same flat" in html


@pytest.mark.parametrize("reference", ["DA-2026-999999", "nonsense", "", "self"])
def test_what_cannot_be_linked_is_refused_at_its_field_and_kept(sign_in, reference):
    one = incident()
    reference = one.reference if reference == "self" else reference

    answer = sign_in("handler").post(
        page(one, "links"), {"reference": reference, "words": "Because of the noise"}
    )

    assert answer.status_code == 400
    assert "reference" in answer.context["link_form"].errors
    assert "Because of the noise" in answer.content.decode()
    assert not IncidentLink.objects.exists()


def test_near_incidents_are_offered_and_linked_ones_are_not(sign_in):
    one, other, linked = incident(), incident(), incident()
    far = incident(caller_number="07700 900999", address_line="", postcode="", people=())
    link(one, linked)

    html = sign_in("handler").get(page(one, "links")).content.decode()
    candidates = html.split("Near it in time")[1].split("</ul>")[0]

    assert other.reference in candidates
    assert linked.reference not in candidates
    assert far.reference not in html


def test_a_link_is_ended_from_the_page_with_words(sign_in):
    one, other = incident(), incident()
    made = link(one, other)
    client = sign_in("handler")

    bare = client.post(page(one, "links"), {"act": "end", "link": made.pk, "ended_reason": ""})
    done = client.post(
        page(one, "links"), {"act": "end", "link": made.pk, "ended_reason": "Two flats"}
    )

    assert bare.status_code == 400
    assert "This is needed." in bare.content.decode()
    assert done.status_code == 302
    made.refresh_from_db()
    assert made.ended_reason == "Two flats"
    assert page(other) not in client.get(page(one)).content.decode()


def test_a_link_of_other_incidents_is_not_there(sign_in):
    one, other, third = incident(), incident(), incident()
    made = link(other, third)

    answer = sign_in("handler").post(
        page(one, "links"), {"act": "end", "link": made.pk, "ended_reason": "Mine"}
    )

    assert answer.status_code == 404


def test_who_sees_one_of_the_two_is_not_told_of_the_other(sign_in):
    one = incident()
    other = incident(people=(in_call("victim", given_name="Grace", family_name="Lund"),))
    link(one, other, words="Both of them")
    permission = Permission.objects.get(codename="view_victim")
    victim = one.involvements.get(role="victim").victim
    VictimGrant.objects.create(user=person("idva"), permission=permission, content_object=victim)

    html = sign_in("idva").get(page(one)).content.decode()

    assert other.reference not in html
    assert "Both of them" not in html
    assert "Linked to another incident as the same event" in html
    assert sign_in("worker").get(page(one)).content.decode().count(other.reference) > 0


# --- Races ---------------------------------------------------------------------------------------


@committed
def test_two_connections_linking_from_both_sides_make_one_link():
    one, other, actor, start = incident(), incident(), person("handler"), Barrier(2)

    def from_side(pair):
        start.wait()
        try:
            return link_incidents(
                incident_id=pair[0].pk, other_id=pair[1].pk, words="Same", actor=actor, at=NOW
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(from_side, [(one, other), (other, one)]))

    assert len(made) == 1
    assert IncidentLink.objects.count() == 1

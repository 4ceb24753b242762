"""The search box and the board: what is found is what its reader may see."""

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from incidents.pages.find import find
from tests.factories import closure as gate
from tests.factories.incidents import NOW, incident
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words",
    [
        "Siobhán O'Neill",
        "shevaun oneal",
        "O'Neill Siobhan",
        "oneill",
        "O'Neil, Siobhán",
        "07700 900417",
        "+447700900417",
        "PE1 9ZZ",
        "pe19zz",
    ],
)
def test_finds_people_and_incidents_however_they_are_spelt(words):
    logged = incident()
    victim = logged.involvements.get(role="victim").person

    found = find(words, person("officer"))

    assert logged in found.incidents
    if not words.lower().startswith("pe1"):
        assert victim in found.people


@pytest.mark.parametrize("words", ["Marta Lund", "01632 960001", "CB1 1AA", "DA-2020-000001"])
def test_says_when_there_is_nothing(words):
    incident()

    found = find(words, person("officer"))

    assert found.is_empty
    assert not found.path
    assert found.understood


def test_references_lead_straight_to_their_page():
    logged = incident()
    victim = Victim.objects.get()
    officer = person("officer")

    assert find(logged.reference, officer).path == reverse(
        "incidents:detail", args=[logged.reference]
    )
    assert find(logged.reference.lower().replace("-", " "), officer).path
    assert find(victim.reference, officer).path == reverse(
        "victims:detail", args=[victim.reference]
    )
    assert find(victim.person.reference, officer).people == (victim.person,)
    assert find("RF-2026-000001", officer).path.startswith("/referrals/")
    assert find("RA-2026-000001", officer).path.startswith("/assessments/")


@pytest.mark.parametrize("who", ["idva", "agency", "analyst", "administrator", "nobody"])
@pytest.mark.parametrize("words", ["O'Neill", "07700 900417", "PE1 9ZZ", "reference"])
def test_outsiders_find_nothing(who, words):
    logged = incident()

    found = find(logged.reference if words == "reference" else words, person(who))

    assert found.is_empty
    assert not found.path


def test_a_grant_finds_its_victim_and_no_perpetrator():
    logged = incident()
    victim = Victim.objects.get()
    assign_perm("victims.view_victim", person("idva"), victim)

    found = find("O'Neill", person("idva"))

    assert found.people == (victim.person,)
    assert [[part.role for part in one.shown] for one in found.incidents] == [["victim"]]
    assert find("Pike", person("idva")).is_empty
    assert find(logged.reference, person("idva")).path


@pytest.mark.parametrize("words", ["", "   ", "\x00", "%", "'; --", "a" * 5_000])
def test_odd_words_do_no_harm(words):
    incident()

    assert find(words, person("officer")).is_empty or words.strip() == ""


@pytest.mark.parametrize("words", ["O'Neill", "07700 900417", "PE1 9ZZ"])
def test_a_search_asks_few_queries(words, django_assert_max_num_queries):
    for _ in range(3):
        incident()
    reader = person("officer")
    reader.has_perm("victims.view_all_victims")

    with django_assert_max_num_queries(5):
        find(words, reader)


# --- The board ------------------------------------------------------------------------------------


def test_the_board_shows_what_is_not_closed_newest_first(sign_in):
    first = incident(at=NOW.replace(hour=8))
    second = incident(at=NOW.replace(hour=9), answers={})
    closed = gate.closed(at=NOW.replace(hour=7))
    client = sign_in("handler")

    html = client.get(reverse("incidents:list")).content.decode()

    assert html.index(second.reference) < html.index(first.reference)
    assert closed.reference not in html
    everything = client.get(reverse("incidents:list"), {"state": "any"}).content.decode()
    assert closed.reference in everything


def test_filters_stand_in_the_address_and_nonsense_is_ignored(sign_in):
    urgent = incident(at=NOW.replace(hour=8))
    calm = incident(
        at=NOW.replace(hour=9),
        answers={},
        people=(),
        caller_number="",
        caller_name="",
        address_line="1 Elsewhere Road",
        postcode="",
    )
    client = sign_in("supervisor")

    shown = client.get(reverse("incidents:list"), {"grade": "immediate"}).content.decode()
    area = client.get(reverse("incidents:list"), {"area": str(urgent.area_id)}).content.decode()
    odd = client.get(
        reverse("incidents:list"),
        {"grade": "x", "area": "y", "state": "z", "before": "2026-99~7"},
    )

    assert urgent.reference in shown
    assert calm.reference not in shown
    assert urgent.reference in area
    assert odd.status_code == 200
    assert calm.reference in odd.content.decode()


def test_older_pages_follow_without_a_gap(sign_in, django_assert_max_num_queries):
    rows = [incident(at=NOW.replace(minute=minute), people=()) for minute in range(30)]
    client = sign_in("handler")

    with django_assert_max_num_queries(14):
        first = client.get(reverse("incidents:list"))
    older = first.context["board"].next_query
    second = client.get(f"{reverse('incidents:list')}?{older}")

    seen = [row.incident for page in (first, second) for row in page.context["board"].rows]
    assert seen == rows[::-1]
    assert not second.context["board"].next_query


@pytest.mark.parametrize("who", ["idva", "agency", "analyst", "administrator", "nobody"])
def test_the_board_is_for_the_police(sign_in, who):
    assert sign_in(who).get(reverse("incidents:list")).status_code == 403

"""The search box of whoever sees only the victims they were granted: quick, and the same answer."""

from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from accounts.models import User
from incidents.models import Incident
from incidents.pages import granted
from incidents.pages.find import Found, find
from tests.factories.incidents import NOW, SIOBHAN, in_call, incident
from tests.personas import person
from victims.models import Victim
from victims.services import withhold

pytestmark = pytest.mark.django_db
#: Two who bear one name, and a sister of hers.
NAMESAKE = {**SIOBHAN, "date_of_birth": SIOBHAN["date_of_birth"].replace(year=1960)}
MAEVE = {"given_name": "Maeve", "family_name": "O'Neill"}
WORDS = ("O'Neill", "shevaun oneal", "Oneil Siobhan", "Maeve O'Neill", "Siobhán", "Nobody", "-")


def reader() -> User:
    return User.objects.get(pk=person("idva").pk)


def told(found: Found) -> tuple[Any, ...]:
    """Everything that the page shows."""
    return (
        [(str(one), one.date_of_birth, one.victim.reference, one.victim.grade)
         for one in found.people],
        [(one.reference, one.received_at, one.grade, str(one.address),
          [(str(part.person), part.role) for part in one.shown])
         for one in found.incidents],
        found.placeless,
    )  # fmt: skip


@pytest.fixture
def world() -> dict[str, Incident]:
    """Hers; hers with her sister, who is not granted; one that she only saw; and a namesake's."""
    hers = incident(at=NOW.replace(hour=1))
    siobhan = Victim.objects.get()
    her = siobhan.person_id
    made = {
        "hers": hers,
        "both": incident(
            at=NOW.replace(hour=2),
            people=(in_call("victim", person_id=her), in_call("victim", **MAEVE)),
        ),
        "saw": incident(
            at=NOW.replace(hour=3),
            people=(in_call("witness", person_id=her), in_call("victim", given_name="Ada")),
        ),
        "namesake": incident(
            at=NOW.replace(hour=4), caller_number="", people=(in_call("victim", **NAMESAKE),)
        ),
    }
    assign_perm("victims.view_victim", person("idva"), siobhan)
    return made


def test_shown_is_what_the_grant_lets_through(world: dict[str, Incident]) -> None:
    found = find("O'Neill", reader())

    assert [one.pk for one in found.people] == [Victim.objects.earliest("pk").person_id]
    assert list(found.incidents) == [world["both"], world["hers"]]
    assert found.placeless == {world["both"].pk}
    assert [len(one.shown) for one in found.incidents] == [1, 1]
    assert set(found.incidents) <= set(Incident.objects.visible_to(reader()))


@pytest.mark.parametrize("words", WORDS)
def test_the_same_as_the_policy_asked_each_time(
    world: dict[str, Incident], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = told(find(words, reader()))
    monkeypatch.setattr(granted, "FEW", 0)
    assert granted.seen_by(reader()) is None

    assert told(find(words, reader())) == quick


def test_an_incident_with_somebody_withheld_is_not_found(world: dict[str, Incident]) -> None:
    withhold(
        victim_id=Victim.objects.get(person__given_name="Maeve").pk,
        person_id=person("idva").pk,
        reason="Her cousin",
        actor=person("supervisor"),
        at=NOW,
    )

    found = find("O'Neill", reader())

    assert list(found.incidents) == [world["hers"]]


def test_four_queries_however_many_are_found(
    world: dict[str, Incident], django_assert_num_queries: Any
) -> None:
    adviser = reader()
    assert adviser.has_perm("referrals.support_victims")
    for one in (4, 2):
        with django_assert_num_queries(4):
            find("O'Neill", adviser)
        for victim in Victim.objects.order_by("pk")[:one]:
            assign_perm("victims.view_victim", person("idva"), victim)
    with django_assert_num_queries(2):
        find("Nobody", adviser)

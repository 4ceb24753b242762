"""What a call and a briefing are told of conferences, and the parts on other pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.history.told import Asked, Told
from incidents.models import Incident
from marac.models import Hearing, MaracAction, MaracFlag
from marac.told import flags_and_actions
from tests.factories import marac, victims
from tests.factories.incidents import NOW, incident
from tests.marac.live_scene import actor, near, withheld
from tests.personas import person, team
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def called() -> Incident:
    return incident()


@pytest.fixture
def heard(called: Incident) -> Hearing:
    """Their case was heard five days before, and flagged."""
    row = marac.heard(
        NOW - 5 * DAY,
        case=marac.case(
            NOW - 20 * DAY,
            victim=Victim.objects.get(person__family_name="O'Neill"),
            perpetrator=Person.objects.get(family_name="Pike"),
        ),
    )
    MaracFlag.objects.create(
        case=row.case,
        hearing=row,
        victim=row.victim,
        perpetrator=row.case.perpetrator,
        from_at=NOW - 5 * DAY,
        until_at=NOW + 360 * DAY,
    )
    return row


def for_officers(heard: Hearing, **changes: Any) -> MaracAction:
    said = {
        "words": "Knock twice; the neighbour at 6 has a key.",
        "is_for_officers": True,
        "owner": person("agency"),
        **changes,
    }
    return marac.action(heard, team("partner").agency, NOW - 5 * DAY, **said)


def told(*people: Person, who: str = "handler", at: datetime = NOW) -> list[Told]:
    ids = tuple(one.pk for one in people)
    return list(flags_and_actions(Asked(ids, (), None, at, actor(who))))


def victim_of(heard: Hearing) -> Person:
    return heard.victim.person


def test_the_flag_and_what_officers_must_know(heard: Hearing) -> None:
    action = for_officers(heard)
    marac.action(heard, team("children").agency, NOW - 5 * DAY)  # not for officers
    flag, one = told(victim_of(heard))
    assert flag.words == (
        "Siobhán O'Neill: heard by the Fenwick conference 18 Nov 2026, flag to 18 Nov 2027"
    )
    assert one.words == (
        "Action for Siobhán O'Neill, County housing, T. Boyle: Knock twice; the neighbour at 6 "
        "has a key. (by 25 Nov 2026)"
    )
    assert (one.reference, one.url) == (action.reference, f"/marac/actions/{action.reference}/")
    assert flag.person_id == one.person_id == victim_of(heard).pk
    assert "(was due 25 Nov 2026)" in told(victim_of(heard), at=NOW + 10 * DAY)[1].words


def test_it_is_told_of_the_perpetrator_too(heard: Hearing) -> None:
    for_officers(heard)
    pike = heard.case.perpetrator
    assert pike is not None
    assert [one.person_id for one in told(pike)] == [pike.pk, pike.pk]
    assert told() == [] and told(person_apart()) == []


def person_apart() -> Person:
    return victims.person(given_name="Ada", family_name="Somebody")


@pytest.mark.parametrize(
    "change",
    [
        lambda heard: MaracFlag.objects.update(
            ended_at=NOW, ended_because="lapsed", ended_words="x"
        ),
        lambda heard: MaracFlag.objects.update(until_at=NOW),
    ],
)
def test_what_is_over_is_not_told(heard: Hearing, change: Callable[[Hearing], object]) -> None:
    action = for_officers(heard)
    MaracAction.objects.filter(pk=action.pk).update(
        state="done", settled_at=NOW, settled_by=person("agency"), evidence="Done."
    )
    change(heard)
    assert told(victim_of(heard)) == []


def test_never_to_somebody_from_whom_the_victim_is_withheld_or_who_is_near(
    heard: Hearing,
) -> None:
    for_officers(heard)
    withheld(heard, "officer", NOW)
    near(heard, "officer_b", NOW)
    assert told(victim_of(heard), who="officer") == told(victim_of(heard), who="officer_b") == []
    assert len(told(victim_of(heard), who="supervisor")) == 2


def test_it_is_one_query(heard: Hearing, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        for_officers(heard)
    reader = actor("handler")
    assert reader.withheld_victims == frozenset()
    asked = Asked((victim_of(heard).pk,), (), None, NOW, reader)
    with django_assert_num_queries(1):
        assert len(list(flags_and_actions(asked))) == 4


#: Where an open action for officers stands, and for whom.
PLACES = [
    ("officer", "/incidents/{incident}/"),
    ("officer", "/incidents/{incident}/briefing/"),
    ("handler", "/incidents/{incident}/"),
    ("supervisor", "/victims/{victim}/"),
    ("worker", "/victims/{victim}/"),
]


@pytest.mark.parametrize(("who", "path"), PLACES)
def test_where_people_need_it(
    called: Incident, heard: Hearing, sign_in: Callable[[str], Client], who: str, path: str
) -> None:
    action = for_officers(heard)
    address = path.format(incident=called.reference, victim=heard.victim.reference)
    page = sign_in(who).get(address)
    assert page.status_code == 200
    assert f'href="/marac/actions/{action.reference}/"' in page.content.decode()


def test_the_page_of_a_victim_shows_every_open_action_an_incident_only_those_for_officers(
    called: Incident, heard: Hearing, sign_in: Callable[[str], Client]
) -> None:
    marac.action(heard, team("children").agency, NOW, words="Speak with the school.")
    client = sign_in("supervisor")
    assert (
        "Speak with the school."
        in client.get(f"/victims/{heard.victim.reference}/").content.decode()
    )
    shown = client.get(f"/incidents/{called.reference}/").content.decode()
    assert "Speak with the school." not in shown and "Conference actions" not in shown


def test_the_call_page_is_told(heard: Hearing, sign_in: Callable[[str], Client]) -> None:
    for_officers(heard)
    page = sign_in("handler").post("/calls/history/", {"caller_number": "07700 900417"})
    assert page.status_code == 200
    assert "heard by the Fenwick conference" in page.content.decode()

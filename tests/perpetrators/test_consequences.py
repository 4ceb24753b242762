"""What each kind of event causes: one row for each."""

from datetime import timedelta

import pytest

from core.trigger_rules import Trigger
from incidents.models import Involvement
from perpetrators.messages import Kind
from perpetrators.services.receiving import consequences
from tests.factories.custody import AT, couple, custody_event, deliver, message
from tests.factories.incidents import in_call, incident
from victims.models import Victim, VictimUpdate

pytestmark = pytest.mark.django_db

About = VictimUpdate.About
LATER = AT + timedelta(days=20)

#: kind: (trigger and what the victim is told with it, what the victim is told without one).
TABLE = {
    "arrest": (None, "arrest"),
    "bail": (("bail", "bail"), None),
    "bail-change": (("bail_change", "bail_change"), None),
    "bail-breach": (("order_breached", "order_breach"), None),
    "under-investigation": (("release", "under_investigation"), None),
    "charge": (("charge", "charge"), None),
    "no-further-action": (None, "no_charge"),
    "remand": (None, "remand"),
    "release": (("release", "release"), None),
    "court-date": (None, None),
    "court-date-vacated": (None, None),
    "prison": (None, "remand"),
    "prison-release-planned": (None, None),
    "prison-release-cancelled": (None, None),
    "prison-release": (("prison_release", "release"), None),
}


@pytest.fixture
def caused(monkeypatch):
    """What was asked of the services that consequences call, by their names."""
    asked = {"fired": [], "news": [], "releases": [], "hearings": []}
    monkeypatch.setattr(
        consequences, "fire", lambda *, fired, actor, at: asked["fired"].extend(fired)
    )
    monkeypatch.setattr(
        consequences, "owe_updates", lambda *, news, actor, at: asked["news"].extend(news)
    )
    monkeypatch.setattr(
        consequences, "sync_releases", lambda rows, *, actor, at: asked["releases"].extend(rows)
    )
    monkeypatch.setattr(
        consequences, "sync_hearings", lambda *, rows, actor, at: asked["hearings"].extend(rows)
    )
    return asked


def test_every_kind_has_its_row():
    assert set(TABLE) == set(Kind.values) == set(consequences.EFFECTS)


@pytest.mark.parametrize("kind", TABLE)
def test_what_a_kind_causes(caused, kind):
    _, victim = couple()
    event = custody_event(kind, hearing_at=LATER, release_at=LATER)
    trigger, told = TABLE[kind]
    assert [(one.victim_id, one.trigger, one.about) for one in caused["fired"]] == (
        [(victim.pk, Trigger(trigger[0]), trigger[1])] if trigger else []
    )
    assert [(one.victim_id, one.about) for one in caused["news"]] == (
        [(victim.pk, About(told))] if told else []
    )
    for one in [*caused["fired"], *caused["news"]]:
        assert (one.source_type, one.source_id) == ("perpetrators.custodyevent", event.pk)
        assert one.happened_at == event.happened_at
        assert one.words.startswith("Darren Pike ")
        assert not one.is_late


def test_let_out_without_charge_is_a_release(caused):
    couple()
    custody_event("arrest", happened_at=AT - timedelta(hours=9))
    caused["news"].clear()
    custody_event("no-further-action")
    (fired,) = caused["fired"]
    assert (fired.trigger, fired.about) == (Trigger.RELEASE, About.NO_CHARGE)
    assert caused["news"] == []


def test_at_liberty_already_no_further_action_is_only_told(caused):
    couple()
    custody_event("bail", happened_at=AT - timedelta(hours=9))
    caused["fired"].clear()
    custody_event("no-further-action")
    assert caused["fired"] == []
    assert [one.about for one in caused["news"]] == [About.NO_CHARGE]


def test_bail_that_ended_says_so(caused):
    couple()
    custody_event("bail-change", bail_ended=True)
    assert caused["fired"][0].words.startswith("Darren Pike bail ended, 23 Nov 2026 09:30")


def test_reported_late_it_still_does_everything(caused):
    couple()
    custody_event("bail", happened_at=AT - timedelta(days=3))
    (fired,) = caused["fired"]
    assert (fired.trigger, fired.is_late) == (Trigger.BAIL, True)


def test_told_out_of_order_it_still_does_everything(caused):
    couple()
    custody_event("release", happened_at=AT - timedelta(hours=1))
    custody_event("bail", happened_at=AT - timedelta(hours=4))
    assert [one.trigger for one in caused["fired"]] == [Trigger.RELEASE, Trigger.BAIL]


def test_delivered_again_it_does_nothing(caused):
    couple()
    sent = [message("bail"), message("arrest"), message("court-date", hearing_at=LATER)]
    deliver(*sent)
    before = {name: list(rows) for name, rows in caused.items()}
    deliver(*sent)
    assert caused == before


def test_every_victim_is_concerned_in_one_go(caused):
    darren, victim = couple()
    other = incident(
        address_line="3 Mill Lane",
        caller_number="07700 900418",
        people=(
            in_call("victim", given_name="Priya", family_name="Nair"),
            in_call("perpetrator", person_id=darren.pk),
        ),
    )
    second = Involvement.objects.get(incident=other, role="victim").victim_id
    custody_event("bail")
    assert {one.victim_id for one in caused["fired"]} == {victim.pk, second}


def test_who_harmed_nobody_known_concerns_nobody(caused):
    couple()
    Involvement.objects.filter(role="perpetrator").update(role="witness")
    custody_event("bail")
    assert caused["fired"] == caused["news"] == []
    assert Victim.objects.count() == 1


def test_a_planned_release_is_kept_moved_cancelled_and_done(caused):
    couple()
    for hours, kind, when in [
        (9, "prison-release-planned", LATER),
        (8, "prison-release-planned", LATER + timedelta(days=2)),
        (7, "prison-release-cancelled", None),
        (6, "prison-release-planned", LATER),
        (5, "prison-release", None),
    ]:
        custody_event(kind, happened_at=AT - timedelta(hours=hours), release_at=when)
    said = [
        (one.expected_at, one.is_cancelled, one.released_at is not None)
        for one in caused["releases"]
    ]
    assert said == [
        (LATER, False, False),
        (LATER + timedelta(days=2), False, False),
        (LATER + timedelta(days=2), True, False),
        (LATER, False, False),
        (LATER, False, True),
    ]


def test_hearings_are_kept_moved_and_vacated(caused):
    couple()
    for hours, kind, when in [
        (9, "court-date", LATER),
        (8, "court-date", LATER + timedelta(days=2)),
        (7, "court-date-vacated", None),
    ]:
        custody_event(kind, happened_at=AT - timedelta(hours=hours), hearing_at=when, listing="L1")
    assert [(one.at, one.is_vacated) for one in caused["hearings"]] == [
        (LATER, False),
        (LATER + timedelta(days=2), False),
        (LATER + timedelta(days=2), True),
    ]

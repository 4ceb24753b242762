"""What an agency was told is exactly what was chosen: on its page, in its file, over the API."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from incidents.models import Incident
from referrals.models import Sharing
from referrals.services.sharing.telling import tell
from tests.factories import victims
from tests.factories.referrals import an_agency
from tests.factories.sharing import KEPT, MARKS, marked, told
from tests.personas import person

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(db: None, at: datetime) -> Iterator[datetime]:
    with time_machine.travel(at + HOUR, tick=False):
        yield at


def everything(client: Client, reference: str) -> str:
    """All that the agency can read of one sharing, joined; and each place shows the same."""
    said = ""
    for path in (
        "/shared/",
        f"/shared/{reference}/",
        f"/shared/export/?q={reference}",
        f"/api/v1/shared/{reference}/",
        f"/api/v1/shared/?q={reference}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        said += (answer.getvalue() if answer.streaming else answer.content).decode()
    return said


def test_any_choice_tells_its_own_words_and_no_others(clock: datetime, sign_in: SignIn) -> None:
    """Each part alone, all of them, and choices at random, one taking the place of the other."""
    victim, client = marked(clock), sign_in("agency")
    pick, every = random.Random(7), list(MARKS)
    choices = [[one] for one in every] + [every]
    choices += [pick.sample(every, pick.randint(2, 5)) for _ in range(4)]
    former = ""
    for what in choices:
        row = told(victim, clock, what=what, replaces=former)
        former = row.reference
        said = everything(client, row.reference)
        for part, words in MARKS.items():
            for word in words:
                assert (word in said) == (part in what), (what, part, word)
        assert not [word for word in KEPT if word in said], what
        assert victim.reference not in said


def test_what_is_told_stays_as_it_was_said_that_day(clock: datetime, sign_in: SignIn) -> None:
    victim = marked(clock)
    row = told(victim, clock, what=["identity", "incident"])
    Incident.objects.update(narrative="LATERWORDS")
    victim.person.given_name = "LATERNAME"
    victim.person.save(update_fields=["given_name"])
    said = everything(sign_in("agency"), row.reference)
    assert "MARKNARRATIVE" in said
    assert "LATER" not in said


def test_a_safe_contact_that_changed_is_not_shown(clock: datetime, sign_in: SignIn) -> None:
    victim, client = marked(clock), sign_in("agency")
    row = told(victim, clock, what=["safe_contact"])
    current = victim.safe_contacts.get(is_current=True)
    victims.safe_contact(victim, at=clock + HOUR, number="07700 900555", version=current.version)
    said = everything(client, row.reference)
    for word in ("900417", "900555", "MARKREMEMBER"):
        assert word not in said
    assert "Ask the referral unit" in said
    unit = sign_in("worker").get(f"/sharings/{row.reference}/").content.decode()
    assert "07700 900417" in unit


def test_nothing_on_record_is_said(clock: datetime) -> None:
    victim = victims.victim(at=clock)
    row = told(victim, clock, what=list(Sharing.What.values))
    lines = {part["part"]: part["lines"] for part in row.told}
    assert lines["address"] == [["Address", "Nothing is on record"]]
    assert lines["safe_contact"] == [["Safe way", "None is known: do not call or write"]]
    assert list(lines) == Sharing.What.values


def test_only_the_named_children(clock: datetime) -> None:
    victim = marked(clock)
    other = victims.person("OTHERCHILD", "Other", None, at=clock)
    row = victim.involvements.get().incident
    row.involvements.create(person=other, role="child", received_at=row.received_at)
    everyone = str(told(victim, clock, what=["children"]).told)
    assert "OTHERCHILD" in everyone
    assert "MARKCHILD" in everyone
    school = an_agency("Fenwick School", "education")
    one = tell(
        victim_id=victim.pk,
        agency_id=school.pk,
        what=["children"],
        why="Watch over her.",
        basis="child",
        consent="not_needed",
        kind="school",
        incident_id=row.pk,
        children=[other.pk],
        actor=person("worker"),
        at=clock,
    )
    assert "OTHERCHILD" in str(one.told)
    assert "MARKCHILD" not in str(one.told)

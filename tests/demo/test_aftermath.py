"""What follows from custody in the demo came through the services: whole, and some of it waits."""

from datetime import timedelta

import pytest

from deadlines.models import Deadline
from demo.load import Loaded
from perpetrators.models import CustodyEpisode, CustodyEvent, ExpectedRelease
from risk.models import Reassessment, ReassessmentReason
from tests.demo.a_year import AT
from victims.models import Contact, Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db


def test_darren_pike_is_on_bail_and_she_is_to_be_told(year: Loaded) -> None:
    pike = Person.objects.get(given_name="Darren", family_name="Pike", date_of_birth="1987-09-02")
    newest = CustodyEpisode.objects.filter(person=pike).latest("began_at")
    assert newest.state == CustodyEpisode.State.ON_BAIL and newest.bail_conditions
    victim = Victim.objects.get(
        person__family_name="O'Neill",
        person__given_name="Siobhán",
        person__date_of_birth="1991-03-14",
    )
    assert VictimUpdate.objects.owed().filter(victim=victim, about="bail").exists()
    again = Reassessment.objects.open().get(victim=victim)
    assert {"bail", "court_date"} & set(again.reasons.values_list("trigger", flat=True))
    assert again.owner is not None and again.due_at > AT


def test_somebody_whom_nobody_knows_is_to_be_matched(year: Loaded) -> None:
    waiting = CustodyEvent.objects.get(state=CustodyEvent.State.UNMATCHED)
    assert waiting.content["family_name"] == "Pyke"


def test_releases_are_to_come_moved_cancelled_and_missed(year: Loaded) -> None:
    rows = ExpectedRelease.objects.all()
    assert rows.filter(state="expected", expected_at__gt=AT).exists()
    missed = rows.filter(alarmed_at__isnull=False)
    assert missed.exists() or rows.count() < 4


def test_every_release_has_its_reassessment(year: Loaded) -> None:
    """Of every victim, for each time somebody was let out."""
    let_out = CustodyEvent.objects.filter(kind__in=["bail", "under-investigation", "release"])
    assert let_out.exists()
    for event in let_out:
        victims = Victim.objects.filter(involvements__incident__involvements__person=event.person)
        harmed = victims.filter(involvements__role="victim").exclude(person=event.person)
        for victim in harmed.distinct():
            if victim.created_at < event.received_at:
                assert ReassessmentReason.objects.filter(
                    victim=victim, source_id=event.pk, trigger__in=["bail", "release"]
                ).exists(), (event, victim)


def test_most_is_done_in_time_and_some_waits(year: Loaded) -> None:
    told = Deadline.objects.filter(kind="victim_told")
    assert told.filter(state="met").count() > told.filter(state="met_late").count()
    assert told.open().exists()
    assert Contact.objects.filter(updates__state="told").exists()
    again = Deadline.objects.filter(kind="reassessment")
    assert again.filter(state="met").exists() and again.open().exists()
    late = again.filter(state="breached", due_at__lt=AT - timedelta(days=3))
    assert not late.exists()

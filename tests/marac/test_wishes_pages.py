"""Asking a victim before a meeting and telling them after it, as pages; and the end of a flag."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marac.models import Hearing, MaracFlag
from marac.services import set_flag
from tests.factories import marac, victims
from tests.marac.wishes_scene import DAY, heard_before, on_an_agenda
from tests.personas import person

SignIn = Callable[[str], Client]


@pytest.fixture
def ahead(db: None, at: datetime) -> Hearing:
    return on_an_agenda(at)


@pytest.fixture
def over(ahead: Hearing, at: datetime) -> Hearing:
    return heard_before(ahead, at)


def url(name: str, row: Hearing) -> str:
    return reverse(f"marac:{name}", args=[row.meeting.reference, row.case.reference])


def test_the_adviser_finds_whom_to_ask_and_asks(ahead: Hearing, sign_in: SignIn) -> None:
    adviser = sign_in("idva")
    page = adviser.get(reverse("marac:to_report")).content.decode()
    assert url("wishes", ahead) in page and "07700 900417" in page
    page = adviser.get(url("wishes", ahead)).content.decode()
    # The safe way stands before everything else.
    assert page.index("Do not telephone") < page.index("Report it")
    assert adviser.post(url("wishes", ahead), {"wanted": "To stay."}).status_code == 302
    ahead.refresh_from_db()
    assert ahead.wanted == "To stay."
    assert url("wishes", ahead) not in adviser.get(reverse("marac:to_report")).content.decode()


def test_and_tells_afterwards(over: Hearing, sign_in: SignIn) -> None:
    adviser, shown = sign_in("idva"), {"show": "told"}
    assert url("told", over) in adviser.get(reverse("marac:to_report"), shown).content.decode()
    page = adviser.get(url("told", over)).content.decode()
    assert page.index("Do not telephone") < page.index("They were told")
    assert adviser.post(url("told", over), {"words": "The locks."}).status_code == 302
    over.refresh_from_db()
    assert over.told == "The locks."
    assert "The locks." in adviser.get(url("told", over)).content.decode()


def test_what_was_typed_stays_when_it_is_refused(ahead: Hearing, sign_in: SignIn) -> None:
    said = {"wanted": "To stay.", "not_asked_because": "Nobody could."}
    refused = sign_in("idva").post(url("wishes", ahead), said)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "To stay." in page and "Nobody could." in page and "Leave this empty" in page


def test_reminders_lead_to_the_hearing(over: Hearing, ahead: Hearing, sign_in: SignIn) -> None:
    adviser = sign_in("idva")
    for name, row in (("wishes", ahead), ("told", over)):
        short = reverse(f"marac:{name}_of", args=[row.case.reference])
        assert adviser.get(short)["Location"] == url(name, row)
    gone = reverse("marac:wishes_of", args=["MC-2026-999999"])
    assert adviser.get(gone).status_code == 404
    Hearing.objects.filter(pk=ahead.pk).update(state="deferred", ended_words="She is ill.")
    short = reverse("marac:wishes_of", args=[ahead.case.reference])
    assert adviser.get(short)["Location"] == reverse("marac:to_report")


def test_others_do_not_find_it(ahead: Hearing, sign_in: SignIn) -> None:
    for who, status in (("idva_b", 404), ("agency", 404), ("worker", 404), ("head", 403)):
        assert sign_in(who).get(url("wishes", ahead)).status_code == status
    assert sign_in("agency").get(reverse("marac:to_report")).status_code == 403
    coordinator = sign_in("coordinator")
    assert url("wishes", ahead) not in coordinator.get(reverse("marac:to_report")).content.decode()
    assert coordinator.get(url("wishes", ahead)).status_code == 200


def test_the_list_costs_the_same_however_long(
    ahead: Hearing, at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    meeting = marac.meeting(at + 20 * DAY)
    for number in range(6):
        who = victims.victim(given_name="B", family_name=f"Other {number}", grade="high")
        marac.hearing(meeting, marac.case(at - DAY, victim=who))
    client = sign_in("coordinator")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("marac:to_report"))
    assert page.content.decode().count("/wishes/") >= 6


def test_a_flag_is_taken_away_with_words(over: Hearing, at: datetime, sign_in: SignIn) -> None:
    flag = set_flag(hearing_id=over.pk, actor=person("chair"), at=at - DAY)
    page = reverse("marac:end_flag", args=[flag.pk])
    assert sign_in("worker").get(page).status_code == 403
    assert sign_in("agency").get(page).status_code == 403
    coordinator = sign_in("coordinator")
    refused = coordinator.post(page, {"words": " "})
    assert refused.status_code == 400 and "This is needed." in refused.content.decode()
    assert coordinator.post(page, {"words": "Listed in error."}).status_code == 302
    assert MaracFlag.objects.get().ended_because == "removed"
    assert "Listed in error." in coordinator.get(page).content.decode()

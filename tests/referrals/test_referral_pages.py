"""One referral in a browser's eyes, and what other pages say of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from referrals.models import Referral, Sharing
from tests.factories import risk
from tests.factories import victims as victim_factory
from tests.factories.referrals import a_referral, an_agency, claimed, shared
from tests.personas import person
from tests.referrals.helpers import text

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def referral(at: datetime) -> Referral:
    return a_referral(at - HOUR)


# One referral


def test_the_page_shows_what_its_worker_must_know(
    sign_in: SignIn, referral: Referral, at: datetime
) -> None:
    victim_factory.safe_contact(referral.victim)
    claimed(referral, at)
    shared(referral, at, actor=person("worker"))
    page = text(sign_in("worker"), f"/referrals/{referral.reference}/")
    for words in (
        "library",
        "09:30-14:30",
        "never",
        "Shouting heard.",
        "72 hours from submission",
        "71 h 00 min left",
        "Fenwick Housing",
        "names and birth dates, risk grade and reasons",
        "Finish this referral",
        "Hand over",
        "Not reviewed by a supervisor yet",
        "07700 900417",
        f'href="/incidents/{referral.incident.reference}/"',
    ):
        assert words in page, words
    assert "Why it took longer" not in page
    assert ">Fenwick Housing</option>" not in page  # told once


def test_no_safe_way_known_says_so(sign_in: SignIn, referral: Referral) -> None:
    page = text(sign_in("worker"), f"/referrals/{referral.reference}/")
    assert "No safe way is known." in page
    assert "Finish this referral" not in page
    assert "Claim it" in page


GOOD_SHARE = {
    "what": ["identity", "risk"],
    "why": "She asked to be moved.",
    "basis": "public_task",
    "consent": "given",
    "consent_reason": "",
}


def test_sharing_by_the_form(sign_in: SignIn, referral: Referral, at: datetime) -> None:
    claimed(referral, at)
    response = sign_in("worker").post(
        f"/referrals/{referral.reference}/share/", {**GOOD_SHARE, "agency": an_agency().pk}
    )
    assert response.status_code == 302
    assert Sharing.objects.get().what == ["identity", "risk"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agency": ""}, "Choose the agency."),
        ({"agency": "999999"}, "Select a valid choice"),
        ({"what": ["all"]}, "Select a valid choice"),
        ({"why": ""}, "Say why they need to know."),
        ({"why": "\x07 odd"}, "cannot be typed"),
        ({"consent": "refused"}, "Say why it is shared without consent"),
        ({"basis": "consent", "consent": "not_needed"}, "Consent is the basis only where"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    sign_in: SignIn, referral: Referral, at: datetime, changes: dict[str, object], words: str
) -> None:
    claimed(referral, at)
    sent = {**GOOD_SHARE, "agency": an_agency().pk, "consent_reason": "", **changes}
    response = sign_in("worker").post(f"/referrals/{referral.reference}/share/", sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert "need" in page
    assert not Sharing.objects.exists()
    if "why" not in changes:
        assert "She asked to be moved." in page


def test_finishing_by_the_form(sign_in: SignIn, referral: Referral, at: datetime) -> None:
    mine = claimed(referral, at)
    client = sign_in("worker")
    sent = {"outcome": "owner_named", "words": "D. Marsh rings her.", "version": mine.version}
    response = client.post(f"/referrals/{mine.reference}/complete/", sent, follow=True)
    assert "is finished, within its time" in response.content.decode()
    again = client.post(f"/referrals/{mine.reference}/complete/", sent)
    assert again.status_code == 409
    assert "was finished by M. Castellanos" in again.content.decode()


def test_a_late_one_asks_why(sign_in: SignIn, at: datetime) -> None:
    mine = claimed(a_referral(at - 80 * HOUR), at)
    client, address = sign_in("worker"), f"/referrals/{mine.reference}/"
    assert "Why it took longer" in text(client, address)
    sent = {"outcome": "owner_named", "words": "D. Marsh rings her.", "version": mine.version}
    response = client.post(f"{address}complete/", sent)
    assert response.status_code == 400
    assert "It is over its time. Say why" in response.content.decode()
    sent |= {"late_because": "partner", "late_reason": "Housing never rang back."}
    response = client.post(f"{address}complete/", sent, follow=True)
    assert "is finished, late" in response.content.decode()


def test_a_stale_form_keeps_the_words_and_can_be_sent_again(
    sign_in: SignIn, referral: Referral, at: datetime
) -> None:
    mine = claimed(referral, at)
    risk.reviewed(
        mine.assessment, at, decision="regrade", grade="high", rationale="Threats to kill."
    )
    client = sign_in("worker")
    sent = {
        "outcome": "owner_named",
        "words": "D. Marsh rings her.",
        "version": mine.version,
        "no_idva_reason": "Declined",
    }
    response = client.post(f"/referrals/{mine.reference}/complete/", sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "It is now grade: High" in page
    assert "D. Marsh rings her." in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    sent["version"] = version.group(1)
    assert client.post(f"/referrals/{mine.reference}/complete/", sent).status_code == 302


def test_handing_over_and_giving_back(sign_in: SignIn, referral: Referral, at: datetime) -> None:
    claimed(referral, at)
    person("worker_b")
    client, address = sign_in("worker"), f"/referrals/{referral.reference}/"
    page = text(client, address)
    assert ">D. Marsh</option>" in page
    assert ">M. Castellanos</option>" not in page
    assert client.post(f"{address}hand-over/", {"to": person("officer").pk}).status_code == 400
    assert client.post(f"{address}hand-over/", {"to": person("worker_b").pk}).status_code == 302
    assert client.post(f"{address}release/", {}).status_code == 403
    assert sign_in("worker_b").post(f"{address}release/", {}).status_code == 302
    referral.refresh_from_db()
    assert referral.state == Referral.State.WAITING


# On other pages


@pytest.mark.parametrize(("who", "linked"), [("worker", True), ("supervisor", False)])
def test_the_victims_page_says_who_was_told(
    sign_in: SignIn, referral: Referral, at: datetime, who: str, linked: bool
) -> None:
    claimed(referral, at)
    shared(referral, at, actor=person("worker"))
    page = text(sign_in(who), f"/victims/{referral.victim.reference}/")
    assert "Fenwick Housing" in page
    assert "with M. Castellanos" in page
    assert (f'class="ref" href="/referrals/{referral.reference}/"' in page) == linked


def test_the_incidents_page_says_it_was_referred(sign_in: SignIn, referral: Referral) -> None:
    page = text(sign_in("supervisor"), f"/incidents/{referral.incident.reference}/")
    assert "Referred to the MARU" in page
    assert referral.reference in page


# The rows are written without the template engine


def test_whatever_comes_from_outside_is_shown_as_text(sign_in: SignIn, at: datetime) -> None:
    victim = risk.a_victim(at, given_name="<script>alert(1)</script>", family_name='"><img src=x>')
    referral = claimed(a_referral(at - HOUR, victim=victim), at, by=person("worker_b"))
    User.objects.filter(username="worker_b").update(name="D. <b>Marsh</b>")
    Referral.objects.filter(pk=referral.pk).update(about="<i>non-crime</i>")
    page = text(sign_in("worker"), '/referrals/?show="><script>alert(2)</script>')
    for evil in ("<script>alert", "<img src=x", "<b>Marsh", "<i>non-crime"):
        assert evil not in page
    for shown in ("&lt;script&gt;alert(1)", "&lt;img src=x&gt;", "&lt;b&gt;Marsh", "&lt;i&gt;non-"):
        assert shown in page

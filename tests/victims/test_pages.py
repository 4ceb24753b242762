"""The pages of a victim: what they show, to whom, at what price, and what they write."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent, RecordRead
from core import clock
from tests.factories import victims as make
from tests.victims.helpers import due, own_queries
from victims import panels, services
from victims.models import Marker, SafeContact, Victim

SignIn = Callable[[str], Client]
People = Callable[[str], User]

TYPED: dict[str, Any] = {
    "method": "text",
    "number": "07700 900417",
    "hours": "09:30-14:30",
    "code_word": "library",
    "notes": "",
    "version": "0",
}


@pytest.fixture
def victim(people: People, at: datetime) -> Victim:
    return make.victim(
        address=make.address(), number="07700 900417", language="English", grade="high"
    )


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page without the parts of higher apps, whose queries are their own tests' matter."""
    monkeypatch.setattr(panels.PARTS, "known", {})


def url(name: str, victim: Victim, **more: Any) -> str:
    return reverse(f"victims:{name}", kwargs={"reference": victim.reference, **more})


def test_the_page_answers_at_a_glance(victim: Victim, sign_in: SignIn, people: People) -> None:
    make.safe_contact(victim)
    services.set_responsible(
        victim_id=victim.pk, person=people("worker"), actor=people("worker"), at=make.AT
    )
    answer = sign_in("supervisor").get(url("detail", victim))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "Siobhán O&#x27;Neill",
        victim.reference,
        "Strangulation; threats to kill",
        "M. Castellanos",
        "Text message: 07700 900417, 09:30-14:30",
        "Code word “library”",
        "Never voicemail",
        "Flat 4, 18 Tanglewood Court",
        "Nothing is due",
        "Safe contact recorded",
    ):
        assert words in page, words
    assert page.count("<h1") == 1


def test_what_is_due_stands_most_urgent_first_with_its_rule(
    victim: Victim, sign_in: SignIn
) -> None:
    late, soon = due(victim, 40), due(victim, 3)
    page = sign_in("worker").get(url("detail", victim)).content.decode()
    assert page.index(soon.basis) < page.index(late.basis)
    assert "2 h 59 min left" in page
    assert 'class="meter w"' in page or 'class="meter o"' in page


def test_the_page_costs_the_same_however_much_there_is(
    victim: Victim, sign_in: SignIn, people: People, alone: None
) -> None:
    client = sign_in("supervisor")
    with own_queries(10):
        client.get(url("detail", victim))
    make.safe_contact(victim)
    for hours in (4, 5, 6):
        due(victim, hours)
    for number in range(20):
        audit.record(
            actor=people("officer"),
            at=make.AT,
            verb="test.noted",
            headline=f"Note {number}",
            subject=victim.reference,
            victim_id=victim.pk,
        )
    services.set_marker(
        kind="weapons",
        words="Knives in the hall",
        until=clock.local(clock.now()).date(),
        person=victim.person,
        actor=people("worker"),
        at=clock.now(),
    )
    with own_queries(10):
        client.get(url("detail", victim))


def test_each_opening_is_logged_once_for_each_page(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    for name in ("detail", "timeline", "who_looked"):
        before = RecordRead.objects.count()
        assert client.get(url(name, victim)).status_code == 200
        assert RecordRead.objects.count() == before + 1
    read = RecordRead.objects.latest("pk")
    assert (read.victim_id, read.user_name, read.path) == (
        victim.pk,
        "P. Sandys",
        url("who_looked", victim),
    )


def test_forms_that_show_a_victim_are_openings_too(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    for number, name in enumerate(("safe_contact", "set_marker"), 1):
        assert client.get(url(name, victim)).status_code == 200
        assert RecordRead.objects.filter(victim_id=victim.pk).count() == number


def test_who_may_not_see_a_victim_gets_404_and_leaves_no_trace(
    victim: Victim, sign_in: SignIn
) -> None:
    for name in ("detail", "timeline", "who_looked", "safe_contact", "set_marker"):
        for persona in ("idva", "agency", "analyst", "administrator", "nobody"):
            assert sign_in(persona).get(url(name, victim)).status_code == 404, (name, persona)
    assert not RecordRead.objects.exists()
    assert Client().get(url("detail", victim)).status_code == 302


@pytest.mark.parametrize(
    ("name", "persona"),
    [
        ("who_looked", "worker"),
        ("safe_contact", "auditor"),
        ("safe_contact", "head"),
        ("set_marker", "handler"),
        ("set_marker", "officer"),
        ("set_marker", "auditor"),
    ],
)
def test_seen_but_not_allowed_is_403(
    victim: Victim, sign_in: SignIn, name: str, persona: str
) -> None:
    assert sign_in(persona).get(url(name, victim)).status_code == 403
    assert sign_in(persona).post(url(name, victim), {}).status_code in {403, 405}


def test_an_unknown_reference_is_404(sign_in: SignIn) -> None:
    for reference in ("V-2026-999999", "x" * 300, "V-2026-00000\x00"):
        path = reverse("victims:detail", args=["V"]).replace("/V/", f"/{reference}/")
        assert sign_in("worker").get(path).status_code == 404


# --- Timeline -----------------------------------------------------------------------------------


def test_the_timeline_has_the_victim_s_own_and_pages(
    victim: Victim, sign_in: SignIn, people: People, alone: None
) -> None:
    for number in range(70):
        audit.record(
            actor=people("officer"),
            at=make.AT + timedelta(minutes=number),
            verb="test.noted",
            headline=f"Note {number:03d}.",
            subject=victim.reference,
            victim_id=victim.pk,
            detail={"reason": "Because"},
        )
    audit.record(
        actor=people("officer"),
        at=make.AT,
        verb="test.noted",
        headline="Somebody else's",
        subject="V-1",
        victim_id=victim.pk + 1,
    )
    client = sign_in("officer")
    with own_queries(5):
        first = client.get(url("timeline", victim)).content.decode()
    second = client.get(url("timeline", victim), {"page": 2}).content.decode()
    assert "Note 069." in first and "Note 069." not in second
    assert "Note 000." in second and "Note 000." not in first
    assert first.index("Note 069.") < first.index("Note 068.")
    assert "Because" in first
    assert "Somebody else" not in first + second
    assert client.get(url("timeline", victim), {"page": "nonsense"}).status_code == 200


# --- Safe contact -------------------------------------------------------------------------------


def test_a_safe_contact_is_recorded_and_audited_without_the_code_word(
    victim: Victim, sign_in: SignIn
) -> None:
    answer = sign_in("officer").post(url("safe_contact", victim), TYPED, follow=True)
    assert "The safe contact is recorded." in answer.content.decode()
    row = SafeContact.objects.get(victim=victim)
    assert (row.number, row.version, row.is_current) == ("+447700900417", 1, True)
    assert row.checked_by.username == "officer"
    event = AuditEvent.objects.get(verb="victim.safe_contact_recorded")
    assert "library" not in f"{event.headline} {event.detail}"


def test_checking_again_keeps_the_earlier_one(victim: Victim, sign_in: SignIn) -> None:
    make.safe_contact(victim)
    client = sign_in("worker")
    page = client.get(url("safe_contact", victim)).content.decode()
    assert 'value="07700 900417"' in page
    assert 'name="version" value="1"' in page
    assert client.post(url("safe_contact", victim), {**TYPED, "version": "1"}).status_code == 302
    assert [row.is_current for row in SafeContact.objects.order_by("version")] == [False, True]
    assert AuditEvent.objects.latest("pk").headline == "Safe contact checked again, unchanged"


def test_a_stale_edit_is_refused_with_both_versions_and_keeps_what_was_typed(
    victim: Victim, sign_in: SignIn
) -> None:
    make.safe_contact(victim, number="07700 900111", code_word="garden")
    mine = {**TYPED, "notes": "Her sister answers after six"}
    client = sign_in("officer_b")
    answer = client.post(url("safe_contact", victim), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "garden" in page and "07700 900111" in page
    assert page.count("Her sister answers after six") == 2
    assert SafeContact.objects.count() == 1
    # Having seen both, sending what is on the page replaces the other one knowingly.
    assert 'name="version" value="1"' in page
    assert client.post(url("safe_contact", victim), {**mine, "version": "1"}).status_code == 302
    assert SafeContact.objects.get(is_current=True).notes == "Her sister answers after six"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "withheld"}, "number"),
        ({"number": "12"}, "number"),
        ({"method": "email", "number": "not an address"}, "number"),
        ({"method": "none"}, "number"),
        ({"method": "pigeon"}, "method"),
        ({"method": ""}, "method"),
        ({"hours": "x" * 121}, "hours"),
        ({"notes": "bell \x07"}, "notes"),
        ({"notes": "x" * 501}, "notes"),
        ({"code_word": "a\x00b"}, "code_word"),
        ({"version": "-1"}, "version"),
        ({"version": "new"}, "version"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(
    victim: Victim, sign_in: SignIn, change: dict[str, str], field: str
) -> None:
    answer = sign_in("officer").post(url("safe_contact", victim), {**TYPED, **change})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert 'value="09:30-14:30"' in answer.content.decode() or field == "hours"
    assert not SafeContact.objects.exists()


def test_five_megabytes_are_refused(victim: Victim, sign_in: SignIn) -> None:
    answer = sign_in("officer").post(
        url("safe_contact", victim), {**TYPED, "notes": "x" * 5_000_000}
    )
    assert 400 <= answer.status_code < 500
    assert not SafeContact.objects.exists()


# --- Markers ------------------------------------------------------------------------------------


def test_a_marker_is_set_shown_and_ended(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    until = clock.local(clock.now()).date() + timedelta(days=30)
    typed = {
        "kind": "emergency",
        "on": "home-1",
        "words": "Treat every call as in progress",
        "until": until.isoformat(),
    }
    assert client.post(url("set_marker", victim), typed).status_code == 302
    marker = Marker.objects.get()
    assert marker.address == make.address()
    assert "treat as emergency" in client.get(url("detail", victim)).content.decode()
    end = url("end_marker", victim, marker_id=marker.pk)
    assert client.post(end, {"reason": ""}).status_code == 400
    assert client.post(end, {"reason": "Moved away"}).status_code == 302
    assert client.post(end, {"reason": "Again"}).status_code == 409
    assert (
        "treat as emergency"
        not in client.get(url("detail", victim)).content.decode().split("Timeline</h2>")[0]
    )
    assert AuditEvent.objects.filter(victim_id=victim.pk, verb__startswith="marker").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2120-01-01"}, "until"),
        ({"until": "soon"}, "until"),
        ({"kind": "cat"}, "kind"),
        ({"on": "home-9"}, "on"),
        ({"words": "x" * 301}, "words"),
        ({"words": "\x1b[2J"}, "words"),
    ],
)
def test_a_bad_marker_is_refused_at_its_field(
    victim: Victim, sign_in: SignIn, change: dict[str, str], field: str
) -> None:
    until = clock.local(clock.now()).date() + timedelta(days=30)
    typed = {"kind": "weapons", "on": "person", "words": "Knives", "until": until.isoformat()}
    answer = sign_in("worker").post(url("set_marker", victim), {**typed, **change})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Marker.objects.exists()


def test_a_marker_of_somebody_else_cannot_be_ended_from_here(
    victim: Victim, sign_in: SignIn, people: People
) -> None:
    other = make.person("Darren", "Pike", date(1989, 9, 9))
    marker = services.set_marker(
        kind="violent",
        words="Fought officers",
        until=date(2026, 12, 24),
        person=other,
        actor=people("worker"),
        at=make.AT,
    )
    end = url("end_marker", victim, marker_id=marker.pk)
    assert sign_in("worker").get(end).status_code == 404


# --- Parts of higher apps -----------------------------------------------------------------------


def test_higher_apps_add_parts_and_may_leave_them_out(
    victim: Victim, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels.PARTS, "known", {})

    def sharing(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
        return {"label": "Sharing", "url": "/sharing/", "count": 5}

    def hidden(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
        return None

    panels.register("tab", 20, panels.TAB, sharing)
    panels.register("tab", 20, panels.TAB, sharing)
    panels.register("tab", 10, panels.TAB, hidden)
    page = sign_in("worker").get(url("detail", victim)).content.decode()
    assert page.count('<a href="/sharing/">Sharing<span class="n">5</span></a>') == 1
    with pytest.raises(ValueError, match="no slot"):
        panels.register("footer", 1, panels.TAB, sharing)

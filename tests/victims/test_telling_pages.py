"""Pages of contacts, updates, statements and changes: what they show, keep and refuse."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Absence, User
from audit.models import RecordRead
from core import clock
from deadlines import kinds
from tests.factories import victims as make
from tests.victims.telling import APART, HOUR, known_victim, logged, news, owed, tried
from victims import services
from victims.models import Circumstance, Contact, PersonalStatement, Victim, VictimUpdate

SignIn = Callable[[str], Client]
People = Callable[[str], User]


@pytest.fixture
def victim(people: People) -> Victim:
    """Somebody who may be sent a text message at any hour."""
    return known_victim(hours="")


@pytest.fixture
def row(victim: Victim) -> VictimUpdate:
    now = clock.now()
    return owed(victim, at=now - HOUR, happened_at=now - HOUR)


def url(name: str, victim: Victim, **more: Any) -> str:
    return reverse(f"victims:{name}", kwargs={"reference": victim.reference, **more})


def hidden(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser sends them."""
    page = client.get(address).content.decode()
    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def sent(client: Client, victim: Victim, **changes: Any) -> Any:
    address = url("contacts", victim)
    said = {"way": "text", "outcome": "reached", "words": "She knows."}
    return client.post(address, {**hidden(client, address), **said, **changes})


def test_the_safe_contact_stands_above_the_form(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    for name in ("contacts", "updates"):
        page = sign_in("officer").get(url(name, victim)).content.decode()
        assert "Text message: 07700 900417" in page
        assert "Do not telephone, e-mail or visit." in page
        assert "Code word “library”" in page
        assert row.words in page
    make.safe_contact(victim, method="none", number="", hours="", version=1)
    page = sign_in("officer").get(url("contacts", victim)).content.decode()
    assert "Do not telephone, text, e-mail or visit." in page
    assert page.index("No safe way is known") < page.index("Log an attempt")


def test_no_answer_counts_for_everything_shown_and_reached_tells_what_is_ticked(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client, other = sign_in("officer"), owed(victim, about="charge", source_id=8)
    answer = sent(client, victim, outcome="no_answer")
    assert answer["Location"] == url("contacts", victim)
    assert (row.attempts.count(), other.attempts.count()) == (1, 1)
    sent(client, victim, updates=[f"{row.pk}:{row.version}"])
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == ("told", "owed")
    page = client.get(url("contacts", victim)).content.decode()
    assert page.count("tried") == 2 and "told" in page


def test_pressed_twice_it_is_logged_once(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("officer")
    form = {**hidden(client, url("contacts", victim)), "way": "text", "outcome": "no_answer"}
    for _ in range(2):
        assert client.post(url("contacts", victim), form).status_code == 302
    assert Contact.objects.count() == 1
    changed = client.post(url("contacts", victim), {**form, "words": "Rang twice."})
    assert changed.status_code == 409
    assert "Rang twice." in changed.content.decode()
    again = {**form, "words": "Rang twice.", "key": changed.context["form"]["key"].value()}
    assert client.post(url("contacts", victim), again).status_code == 302
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "visit"}, "The safe way is another: text message. Say why it was done."),
        ({"outcome": ""}, "Say how it ended."),
        ({"contacted_at": "yesterday"}, "Give a day and a time"),
        ({"updates": ["1:1"]}, "no longer as it was"),
        ({"outcome": "unsafe", "words": ""}, "This is needed."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    victim: Victim, row: VictimUpdate, sign_in: SignIn, changes: dict[str, Any], words: str
) -> None:
    answer = sent(sign_in("officer"), victim, other_way_reason="", **changes)
    page = answer.content.decode()
    assert answer.status_code == 400 and words in page
    assert changes.get("words", "She knows.") in page
    assert not Contact.objects.exists()


def test_a_safe_contact_changed_meanwhile_is_shown_before_anything_counts(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    form = {
        **hidden(client, url("contacts", victim)),
        "way": "call",
        "outcome": "reached",
        "words": "She knows.",
        "updates": [f"{row.pk}:{row.version}"],
    }
    make.safe_contact(
        victim, at=clock.now() - HOUR, method="call", number="07700 900555", hours="", version=1
    )
    answer = client.post(url("contacts", victim), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed the safe contact" in page and "She knows." in page
    assert page.index("Telephone: 07700 900555") < page.index("Log an attempt")
    assert not Contact.objects.exists()
    form["seen"] = answer.context["form"]["seen"].value()
    assert client.post(url("contacts", victim), form).status_code == 302
    row.refresh_from_db()
    assert row.state == "told"


def test_not_reached_says_what_is_missing_then_ends_it(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client, address = sign_in("officer"), url("not_reached", victim, update_id=row.pk)
    tried(victim, row, times=2, at=clock.now() - HOUR / 2)
    form = {**hidden(client, address), "words": "Her adviser writes."}
    refused = client.post(address, form)
    assert refused.status_code == 409
    assert "1 more attempt by a safe way is needed" in refused.content.decode()
    assert "Her adviser writes." in refused.content.decode()
    tried(victim, row, at=clock.now() + 3 * APART)
    assert "End as not reached" in client.get(url("updates", victim)).content.decode()
    assert client.post(address, form)["Location"] == url("updates", victim)
    page = client.get(url("updates", victim)).content.decode()
    assert "not reached" in page and "Her adviser writes." in page


def test_an_update_of_another_victim_is_not_ended_from_here(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    other = make.victim(make.person(family_name="Marsh"))
    address = url("not_reached", other, update_id=row.pk)
    assert sign_in("officer").get(address).status_code == 404


def test_a_statement_is_offered_answered_and_taken(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("officer")
    page = client.post(url("statements", victim), {"about": "42FW/1234/26"})
    statement = PersonalStatement.objects.get()
    address = url("statement", victim, statement_id=statement.pk)
    assert page["Location"] == address
    refused = client.post(address, {"act": "answer", "answer": "declined", "version": 1})
    assert refused.status_code == 400 and "This is needed." in refused.content.decode()
    said = {"act": "answer", "answer": "later", "words": "After the trial.", "version": 1}
    assert client.post(address, said).status_code == 302
    text = {"act": "text", "text": "I do not sleep.", "read_aloud": "yes", "version": 2}
    assert client.post(address, text).status_code == 302
    stale = client.post(address, {**text, "text": "I sleep badly."})
    assert stale.status_code == 409
    assert all(words in stale.content.decode() for words in ("I do not sleep.", "I sleep badly."))
    again = {
        **text,
        "text": "I sleep badly.",
        "version": stale.context["text_form"].data["version"],
    }
    assert client.post(address, again).status_code == 302
    statement.refresh_from_db()
    assert (statement.text, statement.wants_read_aloud) == ("I sleep badly.", True)
    assert "I sleep badly." in client.get(url("statements", victim)).content.decode()


def test_a_change_is_recorded_once(victim: Victim, sign_in: SignIn) -> None:
    client, address = sign_in("officer"), url("circumstances", victim)
    form = {**hidden(client, address), "kind": "separated", "words": "She left him."}
    refused = client.post(address, {**form, "happened_at": "2099-01-01T10:00"})
    assert refused.status_code == 400 and "This lies ahead" in refused.content.decode()
    for _ in range(2):
        form["happened_at"] = "2026-01-01T10:00"
        assert client.post(address, form).status_code == 302
    assert Circumstance.objects.count() == 1
    assert "She left him." in client.get(address).content.decode()


def test_who_only_reads_finds_no_forms_and_each_opening_is_kept(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client = sign_in("auditor")
    for name in ("contacts", "updates", "statements", "circumstances"):
        before = RecordRead.objects.count()
        page = client.get(url(name, victim)).content.decode()
        assert "<textarea" not in page and "Log an attempt" not in page
        assert RecordRead.objects.count() == before + 1
    assert client.post(url("contacts", victim), {}).status_code == 403


def test_the_victim_s_page_says_what_to_tell_next(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    page = client.get(url("detail", victim)).content.decode()
    assert "Tell them next" in page and row.words in page
    assert url("contacts", victim) in page
    logged(victim, row, at=clock.now())
    assert "Tell them next" not in client.get(url("detail", victim)).content.decode()


def test_the_clock_leads_to_the_updates(victim: Victim) -> None:
    assert kinds.get("victim_told").path(victim.reference) == url("updates", victim)


# --- The list -----------------------------------------------------------------------------------

LIST = "/updates/"


def names_on(client: Client, whose: str = "") -> list[str]:
    page = client.get(LIST, {"whose": whose} if whose else {})
    return [str(line.row.victim.person) for line in page.context["lines"]]


def test_mine_my_team_s_and_all_by_time_left(
    victim: Victim, row: VictimUpdate, sign_in: SignIn, people: People
) -> None:
    marsh = make.victim(make.person("Ann", "Marsh"))
    vole = make.victim(make.person("Una", "Vole"))
    for other, who in ((marsh, "officer_b"), (vole, "worker")):
        services.set_responsible(
            victim_id=other.pk, person=people(who), actor=people(who), at=clock.now()
        )
    early = clock.now() - timedelta(days=20)
    owed(marsh, happened_at=early)
    owed(vole, happened_at=early - HOUR)
    assert names_on(sign_in("officer")) == ["Siobhán O'Neill"]
    assert names_on(sign_in("officer"), "team") == ["Ann Marsh", "Siobhán O'Neill"]
    assert names_on(sign_in("supervisor"), "team") == ["Ann Marsh", "Siobhán O'Neill"]
    assert names_on(sign_in("head"), "all") == ["Una Vole", "Ann Marsh", "Siobhán O'Neill"]
    assert names_on(sign_in("idva"), "all") == []
    assert names_on(sign_in("officer"), "nonsense") == ["Siobhán O'Neill"]


def test_what_somebody_stands_in_for_is_theirs(
    victim: Victim, row: VictimUpdate, sign_in: SignIn, people: People
) -> None:
    now = clock.now()
    assert names_on(sign_in("officer_b")) == []
    Absence.objects.create(
        person=people("officer"),
        cover=people("officer_b"),
        from_at=now - HOUR,
        until_at=now + HOUR,
        recorded_by=people("supervisor"),
        recorded_at=now,
    )
    assert names_on(sign_in("officer_b")) == ["Siobhán O'Neill"]


def test_the_list_says_how_to_reach_them_and_how_often_it_was_tried(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    tried(victim, row, times=2, at=clock.now() - HOUR / 2)
    page = sign_in("officer").get(LIST).content.decode()
    for words in ("Text message 07700 900417", "Do not telephone", "2 of 3", row.words):
        assert words in page, words
    logged(victim, row, at=clock.now())
    assert "Nothing is to be told" in sign_in("officer").get(LIST).content.decode()


def queries(client: Client, address: str) -> int:
    """Of this app's own tables; the frame's are not counted."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return sum('"victims_' in query["sql"] for query in captured.captured_queries)


def test_the_pages_cost_the_same_however_much_there_is(
    victim: Victim, row: VictimUpdate, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    pages = [LIST, *(url(name, victim) for name in ("contacts", "updates"))]
    tried(victim, row, at=clock.now() - HOUR / 2)
    one = [queries(client, address) for address in pages]
    assert one[0] == 4
    services.owe_updates(
        news=[news(victim, source_id=number) for number in range(50, 60)],
        actor=victim.contact_owner or row.team.supervisor,  # type: ignore[arg-type]
        at=clock.now() - HOUR / 2,
    )
    tried(victim, *VictimUpdate.objects.filter(victim=victim), times=4, at=clock.now() - HOUR / 4)
    assert [queries(client, address) for address in pages] == one

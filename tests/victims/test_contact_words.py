"""What an adviser hears in a contact is read by advisers; that there was one, by whoever sees."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Withholding
from audit.models import AuditEvent
from core.errors import InvalidInput
from tests.factories import victims as make
from tests.personas import PEOPLE
from tests.personas import person as persona
from tests.victims.telling import BAILED, HOUR, known_victim, logged, seen_by
from victims import contact_log, permissions, services
from victims.models import Contact, Note, Victim
from victims.services.contacts import KEPT_APART

SECRET = "Her cousin Zenobia hides her."
WHY = "Zenobia rang from her own telephone"
ADVISERS = {"idva", "idva_manager"}


@pytest.fixture
def victim(db: None) -> Victim:
    row = known_victim()
    seen_by(row, "idva")
    return row


def heard(victim: Victim, **changes: Any) -> Contact:
    said: dict[str, Any] = {"words": SECRET, "actor": persona("idva"), "at": BAILED + HOUR}
    return logged(victim, **{**said, **changes})


def client(who: str, kind: type[Client] = Client) -> Any:
    made = kind()
    made.force_login(persona(who), backend="accounts.backends.RoleBackend")
    return made


def by_another_way(victim: Victim) -> Contact:
    return heard(victim, way="call", other_way_reason=WHY)


def test_only_advisers_read_what_an_adviser_heard(victim: Victim) -> None:
    row = by_another_way(victim)
    row.refresh_from_db()
    assert (row.words, row.other_way_reason) == ("", KEPT_APART)
    note = Note.objects.get(contact=row)
    assert (note.kept_among, note.words) == (
        "advocates",
        f"{SECRET}\nAnother way or hour because: {WHY}",
    )
    # A manager leads the adviser; everybody else reads by their role.
    for who in PEOPLE:
        reader = persona(who)
        (shown,) = contact_log.log_of(victim, reader)
        assert ("Zenobia" in contact_log.words_of(shown)) == (who in ADVISERS | {"idva_b"}), who


def test_no_page_no_interface_and_no_event_tells_the_others(victim: Victim) -> None:
    by_another_way(victim)
    base = f"/victims/{victim.reference}/"
    pages = ["", "timeline/", "contacts/", "updates/", "notes/", "statements/"]
    calls = ["", "timeline/", "contacts/", "updates/", "notes/"]
    for who in ("officer", "worker", "head", "auditor", "idva"):
        browser, program = client(who), client(who, APIClient)
        texts = [browser.get(base + page).content.decode() for page in pages]
        texts += [program.get(f"/api/v1{base}{call}").content.decode() for call in calls]
        assert any("Zenobia" in text for text in texts) == (who == "idva"), who
        if who in {"officer", "worker", "head"}:
            assert "Telephone: reached" in texts[2], "that there was a contact is theirs to know"
    details = str(list(AuditEvent.objects.values_list("detail", "headline")))
    assert "Zenobia" not in details


def test_an_adviser_may_say_it_to_everybody_and_nobody_to_another_side(victim: Victim) -> None:
    row = heard(victim, kept_among="")
    assert (row.words, row.notes.count()) == (SECRET, 0)
    with pytest.raises(InvalidInput) as refused:
        heard(victim, kept_among="police")
    assert refused.value.field == "kept_among"
    police = logged(victim, words="For us", kept_among="police", actor=persona("officer"))
    assert contact_log.words_of(contact_log.as_read_by(police, persona("officer"))) == "For us"
    assert contact_log.words_of(contact_log.as_read_by(police, persona("idva"))) == ""
    assert logged(victim, words="For all", actor=persona("officer")).words == "For all"
    assert permissions.note_sides(persona("officer"))[0] == "police"


def test_what_was_struck_out_is_read_no_more(victim: Victim) -> None:
    row = heard(victim)
    services.strike_note(
        note_id=row.notes.get().pk, because="Not hers", actor=persona("idva"), at=BAILED + HOUR
    )
    assert contact_log.words_of(contact_log.as_read_by(row, persona("idva"))) == ""


def test_unsafe_needs_words_and_they_stay_among_advisers(victim: Victim) -> None:
    with pytest.raises(InvalidInput):
        heard(victim, outcome="unsafe", words=" ")
    row = heard(victim, outcome="unsafe")
    assert (row.outcome, row.words) == ("unsafe", "")
    event = AuditEvent.objects.get(verb="victim.contact_logged")
    assert event.is_grave and event.headline == "Text message: not safe to go on"


def test_the_page_asks_advisers_alone_and_keeps_what_is_not_said(victim: Victim) -> None:
    address = f"/victims/{victim.reference}/contacts/"
    adviser, officer = client("idva"), client("officer")
    assert 'name="kept_among"' in adviser.get(address).content.decode()
    assert 'name="kept_among"' not in officer.get(address).content.decode()
    form = {"way": "they_came", "outcome": "reached", "words": SECRET, "seen": 1}
    key = "6b0a64a6-6b1e-4f5a-9d0e-2f5a4a3a1b0{}"
    for number, (said, apart) in enumerate((({}, 1), ({"kept_among": "everybody"}, 0))):
        sent = adviser.post(address, {**form, **said, "key": key.format(number)})
        assert sent.status_code == 302
        assert Contact.objects.latest("pk").notes.count() == apart
    refused = adviser.post(address, {**form, "kept_among": "police", "key": key.format(5)})
    assert refused.status_code == 400 and SECRET in refused.content.decode()


def test_an_open_form_sent_after_the_end_writes_nothing(victim: Victim) -> None:
    """The page was opened and asked; the case ended before the service had the victim."""
    services.end_access(
        victim_id=victim.pk, why="given", because="Over", actor=persona("supervisor"), at=BAILED
    )
    for write in (
        lambda: heard(victim),
        lambda: services.write_note(
            victim_id=victim.pk,
            words="x",
            kept_among="advocates",
            actor=persona("idva"),
            at=BAILED,
        ),
        lambda: make.safe_contact(victim, at=BAILED, actor=persona("idva")),
    ):
        with pytest.raises(PermissionDenied, match="do not see this record any more"):
            write()
    assert not Contact.objects.exists() and not Note.objects.exists()


def test_an_officer_from_whom_it_is_withheld_since_writes_nothing(victim: Victim) -> None:
    officer = persona("officer_b")
    assert officer.withheld_victims == frozenset(), "as their open page read it"
    Withholding.objects.create(
        victim=victim, person=officer, reason="x", set_by=persona("worker"), set_at=BAILED
    )
    with pytest.raises(PermissionDenied):
        logged(victim, actor=officer)

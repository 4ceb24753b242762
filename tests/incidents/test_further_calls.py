"""A second call about an open incident: kept whole, graded with all that is known, told on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from deadlines.services import cancel
from incidents.deadlines import ATTENDANCE
from incidents.events import FurtherCallRecorded, IncidentRegraded
from incidents.models import CallDraft, Closure, FurtherCall, Incident, Involvement
from incidents.services.calls import log_call
from incidents.services.drafts import keep_draft
from incidents.services.editing.further_calls import add_further_call
from tests.factories.incidents import NOW, SIOBHAN, call, in_call, incident
from tests.factories.response import sent
from tests.marks import committed
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=10)
CALM = {"danger": "no", "whereabouts": "left"}


@pytest.fixture
def heard(monkeypatch):
    facts = []
    before = events.announce
    monkeypatch.setattr(events, "announce", lambda fact: (facts.append(fact), before(fact)))
    return facts


def quiet(**changes):
    """An incident in which no danger was told."""
    return incident(**{"answers": CALM, **changes})


def news(**changes):
    """A neighbour's call ten minutes later, naming nobody."""
    return call(
        **{
            "received_at": LATER,
            "narrative": "Screams from number 4, and glass.",
            "caller_name": "H. Marsh",
            "caller_number": "07700 900555",
            "caller_is": "neighbour",
            "answers": {"danger": "yes", "whereabouts": "here"},
            "people": (),
            **changes,
        }
    )


def add(row, at=LATER, actor="handler_b", key=None, **changes):
    return add_further_call(
        incident_id=row.pk, actor=person(actor), at=at, call=news(**changes), draft_key=key
    )


def test_it_is_kept_whole_and_the_incidents_own_words_stay(heard):
    row = quiet()

    further = add(
        row,
        verbatim="He said: I will finish it.",
        background="a child crying",
        safe_callback="text only",
        call_dropped=True,
    )

    row.refresh_from_db()
    assert (further.narrative, further.verbatim) == (
        "Screams from number 4, and glass.",
        "He said: I will finish it.",
    )
    assert (further.caller_number, further.caller_is) == ("+447700900555", "neighbour")
    assert (further.background, further.safe_callback) == ("a child crying", "text only")
    assert further.call_dropped
    assert further.answers == {"danger": "yes", "whereabouts": "here"}
    assert row.narrative == "He is outside, banging on the door."
    assert row.answers == CALM
    assert not row.call_dropped
    assert Incident.objects.count() == 1
    assert [fact.further_call_id for fact in heard if isinstance(fact, FurtherCallRecorded)] == [
        further.pk
    ]


def test_the_grade_rises_and_so_does_the_clock(heard):
    row = quiet(received_at=NOW)
    assert (row.grade, row.attend_by) == ("routine", NOW + timedelta(hours=24))

    further = add(row)

    row.refresh_from_db()
    assert (further.grade_before, further.grade_after) == ("routine", "immediate")
    assert (row.grade, row.suggested_grade) == ("immediate", "immediate")
    assert "perpetrator present, danger now" in row.suggested_reasons
    assert row.attend_by == LATER + timedelta(minutes=15)
    deadline = Deadline.objects.get(kind=ATTENDANCE, subject_id=row.pk)
    assert deadline.due_at == row.attend_by
    written = AuditEvent.objects.get(verb="incident.further_call")
    assert written.headline == (
        "Further call from a neighbour, grade raised from routine to immediate"
    )
    assert written.is_grave
    [fact] = [fact for fact in heard if isinstance(fact, IncidentRegraded)]
    assert (fact.before, fact.after) == ("routine", "immediate")


def test_the_incident_is_not_found_as_its_own_history():
    """Otherwise every further call would be a repeat of the first, and raise it."""
    row = quiet()

    add(
        row,
        caller_number="07700 900417",
        caller_is="victim",
        answers={},
        people=(in_call("victim", person_id=Person.objects.get(given_name="Siobhán").pk),),
    )

    row.refresh_from_db()
    assert row.grade == "routine"


@pytest.mark.parametrize(
    ("answers", "grade"),
    [
        ({}, "immediate"),
        (CALM, "immediate"),
        ({"danger": "no", "injury": "no", "weapon": "no"}, "immediate"),
    ],
)
def test_news_never_lowers_it(answers, grade):
    row = incident()
    before = row.attend_by

    further = add(row, answers=answers)

    row.refresh_from_db()
    assert (row.grade, row.attend_by, row.version) == (grade, before, 1)
    assert further.grade_before == further.grade_after == grade
    assert "raised" not in AuditEvent.objects.get(verb="incident.further_call").headline


def test_newer_answers_go_before_earlier_ones_and_the_others_count_still():
    row = incident(answers={"threats": "yes", "whereabouts": "left"})
    assert row.grade == "priority"

    add(row, answers={"whereabouts": "here"})

    row.refresh_from_db()
    assert row.grade == "immediate"
    assert "perpetrator present, threats" in row.suggested_reasons


def test_another_grade_than_suggested_needs_words_and_keeps_them():
    row = quiet()

    with pytest.raises(InvalidInput) as refused:
        add(row, answers={}, grade="immediate")
    further = add(row, answers={}, grade="immediate", grade_override_reason="I know this voice.")

    row.refresh_from_db()
    assert refused.value.field == "grade_override_reason"
    assert further.grade_after == row.grade == "immediate"
    assert row.grade_override_reason == "I know this voice."
    assert row.suggested_grade == "routine"


def test_a_reason_for_sending_nobody_falls_away_when_it_rises():
    row = quiet()
    Incident.objects.filter(pk=row.pk).update(not_sent_reason="He was arrested elsewhere.")
    cancel(kind=ATTENDANCE, subject=row, actor=row.logged_by, at=NOW, reason="Arrested elsewhere.")

    add(row)

    row.refresh_from_db()
    assert row.not_sent_reason == ""
    assert Deadline.objects.open().filter(kind=ATTENDANCE, subject_id=row.pk).count() == 1
    written = AuditEvent.objects.get(verb="incident.further_call")
    assert written.detail["before"]["not_sent_reason"] == "He was arrested elsewhere."
    assert "to be sent after all" in written.headline


def test_who_is_named_joins_the_incident_once():
    row = quiet()
    known = Person.objects.get(given_name="Darren")

    add(
        row,
        people=(
            in_call("perpetrator", person_id=known.pk),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
            in_call("victim", given_name="Grace", family_name="Lund"),
        ),
    )

    roles = Involvement.objects.filter(incident=row).order_by("pk")
    assert [(one.role, one.person.given_name) for one in roles] == [
        ("victim", "Siobhán"),
        ("perpetrator", "Darren"),
        ("child", "Ella"),
        ("victim", "Grace"),
    ]
    grace = Victim.objects.get(person__given_name="Grace")
    assert grace.last_incident_at == row.received_at
    assert roles[2].person.residences.get().address == row.address


def test_a_number_and_a_second_role_are_noted_of_who_was_chosen():
    row = quiet()
    darren = Person.objects.get(given_name="Darren")

    add(
        row,
        caller_is="perpetrator",
        people=(
            in_call("perpetrator", person_id=darren.pk),
            in_call("victim", person_id=darren.pk),
        ),
    )

    assert Involvement.objects.filter(incident=row, person=darren).count() == 2
    assert Victim.objects.filter(person=darren).exists()


def test_nothing_said_is_lost():
    row = quiet(language="", address_line="", postcode="")

    add(row, language="Polish", address_line="9 Fen Road", postcode="PE1 9ZX")
    second = add(row, language="Ukrainian", address_line="The Bell, Fen Road", postcode="PE1 9ZX")

    row.refresh_from_db()
    assert (row.language, row.address.line) == ("Polish", "9 Fen Road")
    assert "Language: Ukrainian" in second.narrative
    assert "Said to be at: The Bell, Fen Road" in second.narrative
    assert second.narrative.startswith("Screams from number 4, and glass.\n")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": " "}, "narrative"),
        ({"narrative": "a\x00"}, "narrative"),
        ({"verbatim": "x" * 20_001}, "verbatim"),
        ({"background": "x" * 501}, "background"),
        ({"caller_number": "0770"}, "caller_number"),
        ({"caller_is": "a ghost"}, "caller_is"),
        ({"source": "smoke"}, "source"),
        ({"source": "agency"}, "source_detail"),
        ({"answers": {"danger": "perhaps"}}, "answers.danger"),
        ({"received_at": LATER + timedelta(hours=1)}, "received_at"),
        ({"postcode": "P?1"}, "postcode"),
        ({"address_line": "!", "postcode": ""}, "address_line"),
        ({"grade": "soon"}, "grade"),
        ({"people": (in_call("victim", person_id=99_999_999),)}, "people.0.person"),
        ({"people": (in_call("ghost", **SIOBHAN),)}, "people.0.role"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(changes, field):
    row = quiet()
    key = uuid4()
    people = Person.objects.count()

    with pytest.raises(InvalidInput) as refused:
        add(row, key=key, **changes)

    assert refused.value.field == field
    assert not FurtherCall.objects.exists()
    assert not CallDraft.objects.filter(key=key).exists()
    assert Person.objects.count() == people


def closed(row):
    """Closed as the database lets it be closed: signed off by an inspector."""
    Closure.objects.create(
        incident=row,
        kind="crime",
        answered_by=person("officer"),
        requested_by=person("officer"),
        requested_at=NOW,
        decision="signed_off",
        decided_by=person("inspector"),
        decided_at=NOW,
    )
    Incident.objects.filter(pk=row.pk).update(state="closed", closed_at=NOW)
    return row


def test_a_closed_incident_says_what_to_do():
    row = closed(quiet())

    with pytest.raises(DomainError, match="Log this as a new call, then link the two"):
        add(row)
    assert not FurtherCall.objects.exists()


@pytest.mark.parametrize("who", ["officer", "supervisor", "worker", "idva", "auditor", "nobody"])
def test_only_the_control_room_takes_them(who):
    row = quiet()
    with pytest.raises(PermissionDenied):
        add(row, actor=who)


def test_a_draft_is_added_once_however_often_it_is_sent():
    row, key = quiet(), uuid4()
    first = add(row, key=key)

    assert add(row, key=key, narrative="Pressed twice.").pk == first.pk
    assert FurtherCall.objects.get().narrative == "Screams from number 4, and glass."


def test_a_draft_becomes_one_thing_only():
    row, other, key, logged_key = quiet(), quiet(), uuid4(), uuid4()
    add(row, key=key)
    log_call(actor=person("handler_b"), at=LATER, call=news(), draft_key=logged_key)

    with pytest.raises(DomainError, match=f"added to {row.reference} already"):
        add(other, key=key)
    with pytest.raises(DomainError, match="is logged as DA-"):
        add(row, key=logged_key)
    with pytest.raises(DomainError, match=row.reference):
        log_call(actor=person("handler_b"), at=LATER, call=news(), draft_key=key)
    with pytest.raises(DomainError, match=row.reference):
        keep_draft(
            key=key,
            handler=person("handler_b"),
            fields={},
            answered_at=LATER,
            version=1,
            at=LATER,
        )
    assert CallDraft.objects.unfinished().count() == 0


# --- Officers on the way ------------------------------------------------------------------------


def test_officers_who_were_sent_are_told_without_details():
    row = sent("officer", at=NOW)
    add(row, at=LATER)

    [told] = Notification.objects.filter(reference=row.reference, user=person("officer"))
    assert told.headline == f"News of {row.reference}: read the briefing again"
    assert told.path == f"/incidents/{row.reference}/briefing/"
    assert not Notification.objects.filter(user=person("officer_b"), reference=row.reference)


# --- Races --------------------------------------------------------------------------------------


@committed
def test_two_connections_adding_one_draft_add_it_once():
    row, actor, key, start = quiet(), person("handler_b"), uuid4(), Barrier(2)

    def send(_):
        start.wait()
        try:
            return add_further_call(
                incident_id=row.pk, actor=actor, at=LATER, call=news(), draft_key=key
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        added = set(pool.map(send, range(2)))

    assert len(added) == 1
    assert FurtherCall.objects.count() == 1


@committed
def test_two_different_calls_at_once_are_both_kept_and_raise_it_once():
    row, actor, start = quiet(), person("handler_b"), Barrier(2)

    def send(position):
        start.wait()
        try:
            return add_further_call(
                incident_id=row.pk,
                actor=actor,
                at=LATER,
                call=news(narrative=f"Call {position}"),
                draft_key=uuid4(),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        added = list(pool.map(send, range(2)))

    assert sorted(one.grade_before for one in added) == ["immediate", "routine"]
    row.refresh_from_db()
    assert row.version == 2

"""What agencies are owed is sent, again where it failed, and set aside in the open at last."""

import json
from datetime import datetime, timedelta
from unittest.mock import ANY

import pytest
from django.core import mail

from accounts.models import Withholding
from audit.models import AuditEvent
from deadlines.models import Notification
from referrals.models import Outgoing, OutgoingAttempt, Sharing
from referrals.services.outgoing import owe, sending
from referrals.services.outgoing.calling import Limits
from referrals.services.outgoing.sending import Tally, deliver, gap
from tests.factories.outgoing import (
    PATIENCE,
    Behaviour,
    a_channel,
    a_sharing,
    a_system,
    answers,
    closes,
    hangs,
    late,
    owed,
)
from tests.factories.referrals import an_agency
from tests.personas import person

pytestmark = pytest.mark.django_db

#: For systems that answer, however busy this machine is; and for those that do not.
PATIENT, SHORT = Limits(), Limits(total=0.25)
#: Longer than any gap.
LATER = timedelta(hours=8)


def run(at: datetime, limits: Limits = PATIENT) -> Tally:
    return deliver(at=at, limits=limits)


def said(message: Outgoing) -> tuple[str, int]:
    message.refresh_from_db()
    return message.state, message.attempts


def test_a_message_says_a_reference_and_where_to_look_and_no_more(at: datetime) -> None:
    with a_system(answers(204)) as system:
        message = owed(at, url=system.url)
        assert run(at) == Tally(sent=1)
    sharing = message.sharing
    [asked] = system.received
    assert json.loads(asked.body) == {
        "id": str(message.key),
        "type": "sharing.shared",
        "at": "2026-11-23T10:00:00+00:00",
        "reference": sharing.reference,
        "url": f"http://127.0.0.1:8000/api/v1/shared/{sharing.reference}/",
    }
    assert asked.headers["content-type"] == "application/json"
    assert said(message) == ("sent", 1)
    assert (message.try_at, message.last_words) == (None, "Taken with 204.")
    attempt = OutgoingAttempt.objects.get(message=message)
    assert (attempt.at, attempt.status, attempt.words) == (ANY, 204, "Taken with 204.")
    assert run(at + LATER) == Tally()


@pytest.mark.parametrize(
    ("behaviour", "status", "words"),
    [
        (answers(500), 500, "Answered 500. Not taken."),
        (answers(302, "Location: /elsewhere\r\n"), 302, "which is not followed"),
        (hangs, None, "No answer within 0.25 seconds."),
        (late(0.5), None, "No answer within 0.25 seconds."),
        (closes, None, "It closed the connection without an answer."),
    ],
    ids=["fails", "redirects", "hangs", "answers late", "closes"],
)
def test_what_failed_waits_for_its_next_attempt(
    behaviour: Behaviour, status: int | None, words: str, at: datetime
) -> None:
    with a_system(behaviour) as system:
        message = owed(at, url=system.url)
        assert run(at, SHORT if status is None else PATIENT) == Tally(failed=1)
        assert run(at + timedelta(seconds=30)) == Tally(), "never in a tight loop"
    assert len(system.received) == 1
    assert said(message) == ("waiting", 1)
    assert words in message.last_words
    assert message.try_at is not None
    assert timedelta(seconds=60) <= message.try_at - at <= timedelta(seconds=80)
    attempt = OutgoingAttempt.objects.get(message=message)
    assert (attempt.status, attempt.words) == (status, message.last_words)
    if status is None and behaviour is not closes:
        assert 240 <= attempt.milliseconds < 250 + PATIENCE * 1_000


def test_the_third_attempt_arrives_under_the_same_key_signed_anew(at: datetime) -> None:
    with a_system(answers(500), closes, answers(200)) as system:
        message = owed(at, url=system.url)
        for number in range(3):
            run(at + number * LATER)
    assert said(message) == ("sent", 3)
    assert [asked.key for asked in system.received] == [message.key] * 3
    assert len({asked.body for asked in system.received}) == 1
    stamps = [int(asked.headers["webhook-timestamp"]) for asked in system.received]
    assert stamps == [int((at + number * LATER).timestamp()) for number in range(3)]
    assert len({asked.headers["webhook-signature"] for asked in system.received}) == 3
    tries = OutgoingAttempt.objects.filter(message=message).order_by("at")
    assert [row.status for row in tries] == [500, None, 200]


def test_gaps_grow_and_chance_moves_them_apart() -> None:
    shortest = [60, 180, 540, 1_620, 4_860, 14_580, 21_600, 21_600]
    for attempts, seconds in enumerate(shortest, 1):
        drawn = {gap(attempts).total_seconds() for _ in range(20)}
        assert seconds <= min(drawn) < max(drawn) <= seconds * 1.25
    assert gap(60).total_seconds() <= 21_600 * 1.25


def test_after_the_last_attempt_it_lies_in_the_open_and_managers_know(at: datetime) -> None:
    for name in ("manager", "head", "worker"):
        person(name)
    with a_system(answers(500)) as system:
        message = owed(at, url=system.url)
        for number in range(9):
            run(at + number * LATER)
    assert len(system.received) == 8
    assert said(message) == ("dead", 8)
    assert message.settled_at is not None
    assert message.last_words == "Answered 500. Not taken."
    told = Notification.objects.filter(level="breach")
    assert {row.user.username for row in told} == {"manager", "head"}
    assert {row.victim_id for row in told} == {message.sharing.victim_id}
    reference = message.sharing.reference
    assert told[0].headline == f"Fenwick Housing could not be told of {reference}"
    assert told[0].path == "/undelivered/"
    event = AuditEvent.objects.get(verb="outgoing.dead")
    assert (event.subject, event.is_grave, event.actor.is_system) == (reference, True, True)


def test_an_address_that_is_gone_is_not_asked_again(at: datetime) -> None:
    with a_system(answers(410)) as system:
        message = owed(at, url=system.url)
        run(at)
    assert said(message) == ("dead", 1)
    assert message.last_words.startswith("Answered 410. Gone")


def test_one_agency_that_is_down_is_not_said_again_and_again(at: datetime) -> None:
    person("manager")
    with a_system(answers(410)) as system:
        owed(at, url=system.url), owed(at, url=system.url), owed(at, url=system.url)
        run(at), run(at)
        assert Outgoing.objects.dead().count() == 2, "after a failure the rest waits for a run"
        assert Notification.objects.filter(level="breach").count() == 1
        run(at + timedelta(days=2))
    assert Notification.objects.filter(level="breach").count() == 2


def test_a_system_that_hangs_holds_up_nobody_else(at: datetime) -> None:
    with a_system(hangs) as hanging, a_system(answers(200)) as quick:
        for _ in range(3):
            owed(at, url=hanging.url)
        owed(at, url=quick.url, agency=an_agency("Fenwick Hospital", "health"))
        assert run(at, Limits(total=1)) == Tally(sent=1, failed=1)
    assert len(hanging.received) == 1


def test_a_run_ends_and_leaves_the_rest(at: datetime) -> None:
    owed(at)
    assert deliver(at=at, longest=0) == Tally()
    assert Outgoing.objects.to_try(at).count() == 1


# --- What is owed, and what is owed no more ---------------------------------------------------


def test_an_agency_that_reads_its_pages_here_is_owed_nothing(at: datetime) -> None:
    sharing = a_sharing(at)
    assert owe(sharing=sharing, about="shared", at=at) is None
    for said_of_it in ({"way": "inbox"}, {"way": "email", "is_active": False}):
        a_channel(sharing.agency, at, **said_of_it)
        assert owe(sharing=sharing, about="shared", at=at) is None


def test_it_is_owed_once(at: datetime) -> None:
    message = owed(at)
    again = owe(sharing=message.sharing, about="shared", at=at)
    assert again == message


def test_nothing_goes_to_whom_it_is_withheld_from(at: datetime) -> None:
    message = owed(at)
    Withholding.objects.create(
        victim_id=message.sharing.victim_id,
        agency=message.agency,
        reason="His brother works there.",
        set_by=person("head"),
        set_at=at,
    )
    assert run(at) == Tally(settled=1)
    assert said(message) == ("dropped", 0)
    Outgoing.objects.update(attempts=1)
    assert owe(sharing=message.sharing, about="withdrawn", at=at) is None
    assert owe(sharing=a_sharing(at, victim=message.sharing.victim), about="shared", at=at) is None


def withdrawn(message: Outgoing, at: datetime) -> Outgoing | None:
    row = message.sharing
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = at, person("worker"), "Wrong one"
    row.save()
    return owe(sharing=row, about="withdrawn", at=at)


def test_what_was_withdrawn_before_it_left_is_dropped_and_nothing_is_said(at: datetime) -> None:
    message = owed(at)
    assert withdrawn(message, at) is None
    assert said(message) == ("dropped", 0)
    assert run(at) == Tally()


def test_what_was_sent_is_taken_back(at: datetime) -> None:
    with a_system(answers(200)) as system:
        message = owed(at, url=system.url)
        run(at)
        back = withdrawn(message, at)
        assert back is not None and back.key != message.key
        assert run(at) == Tally(sent=1)
    assert said(message) == ("sent", 1), "what was sent stays sent"
    assert json.loads(system.received[1].body)["type"] == "sharing.withdrawn"


def test_what_may_have_arrived_is_taken_back_and_not_sent_again(at: datetime) -> None:
    with a_system(late(0.5), answers(200)) as system:
        message = owed(at, url=system.url)
        run(at, SHORT)
        back = withdrawn(message, at)
        assert said(message) == ("dropped", 1)
        assert back is not None and back.try_at is not None
        assert run(at) == Tally(), "the first may still be on its way"
        assert run(back.try_at) == Tally(sent=1)
    assert [json.loads(asked.body)["type"] for asked in system.received] == [
        "sharing.shared",
        "sharing.withdrawn",
    ]


def test_a_sharing_whose_time_is_over_is_not_told_of(at: datetime) -> None:
    message = owed(at)
    Sharing.objects.update(keep_until=at.date())
    assert run(at + timedelta(days=1)) == Tally(settled=1)
    assert said(message) == ("dropped", 0)
    assert message.last_words == "What was shared is not in force any more"


def test_a_way_that_changed_meanwhile_counts(at: datetime) -> None:
    message = owed(at)
    a_channel(message.agency, at, way="email")
    assert run(at) == Tally(sent=1)
    message.refresh_from_db()
    assert (message.way, len(mail.outbox)) == ("email", 1)
    other = owed(at)
    a_channel(message.agency, at, way="inbox")
    assert run(at) == Tally(settled=1)
    assert said(other) == ("dropped", 0)


# --- Mail ---------------------------------------------------------------------------------------


def test_a_mail_says_that_something_waits_and_nobody_s_name(at: datetime) -> None:
    message = owed(at, way="email")
    assert run(at) == Tally(sent=1)
    [sent] = mail.outbox
    reference = message.sharing.reference
    assert sent.to == ["duty@housing.example.invalid"]
    assert sent.subject == f"Lodestar: {reference}: something was shared with your agency"
    assert f"http://127.0.0.1:8000/shared/{reference}/" in sent.body
    assert sent.extra_headers["Message-ID"] == f"<outgoing.{message.key}@example.invalid>"
    victim = message.sharing.victim
    for word in (*str(victim.person).split(), victim.reference, "asked to be moved"):
        assert word not in str(sent.subject) + str(sent.body)


def test_a_mail_server_that_refuses_is_asked_again(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = owed(at, way="email")

    def refuse(**_: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as down:
        down.setattr(sending, "get_connection", refuse)
        assert run(at) == Tally(failed=1)
    assert said(message) == ("waiting", 1)
    assert run(at + LATER) == Tally(sent=1)


def test_no_body_holds_a_word_about_the_victim(at: datetime) -> None:
    with a_system(answers(200)) as system:
        message = owed(at, url=system.url)
        run(at)
    victim, whole = message.sharing.victim, system.received[0]
    for word in (*str(victim.person).split(), victim.reference, "asked to be moved"):
        assert word not in whole.body.decode() + whole.first_line + str(whole.headers)

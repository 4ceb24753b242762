"""Mails point to the page; what cannot be sent now waits; nothing is sent twice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import Absence, User
from deadlines import delivery, digests, services, tasks
from deadlines.delivery import deliver
from deadlines.models import Digest, Notification
from tests.factories.deadlines import duty
from tests.factories.victims import victim
from tests.personas import person

pytestmark = pytest.mark.django_db


def tell(name: str, at: datetime) -> None:
    services.notify(
        users=[person(name)],
        level="breach",
        reference="RF-2026-000012",
        victim_id=None,
        at=at,
        headline="Visit out of time: was due 23 Nov, 20:00",
        path="/referrals/RF-2026-000012/",
    )


def inform(name: str, at: datetime) -> None:
    services.notify(
        users=[person(name)],
        level="information",
        reference="NT-2026-000001",
        victim_id=None,
        at=at,
        headline="To read, with a short test",
        path="/learning/",
    )


def undelivered() -> int:
    return Notification.objects.filter(delivered_at__isnull=True).count()


def test_a_mail_says_what_and_where_and_no_more(at: datetime) -> None:
    tell("officer", at)
    assert deliver(at=at) == 1
    [sent] = mail.outbox
    assert sent.to == ["officer@example.invalid"]
    assert sent.subject == "Lodestar: RF-2026-000012: out of time"
    assert sent.body == (
        "Visit out of time: was due 23 Nov, 20:00\n\nRF-2026-000012\n"
        "http://127.0.0.1:8000/referrals/RF-2026-000012/\n"
    )
    assert Notification.objects.get().delivered_at == at


def test_nothing_is_sent_twice(at: datetime) -> None:
    tell("officer", at)
    deliver(at=at)
    assert deliver(at=at + timedelta(minutes=1)) == 0
    assert len(mail.outbox) == 1


def test_a_repeat_after_a_crash_carries_the_same_identity(at: datetime) -> None:
    tell("officer", at)
    deliver(at=at)
    Notification.objects.update(delivered_at=None)
    deliver(at=at)
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first == second == delivery.message_id(Notification.objects.get().pk)


def test_who_has_no_address_or_has_left_is_not_waited_for(at: datetime) -> None:
    tell("officer", at), tell("officer_b", at)
    User.objects.filter(username="officer").update(email="")
    User.objects.filter(username="officer_b").update(is_active=False)
    assert deliver(at=at) == 0
    assert (undelivered(), mail.outbox) == (0, [])


class Failing(EmailBackend):
    """A mail server that refuses one address and, when `down`, does not answer."""

    down = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if self.down:
            raise SMTPServerDisconnected("gone")
        if messages[0].to == ["officer@example.invalid"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


@pytest.fixture
def failing(settings: object, monkeypatch: pytest.MonkeyPatch) -> type[Failing]:
    monkeypatch.setattr(delivery, "get_connection", lambda **_: Failing())
    return Failing


def test_one_refused_address_does_not_hold_up_the_rest(
    at: datetime, failing: type[Failing]
) -> None:
    tell("officer", at), tell("officer_b", at)
    assert deliver(at=at) == 1
    assert [sent.to for sent in mail.outbox] == [["officer_b@example.invalid"]]
    assert undelivered() == 1


def test_a_server_that_does_not_answer_leaves_the_rows(
    at: datetime, failing: type[Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("officer_b", at), tell("officer_b", at)
    with monkeypatch.context() as broken:
        broken.setattr(failing, "down", True)
        assert deliver(at=at) == 0
    assert undelivered() == 2
    assert deliver(at=at) == 2


def test_what_is_a_day_old_is_tried_no_more(at: datetime, failing: type[Failing]) -> None:
    tell("officer_b", at)
    assert deliver(at=at + timedelta(days=1)) == 0


def test_a_message_that_cannot_be_written_does_not_hold_up_the_rest(at: datetime) -> None:
    tell("officer", at)
    Notification.objects.update(reference="X\nBcc: all")
    tell("officer_b", at)
    assert deliver(at=at) == 1
    assert [sent.to for sent in mail.outbox] == [["officer_b@example.invalid"]]


def test_the_tasks_are_shells(people: Callable[[str], User], at: datetime) -> None:
    tell("officer", at)
    Notification.objects.update(created_at=datetime.now(at.tzinfo))
    tasks.sweep()
    tasks.deliver()
    assert len(mail.outbox) == 1


def test_what_is_for_information_waits_for_the_digest(at: datetime) -> None:
    inform("officer", at), tell("officer", at)
    assert deliver(at=at) == 1
    [sent] = mail.outbox
    assert sent.subject == "Lodestar: RF-2026-000012: out of time"
    assert undelivered() == 1
    digests.make(at=at)
    assert undelivered() == 0


def test_one_mail_a_person_a_morning_with_numbers_only(at: datetime) -> None:
    somebody = victim(given_name="Marigold")
    duty(started_at=at - timedelta(hours=12), owner=person("supervisor"), victim_id=somebody.pk)
    inform("supervisor", at), inform("officer", at)
    assert digests.make(at=at) == 3  # two people's, one team's
    assert deliver(at=at) == 2
    assert deliver(at=at) == 0
    to_leader = next(one for one in mail.outbox if one.to == ["supervisor@example.invalid"])
    assert to_leader.subject == "Lodestar: your digest of 23 November"
    assert to_leader.body == (
        "You: out of time 1, messages 1.\n"
        "Fenwick response: out of time 1.\n\n"
        "Read and acknowledge:\nhttp://127.0.0.1:8000/digests/\n"
    )


def test_who_stands_in_for_a_leader_is_sent_the_teams_with_their_own(at: datetime) -> None:
    for name in ("officer", "supervisor", "officer_b"):
        person(name)
    duty(started_at=at - timedelta(hours=12), owner=person("officer_b"))
    Absence.objects.create(
        person=person("supervisor"),
        cover=person("officer_b"),
        from_at=at - timedelta(days=1),
        until_at=at + timedelta(days=1),
        recorded_by=person("head"),
        recorded_at=at,
    )
    digests.make(at=at)
    deliver(at=at)
    [sent] = mail.outbox
    assert sent.to == ["officer_b@example.invalid"]
    assert sent.body.startswith("You: out of time 1.\nFenwick response: out of time 1.")


def test_a_refused_digest_waits_and_a_repeat_is_recognised(
    at: datetime, failing: type[Failing]
) -> None:
    for name in ("officer", "officer_b"):
        duty(started_at=at - timedelta(hours=12), owner=person(name))
    digests.make(at=at)
    assert deliver(at=at) == 1
    assert Digest.objects.filter(delivered_at=None).count() == 1
    assert deliver(at=at + timedelta(days=1)) == 0  # by then the next one is made
    Digest.objects.update(delivered_at=None)
    deliver(at=at)
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first == second


def test_a_digest_of_whoever_has_no_address_is_not_waited_for(at: datetime) -> None:
    duty(started_at=at - timedelta(hours=12))
    digests.make(at=at)
    User.objects.update(email="")
    assert deliver(at=at) == 0
    assert not Digest.objects.filter(delivered_at=None).exists()

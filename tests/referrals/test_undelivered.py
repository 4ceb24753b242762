"""What was given up is tried again or dropped with reasons, by those who keep agencies."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Withholding
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from referrals.models import Outgoing, OutgoingAttempt
from referrals.services.outgoing import drop, try_again
from referrals.services.outgoing.sending import deliver
from tests.factories.outgoing import a_channel, a_system, answers, dead, owed
from tests.personas import person
from tests.referrals.helpers import text

pytestmark = pytest.mark.django_db

#: One for the page's count, one for its rows, one for their attempts; the rest every page asks.
QUERIES = 10


def test_tried_again_it_goes_out_under_its_old_key_from_the_first_attempt(at: datetime) -> None:
    with a_system(answers(200)) as system:
        message = dead(at, url=system.url)
        key, manager = message.key, person("manager")
        for _ in range(2):
            row = try_again(message_id=message.pk, actor=manager, at=at)
            assert (row.state, row.attempts, row.try_at) == ("waiting", 0, at)
        deliver(at=at)
    assert [asked.key for asked in system.received] == [key]
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    event = AuditEvent.objects.get(verb="outgoing.tried_again")
    assert (event.subject, event.actor) == (message.sharing.reference, manager)
    with pytest.raises(DomainError, match="sent"):
        try_again(message_id=message.pk, actor=manager, at=at)


def test_dropped_with_reasons_once(at: datetime) -> None:
    message, manager = dead(at), person("manager")
    with pytest.raises(InvalidInput) as refusal:
        drop(message_id=message.pk, reason=" ", actor=manager, at=at)
    assert refusal.value.field == "reason"
    for _ in range(2):
        drop(message_id=message.pk, reason="Told by telephone.", actor=manager, at=at)
    message.refresh_from_db()
    assert (message.state, message.last_words) == ("dropped", "J. Fenn: Told by telephone.")
    event = AuditEvent.objects.get(verb="outgoing.dropped")
    assert event.detail["reason"] == "Told by telephone."
    with pytest.raises(DomainError, match="no longer to be sent"):
        try_again(message_id=message.pk, actor=manager, at=at)


def test_what_is_not_owed_any_more_is_not_tried_again(at: datetime) -> None:
    message, manager = dead(at), person("manager")
    message.sharing.keep_until = at.date()
    message.sharing.save()
    with pytest.raises(DomainError, match="not in force any more"):
        try_again(message_id=message.pk, actor=manager, at=at + timedelta(days=1))
    a_channel(message.agency, at, way="inbox")
    with pytest.raises(DomainError, match="its pages here only"):
        try_again(message_id=message.pk, actor=manager, at=at)
    assert Outgoing.objects.dead().count() == 1


def test_what_waits_is_not_dropped(at: datetime) -> None:
    message = owed(at)
    with pytest.raises(DomainError, match="to be sent"):
        drop(message_id=message.pk, reason="Enough.", actor=person("manager"), at=at)


@pytest.mark.parametrize("who", ["worker", "supervisor", "agency", "idva"])
def test_others_decide_nothing(who: str, at: datetime) -> None:
    message = dead(at)
    with pytest.raises(PermissionDenied):
        try_again(message_id=message.pk, actor=person(who), at=at)
    with pytest.raises(PermissionDenied):
        drop(message_id=message.pk, reason="Enough.", actor=person(who), at=at)
    assert Outgoing.objects.dead().count() == 1


def test_the_list_shows_every_attempt_and_nobody_s_name(
    at: datetime, sign_in: Callable[[str], Client]
) -> None:
    message = dead(at)
    for number, words in enumerate(("Answered 500. Not taken.", "No answer within 10 seconds.")):
        OutgoingAttempt.objects.create(
            message=message, at=at + timedelta(minutes=number), milliseconds=12, words=words
        )
    page = text(sign_in("manager"), "/undelivered/")
    for words in (message.sharing.reference, "Fenwick Housing", "2 attempts", "No answer within"):
        assert words in page
    assert message.sharing.victim.person.family_name not in page


def test_the_buttons_of_the_list(at: datetime, sign_in: Callable[[str], Client]) -> None:
    message, manager = dead(at), sign_in("manager")
    answer = manager.post(f"/undelivered/{message.pk}/again/", follow=True)
    assert "is told of" in answer.content.decode()
    assert Outgoing.objects.get().state == "waiting"
    Outgoing.objects.update(state="dead", try_at=None, settled_at=at)
    refused = manager.post(f"/undelivered/{message.pk}/drop/", {"reason": ""})
    assert refused.status_code == 400
    assert "This field is required" in refused.content.decode()
    manager.post(f"/undelivered/{message.pk}/drop/", {"reason": "Told by telephone."})
    assert Outgoing.objects.get().state == "dropped"
    again = manager.post(f"/undelivered/{message.pk}/again/", follow=True)
    assert "not among those given up" in again.content.decode()


def test_whoever_must_not_receive_anything_of_a_victim_does_not_see_their_messages(
    at: datetime, sign_in: Callable[[str], Client]
) -> None:
    message = dead(at)
    Withholding.objects.create(
        victim_id=message.sharing.victim_id,
        person=person("manager"),
        reason="Her brother-in-law.",
        set_by=person("head"),
        set_at=at,
    )
    manager = sign_in("manager")
    assert message.sharing.reference not in text(manager, "/undelivered/")
    assert manager.get(f"/undelivered/{message.pk}/drop/").status_code == 404
    assert manager.post(f"/undelivered/{message.pk}/again/").status_code == 404
    assert message.sharing.reference in text(sign_in("head"), "/undelivered/")


def test_more_messages_cost_no_more_queries(
    at: datetime, sign_in: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    manager = sign_in("manager")
    for _ in range(3):
        dead(at)
    with django_assert_max_num_queries(QUERIES) as captured:
        manager.get("/undelivered/")
    dead(at)
    with django_assert_max_num_queries(len(captured)):
        manager.get("/undelivered/")


def test_the_health_page_counts_them_and_does_not_fail(at: datetime, client: Client) -> None:
    dead(at)
    assert client.get("/health/").json()["undelivered"] == {"status": "ok", "given_up": 1}

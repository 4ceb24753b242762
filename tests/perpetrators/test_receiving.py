"""Messages come in: once each, in any order, with what they cause; whom nobody knows, waits."""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from incidents.models import Involvement
from perpetrators.messages import HERE
from perpetrators.models import CustodyEpisode, CustodyEvent, OutsideIdentity
from perpetrators.services.receiving import batch, candidates, confirm, receive, set_aside
from tests.factories.custody import AT, DARRENS, couple, custody_event, deliver, known_as, message
from tests.factories.incidents import incident
from tests.factories.victims import person
from tests.marks import committed
from tests.personas import person as persona

pytestmark = pytest.mark.django_db


def hours_ago(number):
    return AT - timedelta(hours=number)


def statuses(outcomes: Iterable[Any]) -> list[str]:
    return [str(one.status) for one in outcomes]


KEPT_AWAY = [{"kind": "keep_away", "words": "18 Tanglewood Court"}]


def test_a_message_is_applied_to_the_persons_run():
    darren, _ = couple()
    (outcome,) = deliver(
        message("bail", where="Fenwick", bail_until=AT + timedelta(days=28), conditions=KEPT_AWAY)
    )
    assert outcome.status == "applied"
    episode = CustodyEpisode.objects.get()
    assert outcome.event == CustodyEvent.objects.get()
    assert (outcome.event.person, outcome.event.episode) == (darren, episode)
    assert outcome.event.matched_because == f"Known by number {DARRENS}"
    assert (episode.person, episode.state, episode.held_at) == (darren, "on_bail", "Fenwick")
    assert (episode.system, episode.custody_number) == ("custody", "C/26/100")
    assert episode.bail_conditions == KEPT_AWAY
    assert episode.reference.startswith("CU-2026-")


def test_events_of_one_run_add_up_over_several_deliveries():
    couple()
    custody_event("arrest", happened_at=hours_ago(5), where="Fenwick")
    custody_event("charge", happened_at=hours_ago(3), offence="Assault")
    episode = CustodyEpisode.objects.get()
    assert (episode.state, episode.state_since) == ("charged", hours_ago(3))
    assert (episode.began_at, episode.held_at) == (hours_ago(5), "Fenwick")
    assert (episode.offence, episode.version) == ("Assault", 2)


def test_out_of_order_it_ends_the_same():
    couple()
    custody_event("bail", happened_at=hours_ago(1), conditions=KEPT_AWAY)
    custody_event("charge", happened_at=hours_ago(3))
    custody_event("arrest", happened_at=hours_ago(5))
    episode = CustodyEpisode.objects.get()
    assert (episode.state, episode.state_since) == ("on_bail", hours_ago(1))
    assert (episode.began_at, episode.bail_conditions) == (hours_ago(5), KEPT_AWAY)


def test_repeated_delivery_changes_nothing():
    couple()
    sent = [message("arrest", happened_at=hours_ago(2)), message("bail", happened_at=hours_ago(1))]
    assert statuses(deliver(*sent)) == ["applied", "applied"]
    before = _everything()
    assert statuses(deliver(*reversed(sent))) == ["repeated", "repeated"]
    assert statuses(deliver(sent[0])) == ["repeated"]
    assert _everything() == before


def test_twice_in_one_batch_it_counts_once():
    couple()
    once = message("arrest")
    assert statuses(deliver(once, once)) == ["applied", "repeated"]
    assert CustodyEvent.objects.count() == 1


def test_the_same_number_with_other_content_is_refused():
    couple()
    deliver(message("arrest", message_id="m"))
    before = _everything()
    assert statuses(deliver(message("arrest", message_id="m", where="Elsewhere"))) == ["refused"]
    assert _everything() == before


def test_of_two_contents_in_one_batch_the_first_counts():
    couple()
    outcomes = deliver(
        message("arrest", message_id="m"), message("arrest", message_id="m", where="Elsewhere")
    )
    assert statuses(outcomes) == ["applied", "refused"]
    assert CustodyEpisode.objects.get().held_at == ""


def test_another_system_may_use_the_same_number():
    darren, _ = couple()
    known_as(darren, system="prison")
    sent = [message("arrest", message_id="m"), message("prison", message_id="m", system="prison")]
    assert statuses(deliver(*sent)) == ["applied", "applied"]


def test_whom_nobody_knows_waits_and_is_not_lost():
    couple()
    (outcome,) = deliver(message("bail", person_number="N/00/9", custody_number="C/9"))
    assert outcome.status == "unmatched"
    row = CustodyEvent.objects.get()
    assert (row.state, row.person, row.episode) == ("unmatched", None, None)
    assert row.content["given_name"] == "Darren"
    assert not CustodyEpisode.objects.exists()
    assert statuses(deliver(message("bail", message_id=row.message_id, person_number="x"))) == [
        "refused"
    ]


def test_known_by_the_run_alone_or_by_our_reference():
    darren, _ = couple()
    custody_event("arrest", happened_at=hours_ago(3))
    known = custody_event("charge", happened_at=hours_ago(2), person_number="")
    assert (known.person, known.matched_because) == (darren, "Known by custody record C/26/100")
    by_us = custody_event(
        "arrest", person_number="", person=darren.reference, custody_number="C/26/200"
    )
    assert by_us.person == darren
    assert CustodyEpisode.objects.count() == 2


def test_numbers_of_different_people_wait_for_somebody_to_look():
    couple()
    other = person("Karl", "Voss", None)
    custody_event("arrest", happened_at=hours_ago(3))
    known_as(other, "N/55/5")
    (outcome,) = deliver(message("charge", person_number="N/55/5"))
    assert outcome.status == "unmatched"
    assert "different people" in outcome.event.matched_because


def test_a_reference_of_ours_that_nobody_has_waits():
    couple()
    event = custody_event("charge", person="P-2020-999999")
    assert event.state == "unmatched"
    assert event.matched_because == "P-2020-999999 is no reference of ours"


def test_the_incident_that_it_came_of_where_the_person_took_part():
    darren, _ = couple()
    own = Involvement.objects.get(person=darren, role="perpetrator").incident
    other = incident(address_line="3 Mill Lane", caller_number="07700 900418", people=())
    custody_event("arrest", happened_at=hours_ago(3), incident=other.reference)
    assert CustodyEpisode.objects.get().incident is None
    custody_event("charge", incident=own.reference)
    assert CustodyEpisode.objects.get().incident == own


def test_late_is_said_and_nothing_else_is_different():
    couple()
    assert not custody_event("arrest", happened_at=AT - timedelta(minutes=60)).is_late
    assert custody_event("bail", happened_at=AT - timedelta(minutes=61)).is_late
    assert AuditEvent.objects.get(verb="custody.bail").headline.endswith("(reported late)")


def test_it_stands_on_the_timeline_of_every_victim():
    _, victim = couple()
    custody_event("bail")
    row = AuditEvent.objects.get(verb="custody.bail")
    assert (row.victim_id, row.is_grave) == (victim.pk, True)
    assert row.headline == "Darren Pike released on bail, 23 Nov 2026 09:30"


def test_recorded_here_it_needs_no_number_and_joins_the_run_that_it_names():
    darren, _ = couple()
    officer = persona("custody")
    here = {"system": HERE, "person": darren.reference, "person_number": "", "custody_number": ""}
    deliver(message("arrest", happened_at=hours_ago(2), **here), actor=officer)
    episode = CustodyEpisode.objects.get()
    assert (episode.system, episode.custody_number) == ("", "")
    deliver(message("charge", episode=episode.reference, **here), actor=officer)
    assert CustodyEpisode.objects.get().state == "charged"
    deliver(message("arrest", **here), actor=officer)
    assert CustodyEpisode.objects.count() == 2


@pytest.mark.parametrize("who", ["handler", "idva", "investigator", "nobody", "supervisor"])
def test_who_may_not_send(who):
    couple()
    with pytest.raises(PermissionDenied):
        deliver(message("arrest"), actor=persona(who))
    assert not CustodyEvent.objects.exists()


def test_the_custody_system_records_nothing_by_hand():
    with pytest.raises(PermissionDenied):
        deliver(message("arrest", system=HERE), actor=persona("custody_system"))


def test_at_most_so_many_at_once():
    with pytest.raises(ValueError):
        deliver(*[message("arrest")] * (batch.MOST_AT_ONCE + 1))


def test_nothing_is_nothing():
    assert deliver() == []


@pytest.mark.parametrize("kind", ["bail", "arrest", "court-date"])
def test_a_hundred_messages_cost_as_many_statements_as_ten(kind):
    couple()
    later = AT + timedelta(days=90)
    spent = []
    for batch_size in (2, 10, 100):
        sent = [
            message(
                kind, custody_number=f"C/{batch_size}/{one}", hearing_at=later, release_at=later
            )
            for one in range(batch_size)
        ]
        with CaptureQueriesContext(connection) as statements:
            deliver(*sent)
        spent.append(len(statements))
    # The first of its kind opens what the later ones join.
    assert spent[2] <= spent[1]


# --- Matching -----------------------------------------------------------------------------------


def test_candidates_are_people_of_that_name():
    darren, _ = couple()
    OutsideIdentity.objects.all().delete()
    event = custody_event("bail", date_of_birth="1987-09-02")
    (first, *_) = candidates(event, at=AT)
    assert first.person_id == darren.pk
    assert "same name" in " ".join(first.reasons).lower()


def test_confirmed_everything_that_waited_is_applied():
    darren, _ = couple()
    OutsideIdentity.objects.all().delete()
    arrest = custody_event("arrest", happened_at=hours_ago(4))
    bail = custody_event("bail", happened_at=hours_ago(2))
    by_run = custody_event("bail-change", happened_at=hours_ago(1), person_number="")
    other = custody_event("arrest", person_number="N/1/1", custody_number="C/1")
    applied = confirm(event_id=bail.pk, person_id=darren.pk, actor=persona("custody"), at=AT)
    assert {one.pk for one in applied} == {arrest.pk, bail.pk, by_run.pk}
    assert OutsideIdentity.objects.get().person == darren
    episode = CustodyEpisode.objects.get()
    assert (episode.state, episode.began_at) == ("on_bail", hours_ago(4))
    other.refresh_from_db()
    bail.refresh_from_db()
    assert other.state == "unmatched"
    assert (bail.state, bail.matched_by, bail.is_late) == ("applied", persona("custody"), True)
    assert AuditEvent.objects.filter(verb="custody.matched").count() == 1
    # The next one is known by its number.
    assert custody_event("release").state == "applied"


def test_confirmed_twice_it_changes_nothing_and_otherwise_it_is_refused():
    darren, _ = couple()
    OutsideIdentity.objects.all().delete()
    event, custody = custody_event("bail"), persona("custody")
    other = person("Karl", "Voss", None)
    confirm(event_id=event.pk, person_id=darren.pk, actor=custody, at=AT)
    before = _everything()
    assert confirm(event_id=event.pk, person_id=darren.pk, actor=custody, at=AT) == []
    with pytest.raises(AlreadyTaken):
        confirm(event_id=event.pk, person_id=other.pk, actor=custody, at=AT)
    with pytest.raises(AlreadyTaken):
        set_aside(event_id=event.pk, words="Nobody of ours", actor=custody, at=AT)
    assert _everything() == before


def test_a_custody_record_of_somebody_else_is_not_given_away():
    couple()
    custody_event("arrest", happened_at=hours_ago(3))
    other = person("Karl", "Voss", None)
    known_as(other, "N/55/5")
    event = custody_event("charge", person_number="N/55/5")
    with pytest.raises(DomainError) as refused:
        confirm(event_id=event.pk, person_id=other.pk, actor=persona("custody"), at=AT)
    assert refused.value.field == "person"
    event.refresh_from_db()
    assert event.state == "unmatched"


def test_nobody_who_is_on_record():
    couple()
    event = custody_event("bail", person_number="N/1/1", custody_number="C/1")
    with pytest.raises(InvalidInput):
        confirm(event_id=event.pk, person_id=0, actor=persona("custody"), at=AT)


def test_nobody_of_ours_needs_words_and_stays_on_record():
    event = custody_event("bail")
    with pytest.raises(InvalidInput):
        set_aside(event_id=event.pk, words=" ", actor=persona("custody"), at=AT)
    row = set_aside(
        event_id=event.pk, words="A matter of another force", actor=persona("custody"), at=AT
    )
    assert (row.state, row.matched_because) == ("not_ours", "A matter of another force")
    assert AuditEvent.objects.filter(verb="custody.set_aside").count() == 1


@pytest.mark.parametrize("who", ["handler", "custody_system", "idva", "officer"])
def test_who_may_not_match(who):
    darren, _ = couple()
    event = custody_event("bail", person_number="N/1/1", custody_number="C/1")
    with pytest.raises(PermissionDenied):
        confirm(event_id=event.pk, person_id=darren.pk, actor=persona(who), at=AT)
    with pytest.raises(PermissionDenied):
        set_aside(event_id=event.pk, words="x", actor=persona(who), at=AT)


# --- Two connections ----------------------------------------------------------------------------


def _at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run them on connections of their own, let go together; what each gave or raised."""
    gate = threading.Barrier(len(jobs))
    given: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            given[place] = job()
        except Exception as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return given


@committed
def test_the_same_message_on_two_connections_is_applied_once():
    couple()
    sent, actor = message("bail"), persona("custody_system")
    given = _at_once(*[lambda: receive(messages=[sent], actor=actor, at=AT)] * 2)
    assert sorted(statuses([one for (one,) in given])) == ["applied", "repeated"]
    assert (CustodyEvent.objects.count(), CustodyEpisode.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(verb="custody.bail").count() == 1


@committed
def test_the_same_unknown_message_on_two_connections_is_kept_once():
    sent, actor = message("bail"), persona("custody_system")
    given = _at_once(*[lambda: receive(messages=[sent], actor=actor, at=AT)] * 2)
    assert sorted(statuses([one for (one,) in given])) == ["repeated", "unmatched"]
    assert CustodyEvent.objects.count() == 1


@committed
def test_two_messages_of_one_run_on_two_connections_add_up():
    couple()
    actor = persona("custody_system")
    sent = [message("arrest", happened_at=hours_ago(3)), message("bail", conditions=KEPT_AWAY)]
    given = _at_once(*[lambda one=one: receive(messages=[one], actor=actor, at=AT) for one in sent])
    assert statuses([one for (one,) in given]) == ["applied", "applied"]
    episode = CustodyEpisode.objects.get()
    assert (episode.state, episode.began_at) == ("on_bail", hours_ago(3))
    assert episode.bail_conditions == KEPT_AWAY


def _everything():
    return (
        list(CustodyEvent.objects.order_by("pk").values()),
        list(CustodyEpisode.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )

"""Protection notices: asked for, authorised by a superintendent, served, heard by a court."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEvent
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from perpetrators.deadlines.orders import unheard
from perpetrators.models import Order, ProtectionNotice
from perpetrators.services import orders
from perpetrators.services.orders import Condition, Hearing
from risk.models import Reassessment
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.orders import (
    HOUR,
    MINUTE,
    asked,
    authorised,
    parties,
    second_superintendent,
    served,
)
from tests.marks import committed
from tests.personas import person
from victims.models import VictimUpdate

People = Callable[[str], User]
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
db = pytest.mark.django_db


def decide(notice: ProtectionNotice, at: datetime, **changes: Any) -> ProtectionNotice:
    said = {"authorise": True, "words": "Proportionate.", "actor": person("superintendent")}
    return orders.decide_notice(notice_id=notice.pk, at=at, **{**said, **changes})


def heard(notice: ProtectionNotice, at: datetime, **changes: Any) -> ProtectionNotice:
    said = {
        "outcome": "order_made",
        "heard_at": at,
        "court": "Fenwick Magistrates",
        "words": "Made after hearing both.",
        "until": at.astimezone(LONDON).date() + 28 * DAY,
        **changes,
    }
    version = said.pop("version", notice.version)
    actor = said.pop("actor", person("officer"))
    return orders.record_hearing(
        notice_id=notice.pk, hearing=Hearing(**said), version=version, actor=actor, at=at
    )


# --- Asking ---------------------------------------------------------------------------------------


@db
def test_asking_tells_the_superintendents(at: datetime, people: People) -> None:
    boss = people("superintendent")
    notice = asked(at)
    assert notice.reference.startswith("PN-2026-")
    assert (notice.state, notice.asked_by) == ("asked", people("officer"))
    assert notice.conditions[0]["kind"] == "no_contact"
    told = Notification.objects.get(user=boss)
    assert notice.reference in told.headline
    assert told.path == f"/notices/{notice.reference}/"
    assert AuditEvent.objects.filter(verb="notice.asked", victim_id=notice.victim_id).count() == 1


@db
def test_asked_twice_in_the_same_words_is_asked_once(at: datetime, people: People) -> None:
    row = incident(at=at)
    assert asked(at, of=row) == asked(at, of=row)
    with pytest.raises(AlreadyTaken, match="Hale asked for one already"):
        asked(at, of=row, actor=people("investigator"))
    assert ProtectionNotice.objects.count() == 1


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grounds": " "}, "grounds"),
        ({"victims_view": ""}, "victims_view"),
        ({"conditions": ()}, "conditions"),
        ({"conditions": (Condition("no_contact", " "),)}, "conditions"),
        ({"conditions": (Condition("exile", "Away"),)}, "conditions"),
    ],
)
def test_what_a_superintendent_must_know_is_asked_for(
    at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(at, **changes)
    assert refused.value.field == field


@db
def test_only_somebody_complained_of_in_this_incident(at: datetime) -> None:
    row = incident(at=at)
    victim, _ = parties(row)
    with pytest.raises(InvalidInput) as refused:
        asked(at, of=row, person_id=victim.person_id)
    assert refused.value.field == "person"


@db
@pytest.mark.parametrize(
    ("born", "is_refused"), [(date(2008, 11, 24), True), (date(2008, 11, 23), False)]
)
def test_eighteen_on_the_day(at: datetime, born: date, is_refused: bool) -> None:
    young = {**DARREN, "date_of_birth": born}
    row = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("perpetrator", **young)))
    if not is_refused:
        assert asked(at, of=row).state == "asked"
        return
    with pytest.raises(DomainError, match="is 17"):
        asked(at, of=row)


@db
def test_without_a_birth_date_it_is_said_how_the_age_is_known(at: datetime, people: People) -> None:
    unknown = {**DARREN, "date_of_birth": None}
    row = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("perpetrator", **unknown)))
    with pytest.raises(InvalidInput) as refused:
        asked(at, of=row)
    assert refused.value.field == "age_words"
    notice = asked(at, of=row, age_words="She says he is about forty.")
    assert "She says he is about forty." in notice.grounds
    assert decide(notice, at).state == "authorised"


@db
def test_a_birth_date_found_afterwards_counts(at: datetime) -> None:
    unknown = {**DARREN, "date_of_birth": None}
    row = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("perpetrator", **unknown)))
    notice = asked(at, of=row, age_words="She says he is about twenty.")
    type(notice.person).objects.filter(pk=notice.person_id).update(date_of_birth=date(2009, 6, 1))
    with pytest.raises(DomainError, match="is 17"):
        decide(notice, at)
    assert decide(notice, at, authorise=False).state == "refused"


@db
@pytest.mark.parametrize("who", ["handler", "worker", "superintendent", "custody", "nobody"])
def test_nobody_else_asks(at: datetime, people: People, who: str) -> None:
    with pytest.raises(PermissionDenied):
        asked(at, actor=people(who))


# --- Deciding -------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(("yes", "state"), [(True, "authorised"), (False, "refused")])
def test_a_superintendent_decides_with_words(
    at: datetime, people: People, yes: bool, state: str
) -> None:
    notice = asked(at)
    with pytest.raises(InvalidInput):
        decide(notice, at, words=" ")
    decided = decide(notice, at, authorise=yes)
    assert (decided.state, decided.decided_by) == (state, people("superintendent"))
    told = Notification.objects.get(user=people("officer"))
    assert notice.reference in told.headline
    assert decide(notice, at + MINUTE, authorise=yes).version == decided.version
    with pytest.raises(AlreadyTaken, match="Kerr"):
        decide(notice, at, authorise=not yes, actor=second_superintendent())


@db
@pytest.mark.parametrize("who", ["officer", "supervisor", "investigator", "inspector", "head"])
def test_nobody_else_decides(at: datetime, people: People, who: str) -> None:
    notice = asked(at)
    with pytest.raises(PermissionDenied):
        decide(notice, at, actor=people(who))


@db
def test_never_who_asked(at: datetime, people: People) -> None:
    boss = people("superintendent")
    boss.groups.add(Group.objects.get(name=Role.DAISU_INVESTIGATOR))
    notice = asked(at, actor=boss)
    with pytest.raises(PermissionDenied, match="Another superintendent"):
        decide(notice, at, actor=boss)
    assert decide(notice, at, actor=second_superintendent()).state == "authorised"


@db
def test_withdrawn_before_service_alone(at: datetime, people: People) -> None:
    notice, officer = asked(at), people("officer")
    gone = orders.withdraw_notice(notice_id=notice.pk, words="She left.", actor=officer, at=at)
    assert gone.state == "withdrawn"
    with pytest.raises(DomainError, match="withdrawn"):
        decide(notice, at)
    other = served(at, of=notice.incident)
    with pytest.raises(DomainError, match="not served"):
        orders.withdraw_notice(notice_id=other.pk, words="She left.", actor=officer, at=at)


# --- Service, and the court's clock ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "due"),
    [
        # Monday, no holiday near.
        (datetime(2026, 11, 23, 10, tzinfo=LONDON), datetime(2026, 11, 25, 10, tzinfo=LONDON)),
        # Friday: Saturday counts, Sunday does not.
        (datetime(2026, 11, 27, 9, tzinfo=LONDON), datetime(2026, 11, 30, 9, tzinfo=LONDON)),
        # The late August bank holiday: neither its Sunday nor its Monday counts.
        (datetime(2026, 8, 28, 18, tzinfo=LONDON), datetime(2026, 9, 1, 18, tzinfo=LONDON)),
        # On the Sunday before it: nothing runs until Tuesday begins.
        (datetime(2026, 8, 30, 2, tzinfo=LONDON), datetime(2026, 9, 3, 0, tzinfo=LONDON)),
        # Good Friday to Easter Monday: only the Saturday counts.
        (datetime(2026, 4, 2, 20, tzinfo=LONDON), datetime(2026, 4, 7, 20, tzinfo=LONDON)),
        # Christmas Day and the substitute for Boxing Day.
        (datetime(2026, 12, 24, 18, tzinfo=LONDON), datetime(2026, 12, 29, 18, tzinfo=LONDON)),
        # The clocks go forward and back on Sundays, which do not count at all.
        (datetime(2026, 3, 28, 12, tzinfo=LONDON), datetime(2026, 3, 31, 12, tzinfo=LONDON)),
        (datetime(2026, 10, 24, 12, tzinfo=LONDON), datetime(2026, 10, 27, 12, tzinfo=LONDON)),
    ],
)
@db
def test_a_court_within_48_counted_hours(people: People, service: datetime, due: datetime) -> None:
    notice = served(service)
    clock = Deadline.objects.get(kind="notice_to_court")
    assert clock.due_at == due
    assert clock.started_at == service
    assert (clock.owner, clock.subject_reference) == (people("officer"), notice.reference)
    assert "section 29" in clock.basis
    assert "not counting Sundays and bank holidays" in clock.basis
    assert unheard([notice.pk]) == {notice.pk}


@db
def test_the_force_sets_the_hours(at: datetime, people: People) -> None:
    changes = {"notice_court_hours": 24}
    policy.change(
        actor=people("head"), changes=changes, effective_from=at, reason="Local court", at=at
    )
    served(at + HOUR)
    assert Deadline.objects.get(kind="notice_to_court").due_at == at + HOUR + DAY


@db
def test_service_is_recorded_once_and_the_victim_is_told(at: datetime, people: People) -> None:
    notice = authorised(at)
    officer = people("officer")
    for instant, words in ((at + DAY, "future"), (at - HOUR, "before it was authorised")):
        with pytest.raises(InvalidInput, match=words):
            orders.serve_notice(notice_id=notice.pk, served_at=instant, actor=officer, at=at)
    for _ in range(2):
        orders.serve_notice(notice_id=notice.pk, served_at=at + MINUTE, actor=officer, at=at + HOUR)
    notice.refresh_from_db()
    assert (notice.state, notice.served_by) == ("served", officer)
    assert Deadline.objects.get(kind="notice_to_court").started_at == at + MINUTE
    told = VictimUpdate.objects.get(victim=notice.victim)
    assert (told.about, told.happened_at) == ("order", at + MINUTE)
    assert "Darren Pike" in told.words


@db
def test_only_an_authorised_one_is_served(at: datetime, people: People) -> None:
    notice = asked(at)
    with pytest.raises(DomainError, match="Only an authorised notice"):
        orders.serve_notice(notice_id=notice.pk, served_at=at, actor=people("officer"), at=at)


# --- The hearing ----------------------------------------------------------------------------------


@db
def test_the_hearing_is_listed_and_moved(at: datetime, people: People) -> None:
    notice, officer = served(at), people("officer")

    def listed(**changes: Any) -> ProtectionNotice:
        said = {"hearing_at": at + DAY, "court": "Fenwick Magistrates", "version": notice.version}
        said.update(changes)
        return orders.set_hearing(notice_id=notice.pk, actor=officer, at=at, **said)

    with pytest.raises(InvalidInput, match="before it was served"):
        listed(hearing_at=at - HOUR)
    first = listed()
    assert (first.hearing_at, first.court) == (at + DAY, "Fenwick Magistrates")
    assert listed().version == first.version
    with pytest.raises(Stale) as stale:
        listed(hearing_at=at + 2 * DAY)
    assert stale.value.theirs["hearing_at"] != stale.value.yours["hearing_at"]
    assert listed(hearing_at=at + 2 * DAY, version=first.version).hearing_at == at + 2 * DAY
    assert Deadline.objects.get(kind="notice_to_court").state == "running"


@db
def test_an_order_is_made(at: datetime) -> None:
    notice = served(at)
    heard(notice, at + DAY)
    order = Order.objects.get()
    assert (order.kind, order.notice, order.until) == ("protection", notice, date(2026, 12, 22))
    assert order.conditions == notice.conditions
    assert ProtectionNotice.objects.get().state == "order_made"
    assert Deadline.objects.get(kind="notice_to_court").state == "met"
    reason = Reassessment.objects.get(victim=notice.victim).reasons.get()
    assert reason.trigger == "order_made"
    assert reason.happened_at == at + DAY
    told = VictimUpdate.objects.filter(victim=notice.victim, about="order")
    assert told.filter(source_type="perpetrators.order", source_id=order.pk).count() == 1
    heard(notice, at + DAY)
    assert Order.objects.count() == 1


@db
@pytest.mark.parametrize(("days", "is_refused"), [(13, True), (14, False), (28, False), (29, True)])
def test_a_protection_order_lasts_14_to_28_days(at: datetime, days: int, is_refused: bool) -> None:
    notice = served(at)
    until = date(2026, 11, 24) + days * DAY
    if not is_refused:
        assert heard(notice, at + DAY, until=until).state == "order_made"
        return
    with pytest.raises(InvalidInput) as refused:
        heard(notice, at + DAY, until=until)
    assert refused.value.field == "until"
    assert "8 Dec 2026 to 22 Dec 2026" in refused.value.message
    notice.refresh_from_db()
    assert notice.state == "served"
    assert Deadline.objects.get(kind="notice_to_court").state == "running"


@db
def test_no_order_is_made(at: datetime) -> None:
    notice = served(at)
    with pytest.raises(InvalidInput):
        heard(notice, at + DAY, outcome="order_refused", words="")
    heard(notice, at + DAY, outcome="order_refused")
    assert not Order.objects.exists()
    assert ProtectionNotice.objects.get().state == "order_refused"
    assert Deadline.objects.get(kind="notice_to_court").state == "met"
    newest = VictimUpdate.objects.filter(victim=notice.victim).latest("happened_at")
    assert "made no order" in newest.words


@db
def test_what_counts_is_when_it_was_heard(at: datetime) -> None:
    """Recorded a day after the court's time was over, and still in time."""
    notice = served(at)
    heard(notice, at + 3 * DAY, heard_at=at + DAY, until=date(2026, 12, 10))
    assert Deadline.objects.get(kind="notice_to_court").state == "met"


@db
def test_put_off_it_stays_in_force(at: datetime) -> None:
    notice = served(at)
    with pytest.raises(InvalidInput):
        heard(notice, at + DAY, outcome="adjourned")
    off = heard(notice, at + DAY, outcome="adjourned", next_at=at + 7 * DAY)
    assert (off.state, off.hearing_at) == ("served", at + 7 * DAY)
    assert Deadline.objects.get(kind="notice_to_court").state == "met"
    assert unheard([notice.pk]) == set()
    made = heard(off, at + 7 * DAY)
    assert made.state == "order_made"


@db
def test_it_lapses_only_when_the_courts_time_is_over(at: datetime, people: People) -> None:
    notice, officer = served(at), people("officer")

    def lapsed(when: datetime) -> ProtectionNotice:
        return orders.lapse_notice(
            notice_id=notice.pk, words="No court sat.", actor=officer, at=when
        )

    with pytest.raises(DomainError, match="25 Nov 2026, 10:00"):
        lapsed(at + 2 * DAY - MINUTE)
    assert lapsed(at + 2 * DAY).state == "lapsed"
    assert Deadline.objects.get(kind="notice_to_court").state == "cancelled"
    with pytest.raises(DomainError, match="lapsed"):
        heard(notice, at + 3 * DAY)


# --- Two at once ----------------------------------------------------------------------------------


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Each step on a thread and connection of its own, together; what each gave or raised."""
    gate = threading.Barrier(len(steps))

    def run(step: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return step()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@committed
def test_two_superintendents_at_once() -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    notice = asked(at)
    first, second = person("superintendent"), second_superintendent()
    found = at_once(
        lambda: decide(notice, at, actor=first),
        lambda: decide(notice, at, actor=second, authorise=False),
    )
    assert sorted(type(one).__name__ for one in found) == ["AlreadyTaken", "ProtectionNotice"]
    assert AuditEvent.objects.filter(verb__in=["notice.authorised", "notice.refused"]).count() == 1


@committed
def test_two_who_ask_at_once() -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    row = incident(at=at)
    actors = [person("officer"), person("investigator")]
    found = at_once(*(lambda who=who: asked(at, of=row, actor=who) for who in actors))
    assert sorted(type(one).__name__ for one in found) == ["AlreadyTaken", "ProtectionNotice"]
    assert ProtectionNotice.objects.count() == 1

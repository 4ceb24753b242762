"""Records opened in an emergency: by whom, for how long, who is told, and what they say of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Absence, User
from audit.models import AuditEvent
from core import clock
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import PEOPLE, person
from victims import register, services
from victims.models import Victim, VictimAccess
from victims.services.glass import NOT_OPENED, find_for_emergency

with_database = pytest.mark.django_db

WHY = "She is at the hospital and her own adviser cannot be reached"


def fresh(username: str) -> User:
    return User.objects.get(pk=person(username).pk)


def opened(row: Victim, at: datetime, by: str = "idva_b") -> VictimAccess:
    return services.break_glass(victim_id=row.pk, reason=WHY, actor=fresh(by), at=at)


def sees(who: str, row: Victim) -> bool:
    return Victim.objects.visible_to(fresh(who)).filter(pk=row.pk).exists()


@with_database
def test_it_opens_for_four_hours_and_whoever_leads_is_told_at_once() -> None:
    at, row = clock.now(), make.victim()
    person("idva_manager")
    use = opened(row, at)
    assert use.until_at == at + timedelta(hours=4)
    assert sees("idva_b", row)
    assert use.told == person("idva_manager")
    told = Notification.objects.visible_to(fresh("idva_manager")).get()
    assert "in an emergency" in told.headline and row.reference not in told.headline
    due = Deadline.objects.get(kind="broken_glass")
    assert (due.owner, due.due_at) == (person("idva_manager"), at + timedelta(hours=24))
    said = AuditEvent.objects.get(verb="access.given")
    assert said.is_grave and said.detail["reason"] == WHY


@with_database
def test_it_ends_by_itself_and_the_end_is_written_down() -> None:
    row, at = make.victim(), clock.now() - timedelta(hours=5)
    use = opened(row, at)
    assert not sees("idva_b", row)
    assert services.end_what_ran_out(actor=person("idva_b"), at=clock.now()) == 1
    use.refresh_from_db()
    assert use.ended_at is not None
    again = opened(row, clock.now())
    assert again.pk != use.pk and sees("idva_b", row)


@with_database
def test_a_use_that_ran_out_and_was_not_swept_is_a_new_use() -> None:
    row = make.victim()
    first = opened(row, clock.now() - timedelta(hours=5))
    second = opened(row, clock.now())
    first.refresh_from_db()
    assert first.ended_at is not None and second.pk != first.pk and sees("idva_b", row)


@with_database
def test_it_is_given_back_by_whoever_opened_it() -> None:
    at, row = clock.now(), make.victim()
    use = opened(row, at)
    with pytest.raises(PermissionDenied):
        services.close_glass(access_id=use.pk, actor=person("idva_manager"), at=at)
    services.close_glass(access_id=use.pk, actor=person("idva_b"), at=at)
    assert not sees("idva_b", row)


@with_database
@pytest.mark.parametrize("right", [True, False])
def test_whoever_leads_says_whether_it_was_right(right: bool) -> None:
    at, row = clock.now(), make.victim()
    person("idva_manager")
    use = opened(row, at)
    with pytest.raises(PermissionDenied):
        services.look_at_broken_glass(
            access_id=use.pk, is_right=True, words="Mine", actor=fresh("idva_b"), at=at
        )
    manager = fresh("idva_manager")
    with pytest.raises(InvalidInput):
        services.look_at_broken_glass(
            access_id=use.pk, is_right=right, words=" ", actor=manager, at=at
        )
    services.look_at_broken_glass(
        access_id=use.pk, is_right=right, words="I rang the ward.", actor=manager, at=at
    )
    assert sees("idva_b", row) == right
    assert Deadline.objects.get(kind="broken_glass").state == "met"
    with pytest.raises(DomainError, match="already"):
        services.look_at_broken_glass(
            access_id=use.pk, is_right=right, words="Again", actor=fresh("head"), at=at
        )


@with_database
def test_a_manager_who_opens_one_is_looked_at_by_the_head() -> None:
    row = make.victim()
    head = person("head")
    use = opened(row, clock.now(), by="idva_manager")
    assert use.told == head
    with pytest.raises(PermissionDenied):
        services.look_at_broken_glass(
            access_id=use.pk,
            is_right=True,
            words="Mine",
            actor=fresh("idva_manager"),
            at=clock.now(),
        )


@with_database
def test_only_those_whose_role_allows_it_and_with_a_reason() -> None:
    at, row = clock.now(), make.victim()
    for who in set(PEOPLE) - {"idva", "idva_b", "idva_manager"}:
        with pytest.raises(PermissionDenied):
            opened(row, at, by=who)
    with pytest.raises(InvalidInput):
        services.break_glass(victim_id=row.pk, reason="  ", actor=person("idva"), at=at)
    assert not VictimAccess.objects.exists()


@with_database
@pytest.mark.parametrize("why", ["x", "urgent", "Urgent urgent URGENT urgent!", ". . . 1 2 3 4 5"])
def test_a_word_is_no_reason(why: str) -> None:
    """Whoever leads them could not judge it; by the search as by the key."""
    at, row = clock.now(), make.victim()
    with pytest.raises(InvalidInput) as refused:
        services.break_glass(victim_id=row.pk, reason=why, actor=person("idva"), at=at)
    assert refused.value.field == "reason"
    with pytest.raises(InvalidInput):
        services.open_in_emergency(reason=why, reference=row.reference, actor=person("idva"), at=at)
    assert not VictimAccess.objects.exists()


@with_database
def test_it_opens_for_whoever_opened_it_and_not_for_who_leads_them() -> None:
    """A manager sees the clients of their team; what is open for a time only is one person's."""
    at, row = clock.now(), make.victim()
    person("idva_manager")
    opened(row, at)
    assert sees("idva_b", row) and not sees("idva_manager", row)
    services.give_access(
        victim_id=row.pk, person=person("idva"), why="client", actor=person("manager"), at=at
    )
    assert sees("idva_manager", row)


@with_database
def test_who_stands_in_for_whoever_leads_is_told_and_judges() -> None:
    at, row = clock.now(), make.victim()
    Absence.objects.create(
        person=person("idva_manager"),
        cover=person("idva"),
        from_at=at - timedelta(days=1),
        until_at=at + timedelta(days=1),
        recorded_by=person("idva_manager"),
        recorded_at=at,
    )
    use = opened(row, at)
    told = Notification.objects.filter(reference=use.called).values_list(
        "user__username", flat=True
    )
    assert set(told) == {"idva_manager", "idva"}
    cover = fresh("idva")
    assert register.use_called(use.called, cover) == use
    services.look_at_broken_glass(
        access_id=use.pk, is_right=False, words="Nobody rang me.", actor=cover, at=at
    )
    assert not sees("idva_b", row)
    other = opened(row, at, by="idva")
    with pytest.raises(PermissionDenied):
        services.look_at_broken_glass(
            access_id=other.pk, is_right=True, words="My own", actor=cover, at=at
        )


@with_database
def test_withheld_is_as_if_there_were_none() -> None:
    at, row = clock.now(), make.victim(date_of_birth=date(1991, 3, 14))
    services.withhold(
        victim_id=row.pk,
        person_id=person("idva_b").pk,
        reason="His sister",
        actor=person("manager"),
        at=at,
    )
    name = {"given_name": row.person.given_name, "family_name": row.person.family_name}
    with pytest.raises(DomainError, match=NOT_OPENED):
        opened(row, at)
    for said in (
        {"reference": row.reference},
        {"reference": "V-2026-999999"},
        {**name, "born": date(1991, 3, 14)},
        {**name, "born": date(1991, 3, 15)},
    ):
        with pytest.raises(DomainError, match=NOT_OPENED):
            find_for_emergency(**said, actor=fresh("idva_b"))  # type: ignore[arg-type]
    other = fresh("idva")
    assert find_for_emergency(reference=row.reference, actor=other) == row.pk
    assert find_for_emergency(**name, born=date(1991, 3, 14), actor=other) == row.pk
    with pytest.raises(InvalidInput):
        find_for_emergency(**name, actor=other)


@committed
def test_a_double_press_is_one_use() -> None:
    at, row = clock.now(), make.victim()
    person("idva_manager")
    actor = person("idva_b")

    def press(_: int) -> int:
        try:
            return services.break_glass(victim_id=row.pk, reason=WHY, actor=actor, at=at).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(press, range(2)))) == 1
    assert Notification.objects.count() == 1


@committed
def test_from_the_end_of_a_grant_on_nothing_more_is_read() -> None:
    """A request that has asked is answered; whoever asks after the end is committed gets nothing.

    The end waits for nobody who reads, so that no slow reader keeps a withdrawn grant alive.
    """
    at, row = clock.now(), make.victim()
    use = opened(row, at)

    def end(_: int) -> None:
        try:
            services.close_glass(access_id=use.pk, actor=person("idva_b"), at=at)
        finally:
            connection.close()

    reading = Victim.objects.visible_to(fresh("idva_b")).filter(pk=row.pk).iterator(chunk_size=1)
    assert next(reading).pk == row.pk
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(end, [0]))
    assert not sees("idva_b", row)

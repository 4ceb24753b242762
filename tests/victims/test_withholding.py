"""Who must not receive anything about a victim: what is refused, what follows, what is seen."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

import deadlines.services
from accounts.models import User, Withholding
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Notification
from tests.factories import victims as make
from tests.personas import person, team
from victims import services
from victims.models import Duty, Victim, VictimAccess, VictimGrant

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
WHY = "Brother of the man who was arrested"


def fresh(username: str) -> User:
    """The same person as the next request reads them."""
    return User.objects.get(pk=person(username).pk)


def withheld(
    row: Victim, at: datetime, from_: str = "officer_b", by: str = "manager"
) -> Withholding:
    return services.withhold(
        victim_id=row.pk, person_id=person(from_).pk, reason=WHY, actor=fresh(by), at=at
    )


@pytest.mark.parametrize("who", ["officer_b", "handler", "custody", "auditor", "supervisor"])
def test_nothing_is_seen_whatever_the_role(who: str, at: datetime) -> None:
    row = make.victim(at=at)
    assert Victim.objects.visible_to(fresh(who)).filter(pk=row.pk).exists()
    withheld(row, at, who)
    assert not Victim.objects.visible_to(fresh(who)).filter(pk=row.pk).exists()
    assert Victim.objects.visible_to(fresh("worker")).filter(pk=row.pk).exists()


def test_it_ends_in_words_and_what_was_seen_is_seen_again(at: datetime) -> None:
    row = make.victim(at=at)
    entry = withheld(row, at)
    with pytest.raises(InvalidInput):
        services.end_withholding(withholding_id=entry.pk, reason=" ", actor=fresh("manager"), at=at)
    later = at + timedelta(days=3)
    services.end_withholding(
        withholding_id=entry.pk, reason="No kin after all", actor=fresh("manager"), at=later
    )
    assert Victim.objects.visible_to(fresh("officer_b")).filter(pk=row.pk).exists()
    with pytest.raises(DomainError, match="already"):
        services.end_withholding(
            withholding_id=entry.pk, reason="Again", actor=fresh("manager"), at=later
        )


@pytest.mark.parametrize("who", ["officer", "handler", "idva", "idva_manager", "agency", "auditor"])
def test_only_those_who_keep_the_register_may(who: str, at: datetime) -> None:
    row = make.victim(at=at)
    with pytest.raises(PermissionDenied):
        withheld(row, at, by=who)
    assert not Withholding.objects.exists()


def test_whoever_is_on_the_register_does_not_keep_it(at: datetime) -> None:
    row = make.victim(at=at)
    entry = withheld(row, at, "worker")
    with pytest.raises(PermissionDenied):
        services.end_withholding(
            withholding_id=entry.pk, reason="Mine", actor=fresh("worker"), at=at
        )


def test_what_cannot_be_said_is_refused_in_words(at: datetime) -> None:
    row, manager = make.victim(at=at), person("manager")
    police, partner = team("response").agency_id, team("partner").agency_id
    for said in (
        {"reason": WHY},
        {"reason": WHY, "person_id": person("officer").pk, "agency_id": partner},
        {"reason": WHY, "agency_id": police},
        {"reason": WHY, "person_id": manager.pk},
        {"reason": " ", "agency_id": partner},
        {"reason": WHY, "person_id": 10**9},
        {"reason": WHY, "agency_id": 10**9},
    ):
        with pytest.raises(InvalidInput):
            services.withhold(victim_id=row.pk, actor=manager, at=at, **said)  # type: ignore[arg-type]
    assert not Withholding.objects.exists()


def test_saying_it_twice_changes_nothing(at: datetime) -> None:
    row = make.victim(at=at)
    assert withheld(row, at) == withheld(row, at + timedelta(minutes=1), by="head")
    assert Withholding.objects.count() == 1


def test_what_they_had_passes_to_whoever_leads_at_once(at: datetime) -> None:
    row = make.victim(at=at)
    person("supervisor")
    services.set_responsible(
        victim_id=row.pk, person=person("officer"), actor=person("officer"), at=at
    )
    offer = services.hand_over(
        victim_id=row.pk,
        duty="plan",
        to=person("officer_b"),
        words="Court on Friday.",
        actor=person("officer"),
        at=at,
    )
    withheld(row, at)
    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    withheld(row, at, "officer")
    row.refresh_from_db()
    assert {getattr(row, f"{duty.value}_owner") for duty in Duty} == {person("supervisor")}


def test_where_the_leader_is_meant_the_head_has_it_and_never_nobody(at: datetime) -> None:
    row = make.victim(at=at)
    services.set_responsible(
        victim_id=row.pk, person=person("supervisor"), actor=person("supervisor"), at=at
    )
    with pytest.raises(DomainError, match="Nobody would be left"):
        withheld(row, at, "supervisor")
    assert not Withholding.objects.exists()
    person("head")
    withheld(row, at, "supervisor")
    row.refresh_from_db()
    assert row.contact_owner == person("head")


def test_an_agency_means_all_its_people_and_ends_their_access(at: datetime) -> None:
    row = make.victim(at=at)
    services.give_access(
        victim_id=row.pk,
        person=person("idva"),
        why=VictimAccess.Why.GIVEN,
        actor=person("manager"),
        at=at,
    )
    services.withhold(
        victim_id=row.pk,
        agency_id=team("idva").agency_id,
        reason=WHY,
        actor=fresh("manager"),
        at=at,
    )
    assert not VictimGrant.objects.filter(user=person("idva")).exists()
    for who in ("idva", "idva_b", "idva_manager"):
        assert fresh(who).withheld_victims == {row.pk}
    with pytest.raises(DomainError):
        services.give_access(
            victim_id=row.pk,
            person=person("idva_b"),
            why=VictimAccess.Why.GIVEN,
            actor=person("manager"),
            at=at,
        )


def test_nobody_learns_of_it_but_those_who_audit(at: datetime) -> None:
    row = make.victim(at=at)
    withheld(row, at)
    said = AuditEvent.objects.get(verb="victim.withheld")
    assert said.victim_id is None and said.is_grave and said.detail["reason"] == WHY
    assert not AuditEvent.objects.filter(victim_id=row.pk, verb__contains="withh").exists()
    assert not Notification.objects.exists()


def test_messages_do_not_reach_them_and_those_that_did_are_read_no_more(at: datetime) -> None:
    row = make.victim(at=at)

    def tell() -> None:
        deadlines.services.notify(
            users=[person("officer_b"), person("worker")],
            level=Notification.Level.INFORMATION,
            headline="News",
            reference=row.reference,
            path="/",
            victim_id=row.pk,
            at=at,
        )

    tell()
    withheld(row, at)
    tell()
    assert Notification.objects.filter(user=person("officer_b")).count() == 1
    assert not Notification.objects.visible_to(fresh("officer_b")).exists()
    assert Notification.objects.visible_to(fresh("worker")).count() == 2


def test_where_nothing_is_withheld_nothing_is_asked(at: datetime) -> None:
    make.victim(at=at)
    assert Victim.objects.all().seen_by(fresh("officer")) is None
    assert "WHERE" not in str(Victim.objects.visible_to(fresh("officer")).query)

"""Being away: who may arrange it, what is refused at which field, and who is named meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from guardian.shortcuts import assign_perm

from accounts.models import Absence, User, Withholding
from audit.models import AuditEvent
from core import clock
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Notification
from tests.factories import victims
from tests.marks import committed
from tests.personas import person
from victims import services
from victims.duties import named
from victims.models import Duty, Victim, VictimGrant
from victims.services.absences import stamp

People = Callable[[str], User]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

with_database = pytest.mark.django_db


def away(
    who: str = "officer", cover: str = "officer_b", *, at: datetime, by: str = "", **said: Any
) -> Absence:
    """Away from tomorrow for five days, unless it is said otherwise."""
    terms: dict[str, Any] = {
        "from_at": at + DAY,
        "until_at": at + 6 * DAY,
        "reason": "Leave",
    } | said
    return services.arrange_absence(
        person=person(who), cover=person(cover), actor=person(by or who), at=at, **terms
    )


@with_database
def test_arranged_by_oneself_the_other_is_told_and_it_is_kept(at: datetime) -> None:
    row = away(at=at)
    assert (row.person, row.cover) == (person("officer"), person("officer_b"))
    told = Notification.objects.get()
    assert told.user == person("officer_b")
    assert told.headline == ("You stand in for PC 2210 T. Hale 24 Nov, 10:00 to 29 Nov, 10:00")
    event = AuditEvent.objects.get(verb="absence.arranged")
    assert (event.subject, event.detail["cover"]) == ("officer", "officer_b")


@with_database
@pytest.mark.parametrize("leader", ["supervisor", "head"])
def test_arranged_by_who_leads_both_are_told(people: People, at: datetime, leader: str) -> None:
    people("supervisor")
    away(at=at, by=leader)
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {"officer", "officer_b"}


@with_database
@pytest.mark.parametrize("who", ["officer_b", "worker", "manager", "inspector", "auditor"])
def test_nobody_else_says_that_somebody_is_away(people: People, at: datetime, who: str) -> None:
    with pytest.raises(PermissionDenied):
        away(at=at, by=who)
    row = away(at=at)
    with pytest.raises(PermissionDenied):
        services.end_absence(absence_id=row.pk, actor=people(who), at=at)
    assert Absence.objects.count() == 1


@with_database
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"until_at": timedelta(days=1)}, "until_at"),
        ({"from_at": timedelta(days=-9), "until_at": timedelta(0)}, "until_at"),
        ({"until_at": timedelta(days=400)}, "until_at"),
        ({"reason": "x" * 201}, "reason"),
        ({"cover": "officer"}, "cover"),
        ({"cover": "handler"}, "cover"),
        ({"cover": "auditor"}, "cover"),
        ({"cover": "idva"}, "cover"),
    ],
)
def test_what_is_refused_and_where(at: datetime, said: dict[str, Any], field: str) -> None:
    services.set_responsible(
        victim_id=victims.victim(at=at).pk,
        person=person("officer"),
        actor=person("officer"),
        at=at,
    )
    said = {key: at + one if isinstance(one, timedelta) else one for key, one in said.items()}
    with pytest.raises(InvalidInput) as refused:
        away(at=at, **said)
    assert refused.value.field == field
    assert not Absence.objects.exists()


@with_database
def test_nobody_is_away_twice_or_stands_in_while_away(at: datetime) -> None:
    first = away(at=at)
    with pytest.raises(InvalidInput, match="is away, PC 3015") as refused:
        away(at=at, from_at=at + 5 * DAY, until_at=at + 8 * DAY)
    assert refused.value.field == "from_at"
    with pytest.raises(InvalidInput, match="away then themselves") as refused:
        away("worker", "officer", at=at, from_at=at, until_at=at + 2 * DAY)
    assert refused.value.field == "cover"
    with pytest.raises(InvalidInput, match="Say first who else stands in") as refused:
        away("officer_b", "worker", at=at, from_at=at, until_at=at + 2 * DAY)
    assert refused.value.field == "from_at"
    # One ends at the instant at which the next begins.
    away(at=at, from_at=first.until_at, until_at=first.until_at + DAY)


@with_database
def test_who_has_left_stands_in_for_nobody(people: People, at: datetime) -> None:
    User.objects.filter(pk=people("officer_b").pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="no longer works here") as refused:
        away(at=at)
    assert refused.value.field == "cover"


@with_database
def test_while_away_the_other_is_named_and_until_when(people: People, at: datetime) -> None:
    row = victims.victim(at=at)
    officer = people("officer")
    services.set_responsible(victim_id=row.pk, person=officer, actor=officer, at=at)
    row.refresh_from_db()
    away(at=at)
    assert named(row, Duty.RISK, at).person == officer
    meanwhile = named(row, Duty.RISK, at + 2 * DAY)
    assert (meanwhile.person, meanwhile.holder) == (people("officer_b"), officer)
    assert meanwhile.because == "stands in for PC 2210 T. Hale until 29 Nov, 10:00"
    assert named(row, Duty.RISK, at + 6 * DAY).person == officer


@with_database
def test_away_with_nobody_in_their_place_the_leader_is_named(people: People, at: datetime) -> None:
    row = victims.victim(at=at)
    officer, leader = people("officer"), people("supervisor")
    services.set_responsible(victim_id=row.pk, person=officer, actor=officer, at=at)
    row.refresh_from_db()
    away(at=at)
    User.objects.filter(pk=people("officer_b").pk).update(is_active=False)
    who = named(row, Duty.PLAN, at + 2 * DAY)
    assert (who.person, who.holder) == (leader, officer)
    assert who.because == "leads Fenwick response; PC 2210 T. Hale is away"
    away("supervisor", "worker", at=at)
    who = named(row, Duty.PLAN, at + 2 * DAY)
    assert who.person == people("worker")
    assert who.because.startswith("stands in for Sgt 1120 N. Obi until 29 Nov, 10:00, who leads")


@with_database
def test_back_before_the_time_it_ends_then(people: People, at: datetime) -> None:
    row = away(at=at, from_at=at)
    services.end_absence(absence_id=row.pk, actor=people("officer"), at=at + DAY)
    row.refresh_from_db()
    assert row.until_at == row.ended_early_at == at + DAY
    assert AuditEvent.objects.filter(verb="absence.ended").count() == 1
    with pytest.raises(DomainError, match="is over"):
        services.end_absence(absence_id=row.pk, actor=people("officer"), at=at + DAY)


@with_database
def test_what_has_not_begun_is_called_off(people: People, at: datetime) -> None:
    row = away(at=at)
    services.end_absence(absence_id=row.pk, actor=people("officer"), at=at)
    assert not Absence.objects.exists()
    assert AuditEvent.objects.get(verb="absence.called_off").detail["until"]


@with_database
def test_changed_with_everybody_told_and_its_beginning_kept(people: People, at: datetime) -> None:
    row = away(at=at)
    later = at + 2 * DAY
    terms: dict[str, Any] = {
        "from_at": row.from_at,
        "until_at": at + 9 * DAY,
        "actor": people("officer"),
    }
    with pytest.raises(InvalidInput, match="has begun") as refused:
        services.change_absence(
            absence_id=row.pk,
            cover=people("worker"),
            seen=stamp(row),
            at=later,
            **terms | {"from_at": at + 3 * DAY},
        )
    assert refused.value.field == "from_at"
    before = stamp(row)
    services.change_absence(
        absence_id=row.pk, cover=people("worker"), seen=before, at=later, **terms
    )
    row.refresh_from_db()
    assert (row.cover, row.until_at) == (people("worker"), at + 9 * DAY)
    told = Notification.objects.filter(headline__startswith="You no longer stand in")
    assert [one.user for one in told] == [people("officer_b")]
    with pytest.raises(Stale) as stale:
        services.change_absence(
            absence_id=row.pk, cover=people("officer_b"), seen=before, at=later, **terms
        )
    assert stale.value.theirs["stands_in"] == "M. Castellanos"


@with_database
def test_who_stands_in_sees_everybody_concerned(people: People, at: datetime) -> None:
    """What an adviser was granted is seen by whoever works in their place, unless withheld."""
    row = victims.victim(at=at)
    assign_perm("victims.view_victim", people("idva"), row)
    services.set_responsible(
        victim_id=row.pk, person=people("idva"), actor=people("idva"), duties=["plan"], at=at
    )
    kept = Withholding.objects.create(
        victim=row, person=people("idva_b"), reason="Her cousin", set_by=people("worker"), set_at=at
    )
    with pytest.raises(InvalidInput, match="may not see every victim") as refused:
        away("idva", "idva_b", at=at)
    assert refused.value.field == "cover"
    kept.delete()
    person_b = User.objects.get(username="idva_b")
    services.arrange_absence(
        person=people("idva"),
        cover=person_b,
        from_at=clock.now() + HOUR,
        until_at=clock.now() + 2 * HOUR,
        actor=people("idva"),
        at=clock.now(),
    )
    assert not Victim.objects.visible_to(User.objects.get(username="idva_b")).exists()
    Absence.objects.update(from_at=clock.now() - HOUR)
    assert Victim.objects.visible_to(User.objects.get(username="idva_b")).get() == row
    VictimGrant.objects.update(until_at=clock.now() + HOUR)
    assert Victim.objects.visible_to(people("idva")).get() == row
    assert not Victim.objects.visible_to(User.objects.get(username="idva_b")).exists(), (
        "what is seen for a time only is seen by that person alone"
    )
    VictimGrant.objects.update(until_at=None)
    Absence.objects.update(until_at=clock.now() - timedelta(minutes=1))
    assert not Victim.objects.visible_to(User.objects.get(username="idva_b")).exists()


@committed
def test_two_who_name_each_other_at_once(people: People, at: datetime) -> None:
    """Either may go, but not both: whoever comes second is refused."""
    people("officer"), people("officer_b")

    def go(who: str, cover: str) -> str:
        try:
            away(who, cover, at=at)
        except InvalidInput:
            return "refused"
        finally:
            connection.close()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(go, ["officer", "officer_b"], ["officer_b", "officer"])
        assert sorted(answers) == ["gone", "refused"]
    assert Absence.objects.count() == 1

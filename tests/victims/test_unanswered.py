"""What must be passed on: found set-based, told by command, health page and by night."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Absence, Team, User
from deadlines.models import Notification
from tests.factories import victims
from tests.personas import person
from victims import services, unanswered
from victims.models import Duty, Victim
from victims.services.warning import warn_of_unanswered

People = Callable[[str], User]
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(at: datetime, people: People) -> Victim:
    """An open victim of the officer, whose team has a leader."""
    people("supervisor"), people("head")
    found = victims.victim(at=at)
    officer = people("officer")
    services.set_responsible(victim_id=found.pk, person=officer, actor=officer, at=at)
    return found


def leave(*usernames: str) -> None:
    User.objects.filter(username__in=usernames).update(is_active=False)


def away(who: str, cover: str, at: datetime) -> None:
    Absence.objects.create(
        person=person(who),
        cover=person(cover),
        from_at=at,
        until_at=at + 9 * HOUR,
        recorded_by=person(who),
        recorded_at=at,
    )


def check(at: datetime) -> str:
    """What the command prints; CommandError is its exit code 1."""
    out = StringIO()
    call_command("check_responsibility", at=at.isoformat(), stdout=out)
    return out.getvalue()


def test_all_is_well(row: Victim, at: datetime) -> None:
    assert unanswered.found(at) == []
    assert "has somebody who is here" in check(at)


def test_who_has_left(row: Victim, at: datetime) -> None:
    leave("officer")
    found = unanswered.found(at)
    assert {one.duty for one in found} == set(Duty)
    assert {(one.reference, one.why) for one in found} == {
        (row.reference, "PC 2210 T. Hale has left")
    }
    with pytest.raises(CommandError, match="3 duties of open victims must be passed on"):
        check(at)
    assert unanswered.tally(at) == unanswered.Tally(3, 0)


def test_who_is_away_counts_only_while_nobody_stands_in(row: Victim, at: datetime) -> None:
    away("officer", "officer_b", at)
    assert unanswered.found(at) == []
    leave("officer_b")
    assert {one.why for one in unanswered.found(at)} == {
        "PC 2210 T. Hale is away and nobody stands in"
    }
    assert unanswered.found(at + 9 * HOUR) == []


def test_what_only_a_team_has_needs_its_leader(row: Victim, at: datetime) -> None:
    services.set_responsible(
        victim_id=row.pk, person=None, duties=["risk"], actor=person("officer"), at=at
    )
    assert unanswered.found(at) == []
    Team.objects.filter(name="Fenwick response").update(supervisor=None)
    [one] = unanswered.found(at)
    assert (one.duty, one.team) == (Duty.RISK, "Fenwick response")
    assert one.why == "nobody has it, and the team has no leader who is here"


def test_a_closed_case_is_nobodys_worry(row: Victim, at: datetime) -> None:
    services.close_case(victim_id=row.pk, reason="Done.", actor=person("head"), at=at)
    leave("officer")
    assert unanswered.found(at) == []


def test_nobody_at_all_fails_the_health_page(row: Victim, at: datetime, client: Client) -> None:
    leave("officer")
    part = json.loads(client.get("/health/").content)["responsibility"]
    assert part == {"status": "ok", "to_pass_on": 3, "with_nobody": 0}
    leave("supervisor", "head")
    answer = client.get("/health/")
    part = json.loads(answer.content)["responsibility"]
    assert part == {"status": "failing", "to_pass_on": 3, "with_nobody": 3}
    assert answer.status_code == 503
    with pytest.raises(CommandError, match="nobody at all"):
        check(at)


def test_the_leader_is_told_once_a_night(row: Victim, at: datetime) -> None:
    assert warn_of_unanswered(at=at) == 0
    leave("officer")
    assert warn_of_unanswered(at=at) == warn_of_unanswered(at=at + HOUR) == 1
    told = Notification.objects.get()
    assert (told.user, told.path) == (person("supervisor"), "/people-here/")
    assert told.headline == (
        "Fenwick response: 1 victim has a duty whose person is not here. Pass them on."
    )
    warn_of_unanswered(at=at + 24 * HOUR)
    assert Notification.objects.count() == 2


def test_without_a_leader_the_head_is_told(row: Victim, at: datetime) -> None:
    leave("officer", "supervisor")
    warn_of_unanswered(at=at)
    assert Notification.objects.get().user == person("head")


def test_a_leader_who_is_away_with_nobody_in_their_place_is_not_the_one_to_tell(
    row: Victim, at: datetime, people: People
) -> None:
    people("worker")
    leave("officer")
    away("supervisor", "worker", at)
    warn_of_unanswered(at=at)
    told = Notification.objects.values_list("user__username", flat=True)
    assert sorted(told) == ["supervisor", "worker"]
    Notification.objects.all().delete()
    leave("worker")
    warn_of_unanswered(at=at)
    assert Notification.objects.get().user == person("head")


@pytest.mark.parametrize("duty", list(Duty))
def test_the_database_refuses_a_victim_without_a_team(row: Victim, duty: Duty) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Victim.objects.filter(pk=row.pk).update(**{f"{duty.value}_team": None})


def test_it_is_one_statement_however_many_there_are(
    row: Victim, at: datetime, django_assert_num_queries: Callable[[int], object]
) -> None:
    for name in ("Ada", "Bea", "Cy"):
        other = victims.victim(given_name=name, date_of_birth=None, at=at)
        services.set_responsible(
            victim_id=other.pk, person=person("officer"), actor=person("officer"), at=at
        )
    leave("officer")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert len(unanswered.found(at)) == 12

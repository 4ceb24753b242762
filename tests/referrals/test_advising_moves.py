"""An adviser who works elsewhere: their clients stay with the service, and nobody new sees them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Agency, Team, User
from accounts.roles import Role
from referrals import services
from referrals.models import IdvaCase
from tests.factories.advising import accepted, referred
from tests.personas import person
from victims.models import Victim

HOUR = timedelta(hours=1)


@pytest.fixture
def case(db: None, at: datetime) -> IdvaCase:
    return accepted(at)


@pytest.fixture
def elsewhere(db: None) -> Team:
    """A team of another service, with who leads it."""
    agency = Agency.objects.create(name="Another service", kind=Agency.Kind.IDVA_SERVICE)
    team = Team.objects.create(name="Another team", kind=Team.Kind.IDVA, agency=agency)
    leader = User.objects.create_user("stranger", name="A. Stranger", team=team)
    leader.groups.add(Group.objects.get(name=Role.IDVA_MANAGER))
    Team.objects.filter(pk=team.pk).update(supervisor=leader)
    return team


def moved(who: str, team: Team) -> User:
    User.objects.filter(pk=person(who).pk).update(team=team)
    return User.objects.get(username=who)


def sees(who: str) -> bool:
    return Victim.objects.visible_to(User.objects.get(username=who)).exists()


def keep(who: User, at: datetime) -> int:
    return services.keep_in_service(person=who, actor=person("administrator"), at=at)


def test_who_moves_to_another_service_takes_nobody_along(
    case: IdvaCase, elsewhere: Team, at: datetime
) -> None:
    adviser = moved("idva", elsewhere)
    assert keep(adviser, at + HOUR) == 1
    case.refresh_from_db()
    assert (case.owner, case.state) == (person("idva_manager"), "accepted")
    assert not sees("idva") and not sees("stranger") and sees("idva_manager")
    assert keep(adviser, at + HOUR) == 0


def test_within_the_service_an_adviser_keeps_their_clients(case: IdvaCase, at: datetime) -> None:
    other = Team.objects.create(name="North", kind=Team.Kind.IDVA, agency=case.team.agency)
    assert keep(moved("idva", other), at + HOUR) == 0
    assert sees("idva")


def test_whoever_is_no_adviser_any_more_sees_nobody(case: IdvaCase, at: datetime) -> None:
    person("idva").groups.clear()
    assert keep(User.objects.get(username="idva"), at + HOUR) == 1
    assert not sees("idva")


def test_a_leader_who_goes_leaves_what_waits_to_another_or_to_the_unit(
    elsewhere: Team, at: datetime
) -> None:
    case = referred(at)
    assert keep(moved("idva_manager", elsewhere), at + HOUR) == 1
    case.refresh_from_db()
    assert (case.state, case.refused_words[:6]) == ("refused", "Nobody")
    assert not sees("idva_manager")


def test_the_administration_says_it(
    case: IdvaCase, elsewhere: Team, sign_in: Callable[[str], Client]
) -> None:
    adviser, admin = person("idva"), person("administrator")
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    address = f"/administration/accounts/user/{adviser.pk}/change/"
    client = sign_in("administrator")
    form = {
        "username": adviser.username,
        "name": adviser.name,
        "email": adviser.email,
        "team": adviser.team_id,
        "groups": [group.pk for group in adviser.groups.all()],
        "is_active": "on",
    }
    assert client.post(address, {**form, "name": "R. Amadi-Cole"}).status_code == 302
    assert sees("idva")
    assert client.post(address, {**form, "team": elsewhere.pk}).status_code == 302
    case.refresh_from_db()
    assert case.owner == person("idva_manager")
    assert not sees("idva") and not sees("stranger")

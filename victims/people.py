"""Whom a duty can be given to, who can stand in, and who is led by whom."""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Agency, User, Withholding
from victims import permissions
from victims.models import Victim, VictimGrant

HOLDS = "hand_over_duty"
SEES_ALL = "view_all_victims"
Choices = list[tuple[str, list[tuple[str, str]]]]


def takers(victim: Victim) -> QuerySet[User]:
    """Who may be given a duty of this victim: their role holds duties, and they may see them."""
    return _who_hold_duties().filter(_sees(victim)).distinct()


def team_mates(victim: Victim, team_ids: Collection[int]) -> QuerySet[User]:
    """The people of these teams who may see this victim, by name."""
    return _here().filter(_sees(victim), team__in=team_ids).distinct().order_by("name", "pk")


def who_see(victim: Victim, person_ids: Collection[int]) -> set[int]:
    """Of these people, those who may see this victim."""
    rows = User.objects.filter(_sees(victim), pk__in=person_ids)
    return set(rows.values_list("pk", flat=True))


def assignees() -> QuerySet[User]:
    """Who may be given duties of many victims: their role holds duties and sees every victim."""
    return _who_hold_duties().filter(groups__permissions__codename=SEES_ALL).distinct()


def stand_ins(agency_id: int | None) -> QuerySet[User]:
    """Who may stand in for people of an agency; who for whom is the service's rule."""
    return _here().filter(team__agency=agency_id, groups__isnull=False).distinct()


def led_by(leader: User) -> QuerySet[User]:
    """The people whose leader somebody is, those who have left among them; the head leads all."""
    people = User.objects.filter(is_system=False).select_related("team")
    if permissions.leads_everybody(leader):
        return people.filter(team__agency__kind=Agency.Kind.POLICE)
    return people.filter(team__in=permissions.led_teams(leader))


def by_team(people: Iterable[User], own_team_id: int | None) -> Choices:
    """Choices of people by team, one's own team first."""
    rows = sorted(
        people,
        key=lambda one: (one.team_id != own_team_id, str(one.team or ""), one.name),
    )
    return [
        (team or "No team", [(one.username, str(one)) for one in members])
        for team, members in groupby(rows, key=lambda one: str(one.team or ""))
    ]


def _sees(victim: Victim) -> Q:
    granted = VictimGrant.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=Now()),
        content_object=victim,
        permission__codename="view_victim",
    ).values("user")
    withheld = Withholding.objects.filter(victim=victim, ended_at__isnull=True)
    return (Q(groups__permissions__codename=SEES_ALL) | Q(pk__in=granted)) & ~(
        Q(pk__in=withheld.filter(person__isnull=False).values("person"))
        | Q(team__agency__in=withheld.filter(agency__isnull=False).values("agency"))
    )


def _here() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_system=False, team__isnull=False).select_related(
        "team"
    )


def _who_hold_duties() -> QuerySet[User]:
    return _here().filter(groups__permissions__codename=HOLDS)

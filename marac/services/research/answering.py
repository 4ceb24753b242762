"""Who answers for an agency: its team in the conference's areas, and there whoever may know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import Team, User, Withholding
from marac.models import Attendance, Hearing, Meeting
from marac.near import people_near

#: Of an agency's teams, the one that answers before all others of its kind.
FIRST = (Team.Kind.MARU, Team.Kind.DAISU)


@dataclass(frozen=True)
class Holder:
    """Who has a request: a team, or one person where not all of the team may know of it."""

    team_id: int | None
    owner_id: int | None


@dataclass
class Answering:
    """For the agencies of a meeting: their teams, who of them speaks, and who must not know."""

    coordinator_id: int
    teams: Mapping[int, Team]
    #: By team: those who may be invited to a meeting, whoever leads the team first.
    people: Mapping[int, Sequence[User]]
    withheld_agencies: set[tuple[int, int]] = field(default_factory=set)
    withheld_people: set[tuple[int, int]] = field(default_factory=set)
    #: By case: who is near to it.
    near: Mapping[int, set[int]] = field(default_factory=dict)

    def may_ask(self, agency_id: int, victim_id: int) -> bool:
        """Never an agency that nothing about the victim may reach."""
        return agency_id in self.teams and (agency_id, victim_id) not in self.withheld_agencies

    def may_know(self, person_id: int, hearing: Hearing) -> bool:
        withheld = (person_id, hearing.victim_id) in self.withheld_people
        return not withheld and person_id not in self.near[hearing.case_id]

    def holder(self, team: Team, hearing: Hearing) -> Holder:
        """The team; or one who may know, where somebody of it may not; else the coordinator."""
        barred = {person for person, victim in self.withheld_people if victim == hearing.victim_id}
        barred |= self.near[hearing.case_id]
        if not any(member.pk in barred for member in self.people.get(team.pk, ())):
            return Holder(team.pk, None)
        may = [one.pk for one in self.people[team.pk] if one.pk not in barred]
        return Holder(None, may[0] if may else self.coordinator_id)


def answering(meeting: Meeting, hearings: Iterable[Hearing]) -> Answering:
    """Everything that asking these hearings of the agencies of a meeting needs. Six queries."""
    hearings = list(hearings)
    victims = {row.victim_id for row in hearings}
    agencies = list(meeting.invitations.values_list("agency_id", flat=True))
    teams = teams_of(agencies, meeting)
    withheld = Withholding.objects.filter(victim__in=victims, ended_at__isnull=True)
    return Answering(
        coordinator_id=meeting.coordinator_id,
        teams=teams,
        people=people_of(teams.values()),
        withheld_agencies=set(
            withheld.filter(agency__in=agencies).values_list("agency_id", "victim_id")
        ),
        withheld_people=set(
            withheld.filter(person__isnull=False).values_list("person_id", "victim_id")
        ),
        near=people_near(row.case_id for row in hearings),
    )


def teams_of(agency_ids: Sequence[int], meeting: Meeting) -> dict[int, Team]:
    """The team of each agency that answers for it. Two queries.

    One in the areas of the conference before others; of the police the referral unit.
    """
    areas = set(meeting.conference.covers.values_list("area_id", flat=True))
    found: dict[int, list[Team]] = defaultdict(list)
    for team in Team.objects.filter(agency__in=agency_ids).order_by("pk"):
        found[team.agency_id].append(team)
    return {
        agency: min(teams, key=lambda one: _rank(one, areas)) for agency, teams in found.items()
    }


def people_of(teams: Iterable[Team]) -> dict[int, list[User]]:
    """Of each team those who may attend meetings, whoever leads it first. One query."""
    leads = {team.supervisor_id for team in teams}
    rows = _attending().filter(team__in=[team.pk for team in teams])
    found: dict[int, list[User]] = defaultdict(list)
    for person in sorted(rows, key=lambda one: (one.pk not in leads, one.pk)):
        if person.team_id is not None:
            found[person.team_id].append(person)
    return found


def speakers(meeting: Meeting) -> list[User]:
    """Who is told of a meeting's agenda: whoever is down to come, and who answers for agencies."""
    agencies = list(meeting.invitations.values_list("agency_id", flat=True))
    teams = [team.pk for team in teams_of(agencies, meeting).values()]
    coming = Attendance.objects.standing().filter(meeting=meeting).values("person")
    return list(_attending().filter(Q(pk__in=coming) | Q(team__in=teams)).order_by("pk"))


def _attending() -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        is_system=False,
        groups__permissions__codename="attend_meetings",
        groups__permissions__content_type__app_label="marac",
    ).distinct()


def _rank(team: Team, areas: set[int]) -> tuple[int, bool, int]:
    kind = FIRST.index(Team.Kind(team.kind)) if team.kind in FIRST else len(FIRST)
    return kind, team.area_id not in areas, team.pk

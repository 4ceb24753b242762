"""Who signs in to the demo: one person of each role with a short user name, and their colleagues.

All of them have one password, which everybody knows: `load_demo` refuses to make them under
production settings unless it is told to.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from accounts.models import Agency, Area, Team, User
from accounts.roles import Role
from demo.county import AREAS
from incidents.models import Unit

DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD") or "north-star-lantern"

#: (user name, what to say about them) in the order of the path from call to referral.
SIGN_INS: tuple[tuple[str, str], ...] = (
    ("handler", "Call handler: log a call, send a car"),
    ("officer", "Response officer: briefing, first response, risk assessment"),
    ("supervisor", "Supervisor: reviews, repeated non-crimes, supervision"),
    ("worker", "MARU worker: the referral queue"),
    ("manager", "MARU manager"),
    ("head", "Head of public protection"),
    ("superintendent", "Superintendent: late closures, supervision, notices to staff"),
    ("inspector", "Control-room inspector: closures waiting"),
    ("custody", "Custody officer: who is held, who is released, who must be told first"),
    ("investigator", "Investigator: bail, notices, orders, victims to be told"),
    ("neighbourhood", "Neighbourhood officer: victims who have gone quiet"),
    ("idva", "IDVA: sees only her own clients"),
    ("idva.manager", "Manager of the IDVA service: answers, allocates, sees the team's clients"),
    ("coordinator", "MARAC coordinator: cases, agendas, research, actions"),
    ("chair", "MARAC chair: the meeting that is under way"),
    ("agency", "Housing's representative: sees what housing was told, and refers"),
    ("children", "Children's services' representative"),
    ("analyst", "Performance analyst"),
    ("auditor", "Auditor"),
    ("administrator", "System administrator: no case access"),
)

AGENCIES: tuple[tuple[str, str], ...] = (
    ("Marlshire Police", "police"),
    ("Haven IDVA Service", "idva_service"),
    ("Kingsholt Homes", "housing"),
    ("Ashmere Council Housing", "housing"),
    ("Marlshire NHS Trust", "health"),
    ("Marlshire Children's Services", "children"),
    ("Marlshire Adult Social Care", "adults"),
    ("Marlshire Schools Safeguarding", "education"),
    ("Ashmere Academy", "education"),
    ("Kingsholt Primary School", "education"),
    ("Saltfen High School", "education"),
    ("Marlshire Probation", "probation"),
    ("Saltfen Women's Refuge", "voluntary"),
    ("Respect and Change Programme", "voluntary"),
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who signs in: user name, name as shown, role, name of the team."""

    username: str
    name: str
    role: Role
    team: str


CONTROL, MARU, HQ = "Control room", "MARU", "Public protection"
CUSTODY = "Custody suite"
IDVAS, HOUSING, STANDARDS = "Haven IDVAs", "Kingsholt Homes safeguarding", "Professional standards"
CHILDREN, HEALTH = "Children's services front door", "Marlshire NHS safeguarding"
PROBATION, SCHOOLS = "Probation liaison", "Schools safeguarding"
CONFERENCES, ADULTS = "MARAC coordination", "Adult social care front door"
COUNCIL, REFUGE, PROGRAMME = (
    "Ashmere council housing",
    "Saltfen Women's Refuge",
    "Respect and Change",
)

_RESPONSE: dict[str, tuple[str, ...]] = {
    # The first of each team leads it.
    "Ashmere response A": (
        "Sgt 1120 N. Obi",
        "PC 2210 T. Hale",
        "PC 3015 L. Moss",
        "PC 2874 S. Ferreira",
        "PC 3390 J. Whitcombe",
        "PC 2651 A. Rahman",
        "PC 3288 V. Lindley",
        "PC 2966 Z. Osei",
    ),
    "Ashmere response B": (
        "Sgt 1348 C. Penhale",
        "PC 2907 M. Okonjo",
        "PC 3122 E. Brandt",
        "PC 3466 R. Sidhu",
        "PC 2733 F. Ó Briain",
        "PC 3031 U. Haddad",
        "PC 2847 B. Kerslake",
    ),
    "Kingsholt response A": (
        "Sgt 1077 P. Lindgren",
        "PC 2558 H. Castell",
        "PC 3204 D. Nwosu",
        "PC 2981 K. Wójcik",
        "PC 3517 B. Trevanion",
        "PC 2718 S. Varga",
    ),
    "Kingsholt response B": (
        "Sgt 1265 R. Mbeki",
        "PC 2819 G. Sorrell",
        "PC 3088 Y. Demir",
        "PC 2690 C. Attwater",
        "PC 3344 W. Iqbal",
    ),
    "Saltfen response": (
        "Sgt 1401 W. Ashdown",
        "PC 2440 O. Pryce",
        "PC 3251 I. Fernsby",
        "PC 3603 N. Kaur",
        "PC 2592 G. Tolley",
    ),
}
_NAMED = {"PC 2210 T. Hale": "officer", "Sgt 1120 N. Obi": "supervisor"}
_OTHERS: tuple[tuple[str, str, Role, str], ...] = (
    ("handler", "PC 4471 R. Adeyemi", Role.CALL_HANDLER, CONTROL),
    ("inspector", "Insp V. Castle", Role.CONTROL_INSPECTOR, CONTROL),
    ("m.quill", "M. Quill", Role.CALL_HANDLER, CONTROL),
    ("d.ansah", "D. Ansah", Role.CALL_HANDLER, CONTROL),
    ("l.haworth", "L. Haworth", Role.CALL_HANDLER, CONTROL),
    ("z.karim", "Z. Karim", Role.CALL_HANDLER, CONTROL),
    ("worker", "M. Castellanos", Role.MARU_WORKER, MARU),
    ("d.marsh", "D. Marsh", Role.MARU_WORKER, MARU),
    ("s.lal", "S. Lal", Role.MARU_WORKER, MARU),
    ("j.fenn", "J. Fenn", Role.MARU_WORKER, MARU),
    ("t.grady", "T. Grady", Role.MARU_WORKER, MARU),
    ("manager", "C. Whitby", Role.MARU_MANAGER, MARU),
    ("head", "D/Supt A. Rowe", Role.HEAD_OF_PUBLIC_PROTECTION, HQ),
    ("superintendent", "Supt J. Marchetti", Role.SUPERINTENDENT, HQ),
    ("custody", "Sgt 0873 T. Alvey", Role.CUSTODY_OFFICER, CUSTODY),
    ("k.penrose", "Sgt 0915 K. Penrose", Role.CUSTODY_OFFICER, CUSTODY),
    ("custody.system", "Custody system", Role.CUSTODY_SYSTEM, CUSTODY),
    ("neighbourhood", "Sgt 1502 E. Tranter", Role.NEIGHBOURHOOD_OFFICER, "Ashmere neighbourhood"),
    ("o.rees", "PC 4010 O. Rees", Role.NEIGHBOURHOOD_OFFICER, "Ashmere neighbourhood"),
    ("a.dhillon", "Sgt 1533 A. Dhillon", Role.NEIGHBOURHOOD_OFFICER, "Kingsholt neighbourhood"),
    ("j.brack", "Sgt 1547 J. Brack", Role.NEIGHBOURHOOD_OFFICER, "Saltfen neighbourhood"),
    ("investigator", "DC 5102 G. Lewis", Role.DAISU_INVESTIGATOR, "DAISU"),
    ("ds.okafor", "DS 1733 I. Okafor", Role.DAISU_INVESTIGATOR, "DAISU"),
    ("idva", "R. Amadi", Role.IDVA, IDVAS),
    ("s.lindqvist", "S. Lindqvist", Role.IDVA, IDVAS),
    ("p.achebe", "P. Achebe", Role.IDVA, IDVAS),
    ("n.bright", "N. Bright", Role.IDVA, IDVAS),
    ("g.cole", "G. Cole", Role.IDVA, IDVAS),
    ("h.danso", "H. Danso", Role.IDVA, IDVAS),
    ("e.frith", "E. Frith", Role.IDVA, IDVAS),
    ("z.hussain", "Z. Hussain", Role.IDVA, IDVAS),
    ("m.ibbotson", "M. Ibbotson", Role.IDVA, IDVAS),
    ("k.jankowska", "K. Jankowska", Role.IDVA, IDVAS),
    ("t.maddox", "T. Maddox", Role.IDVA, IDVAS),
    ("c.penrith", "C. Penrith", Role.IDVA, IDVAS),
    ("a.sowande", "A. Sowande", Role.IDVA, IDVAS),
    ("idva.manager", "B. Fairweather", Role.IDVA_MANAGER, IDVAS),
    ("agency", "T. Boyle", Role.AGENCY_REPRESENTATIVE, HOUSING),
    ("children", "O. Farrow", Role.AGENCY_REPRESENTATIVE, CHILDREN),
    ("health", "S. Quayle", Role.AGENCY_REPRESENTATIVE, HEALTH),
    ("probation", "L. Stannard", Role.AGENCY_REPRESENTATIVE, PROBATION),
    ("schools", "J. Merriman", Role.AGENCY_REPRESENTATIVE, SCHOOLS),
    ("adults", "V. Idowu", Role.AGENCY_REPRESENTATIVE, ADULTS),
    ("council", "N. Garrow", Role.AGENCY_REPRESENTATIVE, COUNCIL),
    ("refuge", "I. Thackray", Role.AGENCY_REPRESENTATIVE, REFUGE),
    ("programme", "D. Lomax", Role.AGENCY_REPRESENTATIVE, PROGRAMME),
    ("coordinator", "P. Novak", Role.MARAC_COORDINATOR, CONFERENCES),
    ("chair", "DI E. Grant", Role.MARAC_CHAIR, CONFERENCES),
    ("r.calloway", "DI R. Calloway", Role.MARAC_CHAIR, CONFERENCES),
    ("y.strand", "DI Y. Strand", Role.MARAC_CHAIR, CONFERENCES),
    ("analyst", "K. Whitlow", Role.ANALYST, HQ),
    ("auditor", "P. Sandys", Role.AUDITOR, STANDARDS),
    ("administrator", "E. Marlow", Role.ADMINISTRATOR, HQ),
)
#: team: (kind, agency, area, user name of who leads it)
_TEAMS: dict[str, tuple[str, str, str | None, str | None]] = {
    CONTROL: ("control_room", "Marlshire Police", None, "inspector"),
    MARU: ("maru", "Marlshire Police", None, "manager"),
    HQ: ("headquarters", "Marlshire Police", None, "head"),
    "DAISU": ("daisu", "Marlshire Police", None, "ds.okafor"),
    CUSTODY: ("custody", "Marlshire Police", None, "custody"),
    "Ashmere neighbourhood": ("neighbourhood", "Marlshire Police", "Ashmere", "neighbourhood"),
    "Kingsholt neighbourhood": ("neighbourhood", "Marlshire Police", "Kingsholt", "a.dhillon"),
    "Saltfen neighbourhood": ("neighbourhood", "Marlshire Police", "Saltfen", "j.brack"),
    STANDARDS: ("headquarters", "Marlshire Police", None, None),
    IDVAS: ("idva", "Haven IDVA Service", None, "idva.manager"),
    HOUSING: ("partner", "Kingsholt Homes", None, None),
    CHILDREN: ("partner", "Marlshire Children's Services", None, None),
    HEALTH: ("partner", "Marlshire NHS Trust", None, None),
    PROBATION: ("partner", "Marlshire Probation", None, None),
    SCHOOLS: ("partner", "Marlshire Schools Safeguarding", None, None),
    ADULTS: ("partner", "Marlshire Adult Social Care", None, None),
    COUNCIL: ("partner", "Ashmere Council Housing", None, None),
    REFUGE: ("partner", "Saltfen Women's Refuge", None, None),
    PROGRAMME: ("partner", "Respect and Change Programme", None, None),
    CONFERENCES: ("marac", "Marlshire Police", None, "chair"),
    "Ashmere response A": ("response", "Marlshire Police", "Ashmere", "supervisor"),
    "Ashmere response B": ("response", "Marlshire Police", "Ashmere", "c.penhale"),
    "Kingsholt response A": ("response", "Marlshire Police", "Kingsholt", "p.lindgren"),
    "Kingsholt response B": ("response", "Marlshire Police", "Kingsholt", "r.mbeki"),
    "Saltfen response": ("response", "Marlshire Police", "Saltfen", "w.ashdown"),
}


#: Cars of each response team, in the order of `_RESPONSE`; two officers in each.
_CALL_SIGNS: dict[str, tuple[str, ...]] = {
    "Ashmere response A": ("MA11", "MA12", "MA13"),
    "Ashmere response B": ("MA21", "MA22", "MA23"),
    "Kingsholt response A": ("MK11", "MK12"),
    "Kingsholt response B": ("MK21", "MK22"),
    "Saltfen response": ("MS11", "MS12"),
}


def colleagues() -> list[Colleague]:
    """Everybody who signs in."""
    people = [Colleague(*row) for row in _OTHERS]
    for team, names in _RESPONSE.items():
        for position, name in enumerate(names):
            role = Role.RESPONSE_OFFICER if position else Role.SUPERVISOR
            people.append(Colleague(_NAMED.get(name) or username(name), name, role, team))
    return people


def username(name: str) -> str:
    """ "PC 2733 F. Ó Briain" gives "f.obriain"."""
    initial, *family = name.split(" ", 2)[2].split(" ")
    plain = "".join(family).replace("Ó", "O").replace("ó", "o")
    return f"{initial}{plain}".lower()


@dataclass
class Force:
    """The people and places that rows refer to, by what the generator calls them."""

    areas: dict[str, Area]
    agencies: dict[str, Agency]
    teams: dict[str, Team]
    users: dict[str, User]
    by_team: dict[int, list[User]] = field(default_factory=dict)
    #: The car that each officer drives in, by user name; who leads a team has none.
    cars: dict[str, Unit] = field(default_factory=dict)

    def team_of(self, *names: str) -> list[Team]:
        return [self.teams[name] for name in names]

    def response_teams(self, area: str) -> list[Team]:
        return [
            team
            for name, team in self.teams.items()
            if team.kind == Team.Kind.RESPONSE and name.startswith(area)
        ]

    def with_role(self, role: Role) -> list[User]:
        wanted = {person.username for person in colleagues() if person.role == role}
        return [user for name, user in self.users.items() if name in wanted]


def establish() -> Force:
    """The county's force: who is not there yet is made, who is there stays as they are."""
    areas = {
        name: Area.objects.get_or_create(name=name, defaults={"is_rural": rural})[0]
        for name, rural in AREAS
    }
    agencies = {
        name: Agency.objects.get_or_create(name=name, defaults={"kind": kind})[0]
        for name, kind in AGENCIES
    }
    teams = {
        name: Team.objects.get_or_create(
            name=name,
            defaults={"kind": kind, "agency": agencies[agency], "area": areas.get(area or "")},
        )[0]
        for name, (kind, agency, area, _) in _TEAMS.items()
    }
    users = _users(teams)
    for name, (*_, leader) in _TEAMS.items():
        if leader and teams[name].supervisor_id is None:
            teams[name].supervisor = users[leader]
            teams[name].save(update_fields=["supervisor"])
    force = Force(areas, agencies, teams, users)
    for person in colleagues():
        force.by_team.setdefault(teams[person.team].pk, []).append(users[person.username])
    force.cars = _cars(teams)
    return force


def _cars(teams: dict[str, Team]) -> dict[str, Unit]:
    """Two officers to a car; where there are more, the last of them have none."""
    cars: dict[str, Unit] = {}
    for team, signs in _CALL_SIGNS.items():
        units = [
            Unit.objects.get_or_create(call_sign=sign, defaults={"team": teams[team]})[0]
            for sign in signs
        ]
        officers = [
            person.username
            for person in colleagues()
            if person.team == team and person.role == Role.RESPONSE_OFFICER
        ]
        for position, username in enumerate(officers[: 2 * len(units)]):
            cars[username] = units[position // 2]
    return cars


def _users(teams: dict[str, Team]) -> dict[str, User]:
    people = colleagues()
    known = set(_of_names(people).values_list("username", flat=True))
    # One hash for all of them: they share the password, and hashing is slow on purpose.
    password = make_password(DEMO_PASSWORD) if len(known) < len(people) else ""
    User.objects.bulk_create(
        User(
            username=person.username,
            name=person.name,
            password=password,
            email=f"{person.username}@example.invalid",
            team=teams[person.team],
        )
        for person in people
        if person.username not in known
    )
    users = {user.username: user for user in _of_names(people).select_related("team")}
    groups = {group.name: group for group in Group.objects.all()}
    membership = User.groups.through
    membership.objects.bulk_create(
        [
            membership(user_id=users[person.username].pk, group_id=groups[person.role].pk)
            for person in people
        ],
        ignore_conflicts=True,
    )
    return {person.username: users[person.username] for person in people}


def _of_names(people: Iterable[Colleague]) -> QuerySet[User]:
    return User.objects.filter(username__in=[person.username for person in people])

"""Named people for tests: one of each role, and outsiders."""

from django.contrib.auth.models import Group

from accounts.models import Agency, Area, Team, User
from accounts.roles import Role
from tests.worlds import remembered

PASSWORD = "correct-horse-battery"

#: user name: (name as shown, role, team kind). `idva_b` and the agencies are outsiders to most
#: cases; `idva_manager` leads both advisers.
PEOPLE: dict[str, tuple[str, Role | None, str]] = {
    "handler": ("PC 4471 R. Adeyemi", Role.CALL_HANDLER, "control_room"),
    "handler_b": ("M. Quill", Role.CALL_HANDLER, "control_room"),
    "inspector": ("Insp V. Castle", Role.CONTROL_INSPECTOR, "control_room"),
    "officer": ("PC 2210 T. Hale", Role.RESPONSE_OFFICER, "response"),
    "officer_b": ("PC 3015 L. Moss", Role.RESPONSE_OFFICER, "response"),
    "supervisor": ("Sgt 1120 N. Obi", Role.SUPERVISOR, "response"),
    "worker": ("M. Castellanos", Role.MARU_WORKER, "maru"),
    "worker_b": ("D. Marsh", Role.MARU_WORKER, "maru"),
    "manager": ("J. Fenn", Role.MARU_MANAGER, "maru"),
    "head": ("D/Supt A. Rowe", Role.HEAD_OF_PUBLIC_PROTECTION, "headquarters"),
    "superintendent": ("Supt I. Kerr", Role.SUPERINTENDENT, "headquarters"),
    "investigator": ("DC 0877 W. Lewis", Role.DAISU_INVESTIGATOR, "daisu"),
    "neighbourhood": ("PC 1904 B. Ferris", Role.NEIGHBOURHOOD_OFFICER, "neighbourhood"),
    "custody": ("Sgt 0412 H. Dunn", Role.CUSTODY_OFFICER, "custody"),
    "custody_system": ("Custody system", Role.CUSTODY_SYSTEM, "headquarters"),
    "idva": ("R. Amadi", Role.IDVA, "idva"),
    "idva_b": ("S. Lindqvist", Role.IDVA, "idva"),
    "idva_manager": ("C. Whelan", Role.IDVA_MANAGER, "idva"),
    "coordinator": ("P. Novak", Role.MARAC_COORDINATOR, "marac"),
    "chair": ("DI E. Grant", Role.MARAC_CHAIR, "marac"),
    "agency": ("T. Boyle", Role.AGENCY_REPRESENTATIVE, "partner"),
    "agency_b": ("O. Farrow", Role.AGENCY_REPRESENTATIVE, "children"),
    "analyst": ("K. Whitlow", Role.ANALYST, "headquarters"),
    "auditor": ("P. Sandys", Role.AUDITOR, "headquarters"),
    "administrator": ("E. Marlow", Role.ADMINISTRATOR, "headquarters"),
    "nobody": ("N. Norole", None, "headquarters"),
}


def team(kind: str) -> Team:
    """The test county's team of a kind, made on first use."""
    return Team.objects.filter(name=f"Fenwick {kind}").first() or _team_made(kind)


@remembered
def _team_made(kind: str) -> Team:
    agency_kind = {
        "idva": "idva_service",
        "partner": "housing",
        "children": "children",
    }.get(kind, "police")
    agency, _ = Agency.objects.get_or_create(
        name=f"County {agency_kind}", defaults={"kind": agency_kind}
    )
    area, _ = Area.objects.get_or_create(name="Fenwick")
    return Team.objects.create(
        name=f"Fenwick {kind}",
        kind="partner" if kind == "children" else kind,
        agency=agency,
        area=area,
    )


def person(username: str) -> User:
    """A persona by its key in PEOPLE, made on first use; a supervisor leads their team."""
    return User.objects.filter(username=username).first() or _person_made(username)


@remembered
def _person_made(username: str) -> User:
    name, role, kind = PEOPLE[username]
    user = User.objects.create_user(
        username, PASSWORD, name=name, email=f"{username}@example.invalid", team=team(kind)
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    if username in {"supervisor", "manager", "inspector", "idva_manager", "chair"}:
        Team.objects.filter(members=user).update(supervisor=user)
    return user

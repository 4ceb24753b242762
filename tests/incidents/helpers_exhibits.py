"""Where exhibits lie and by which address, for the tests of them."""

from pathlib import Path

from django.contrib.auth.models import Permission

from accounts.models import User
from incidents.models import Exhibit, Incident
from victims.models import Victim, VictimGrant


def files(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


def grant(victim: Victim, user: User) -> None:
    permission = Permission.objects.get(codename="view_victim")
    VictimGrant.objects.create(user=user, permission=permission, content_object=victim)


def url(row: Incident, found: Exhibit | None = None, more: str = "") -> str:
    return f"/incidents/{row.reference}/exhibits/" + (f"{found.key}/{more}" if found else more)

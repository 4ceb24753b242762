"""Reads of the register of who must not receive what, and of records opened in an emergency."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Agency, User, Withholding
from victims import permissions
from victims.models import Victim, VictimAccess

SHOWN = (("standing", "In force"), ("ended", "Ended"), ("all", "All"))
USES = (("waiting", "To be looked at"), ("not_right", "Found not right"), ("all", "All"))


@dataclass(frozen=True)
class Filters:
    """What the lists are narrowed to, as it stands in the address."""

    show: str = ""
    who: str = ""
    agency: str = ""

    @classmethod
    def of(cls, said: dict[str, str], shows: tuple[tuple[str, str], ...], first: str) -> "Filters":
        """Anything that is no choice is as if it were not said."""
        show = said.get("show", "")
        agency = said.get("agency", "")
        return cls(
            show=show if show in dict(shows) else first,
            who=" ".join("".join(c for c in said.get("who", "")[:100] if c.isprintable()).split()),
            agency=agency if agency.isascii() and agency.isdigit() and len(agency) < 10 else "",
        )

    @property
    def query(self) -> str:
        """The address of this list, for links to other parts of it."""
        return "?" + urlencode({key: value for key, value in vars(self).items() if value})


def withheld_seen_by(reader: User) -> QuerySet[Withholding]:
    """The register as far as the reader sees its victims; what names oneself is never among it.

    Raises PermissionDenied for whoever does not keep it.
    """
    if not permissions.can_keep_withholdings(reader):
        raise PermissionDenied("Your role does not keep who must not receive what.")
    rows = Withholding.objects.select_related(
        "victim__person", "person__team", "agency", "set_by", "ended_by"
    )
    limit = Victim.objects.all().seen_by(reader, "victim")
    return rows if limit is None else rows.filter(limit)


def withheld_list(reader: User, filters: Filters) -> QuerySet[Withholding]:
    """The register narrowed down, the newest first."""
    rows = withheld_seen_by(reader)
    if filters.show != "all":
        rows = rows.filter(ended_at__isnull=filters.show == "standing")
    if filters.who:
        rows = rows.filter(
            Q(person__name__icontains=filters.who)
            | Q(person__username__iexact=filters.who)
            | Q(victim__reference__iexact=filters.who)
        )
    if filters.agency:
        rows = rows.filter(Q(agency=filters.agency) | Q(person__team__agency=filters.agency))
    return rows.order_by("-set_at", "-pk")


def agencies() -> QuerySet[Agency]:
    """Those that can be on the register as a whole: not the police."""
    return Agency.objects.exclude(kind=Agency.Kind.POLICE).order_by("name")


def uses_seen_by(reader: User) -> QuerySet[VictimAccess]:
    """Records opened in an emergency: all for those who audit and the head, those of the people
    whom one leads or stands in for who leads, and one's own; never of a victim who is withheld from
    the reader."""
    rows = VictimAccess.objects.filter(why=VictimAccess.Why.BREAK_GLASS)
    rows = rows.select_related("victim__person", "person__team", "told", "looked_at_by")
    if reader.withheld_victims:
        rows = rows.exclude(victim__in=sorted(reader.withheld_victims))
    if permissions.can_see_all_broken_glass(reader) or permissions.leads_everybody(reader):
        return rows
    leaders = [reader.pk, *sorted(reader.stands_in_for)]
    return rows.filter(Q(person=reader) | Q(person__team__supervisor__in=leaders))


def may_list_uses(reader: User) -> bool:
    """Those who may open records, who leads them, and those who audit."""
    return (
        permissions.can_break_glass(reader)
        or permissions.can_see_all_broken_glass(reader)
        or permissions.leads_everybody(reader)
    )


def uses(reader: User, filters: Filters) -> QuerySet[VictimAccess]:
    """The uses narrowed down, the newest first."""
    rows = uses_seen_by(reader)
    if filters.show == "waiting":
        rows = rows.filter(looked_at__isnull=True)
    elif filters.show == "not_right":
        rows = rows.filter(found_right=False)
    if filters.who:
        rows = rows.filter(
            Q(person__name__icontains=filters.who)
            | Q(person__username__iexact=filters.who)
            | Q(victim__reference__iexact=filters.who)
        )
    return rows.order_by("-from_at", "-pk")


def use_called(reference: str, reader: User) -> VictimAccess:
    """One use by its reference, "BG-000012". Raises Http404 for whoever may not see it."""
    number = reference.removeprefix("BG-")
    is_one = reference.startswith("BG-") and number.isascii() and number.isdigit()
    rows = uses_seen_by(reader).filter(pk=int(number)) if is_one and len(number) < 18 else None
    found = rows.first() if rows is not None else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Reason:
    """Why somebody sees a record beyond their role."""

    row: VictimAccess
    stands: bool


def reasons_to_see(victim: Victim, at: datetime) -> list[Reason]:
    """Who may see a record beyond their role and why, those in force first; then who could."""
    rows = victim.accesses.select_related("person__team", "given_by").order_by("-from_at", "-pk")
    found = [
        Reason(row, row.ended_at is None and (row.until_at is None or row.until_at > at))
        for row in rows[:200]
    ]
    return sorted(found, key=lambda one: not one.stands)

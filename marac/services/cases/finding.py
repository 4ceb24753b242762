"""Which conference hears a victim's case, and which case of the two people is open already."""

from datetime import datetime

from django.db import connection

from accounts.models import Team
from core.clock import months_before
from incidents.models import Involvement
from marac.models import Conference, MaracCase
from marac.repeats import Pair
from victims.models import Victim

CHILD_BELOW = 18


def conference_for(victim: Victim, team: Team | None = None) -> Conference | None:
    """The one that covers where the victim lives, else where `team` works, else the first.

    None while there is no conference at all. One query.
    """
    running = list(
        Conference.objects.running()
        .select_related("team", "coordinator", "chair")
        .prefetch_related("covers")
        .order_by("pk")
    )
    areas = [victim.area_id, team.area_id if team else None]
    covered = {row.area_id: one for one in running for row in one.covers.all()}
    found = [covered[area] for area in areas if area in covered]
    return next(iter([*found, *running]), None)


def open_case(pair: Pair, *, is_named: bool) -> MaracCase | None:
    """The open case of these two people across spellings, locked.

    Where it is named who harms the victim: their case, else one of the victim's in which nobody
    was named yet. Where not: the victim's newest.
    """
    rows = MaracCase.objects.open().filter(victim__person__in=pair.victims).order_by("-pk")
    found = list(rows.values_list("pk", "perpetrator"))
    wanted = [pk for pk, who in found if who in pair.perpetrators or not is_named]
    unnamed = [pk for pk, who in found if who is None]
    pk = next(iter([*wanted, *unnamed]), None)
    if pk is None:
        return None
    # Somebody may have closed it meanwhile: then it is open no more.
    return MaracCase.objects.open().select_for_update(no_key=True).filter(pk=pk).first()


def closed_before(pair: Pair) -> MaracCase | None:
    """The newest case of the two that is over and was heard."""
    rows = MaracCase.objects.filter(
        victim__person__in=pair.victims,
        perpetrator__in=pair.perpetrators,
        hearings__state="concluded",
    )
    return rows.exclude(state__in=MaracCase.OPEN).order_by("-pk").first()


def wait_for_others(pair: Pair) -> None:
    """Two proposals of one human being under two numbers come one after the other.

    Each holds its own victim's row already, and neither waits for the other's while it has this.
    """
    if len(pair.victims) > 1:
        with connection.cursor() as cursor:
            words = f"conference case {min(pair.victims)}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])


def children_of(victim: Victim, at: datetime) -> int:
    """Children named in the victim's incidents who are not known to be grown up now."""
    incidents = Involvement.objects.filter(victim=victim).values("incident")
    rows = Involvement.objects.filter(incident__in=incidents, role=Involvement.Role.CHILD)
    born = months_before(at, CHILD_BELOW * 12).date()
    rows = rows.exclude(person__date_of_birth__lte=born).exclude(person__birth_year__lt=born.year)
    return rows.values("person").distinct().count()

"""Who is away, and who stands in for them: read where people are named, told and asked.

Who stands in but has left or is away too stands in for nobody.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.models import Absence


def away_at(person_ids: Iterable[int | None], at: datetime) -> dict[int, Absence]:
    """Who of these is away at an instant, with the absence that says who was to stand in."""
    wanted = {pk for pk in person_ids if pk is not None}
    if not wanted:
        return {}
    rows = Absence.objects.filter(person__in=wanted, from_at__lte=at, until_at__gt=at)
    return {row.person_id: row for row in rows.select_related("cover")}


def effective(away: dict[int, Absence], at: datetime) -> dict[int, Absence]:
    """Of these absences those in which the other is here, and so does stand in."""
    here = {pk: row for pk, row in away.items() if row.cover.is_active}
    both_away = away_at({row.cover_id for row in here.values()}, at)
    return {pk: row for pk, row in here.items() if row.cover_id not in both_away}


def covers_of(person_ids: Iterable[int | None], at: datetime) -> dict[int, Absence]:
    """Who of these is away and has somebody who stands in, with the absence that names them."""
    return effective(away_at(person_ids, at), at)


def stood_in_for(person_id: int, at: datetime) -> list[Absence]:
    """The absences in which a person stands in at an instant; none while they are away. One query.

    What those people must do is theirs to do, too.
    """
    own = Absence.objects.filter(person=OuterRef("cover"), from_at__lte=at, until_at__gt=at)
    rows = Absence.objects.filter(
        ~Exists(own), cover=person_id, from_at__lte=at, until_at__gt=at
    ).select_related("person")
    return list(rows.order_by("until_at", "pk"))


def stays_while_written(person_id: int) -> bool:
    """Whether somebody works here; nobody can make them leave before this transaction ends.

    A shared lock: many duties may pass to one person at once, and only leaving waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM accounts_user WHERE id = %s FOR SHARE", [person_id])
        row = cursor.fetchone()
    return bool(row and row[0])

"""Whom nothing about a victim may reach: asked before somebody is told or given access."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User, Withholding


def withheld_from(person_ids: Iterable[int], victim_id: int) -> set[int]:
    """Of these people, those from whom the victim is withheld, themselves or with their agency.

    One query.
    """
    in_force = Q(withholdings__victim=victim_id, withholdings__ended_at__isnull=True)
    agency = Q(
        team__agency__withholdings__victim=victim_id,
        team__agency__withholdings__ended_at__isnull=True,
    )
    people = User.objects.filter(pk__in=list(person_ids))
    return set(people.filter(in_force | agency).values_list("pk", flat=True))


def is_withheld(agency_id: int, victim_id: int) -> bool:
    """Whether nothing about this victim may reach the agency."""
    rows = Withholding.objects.filter(agency=agency_id, victim=victim_id, ended_at__isnull=True)
    return rows.exists()

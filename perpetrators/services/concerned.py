"""Whom it concerns when somebody is let out, or kept in."""

from collections.abc import Collection

from incidents.models import Involvement

ROLE = Involvement.Role


def victims_of(person_ids: Collection[int]) -> dict[int, list[int]]:
    """Person -> the victims (ids, in order) of incidents in which the person had that role.

    Every person asked for is in the answer, those who harmed nobody known with an empty list. Who
    was victim and perpetrator of the same incident is not their own victim; two who accused each
    other are each the other's. One query, by index.
    """
    rows = (
        Involvement.objects.filter(
            person__in=set(person_ids),
            role=ROLE.PERPETRATOR,
            incident__involvements__role=ROLE.VICTIM,
        )
        .values_list(
            "person_id",
            "incident__involvements__victim_id",
            "incident__involvements__person_id",
        )
        .distinct()
    )
    found: dict[int, list[int]] = {one: [] for one in person_ids}
    for person_id, victim_id, harmed_id in sorted(rows):
        if harmed_id != person_id:
            found[person_id].append(victim_id)
    return found

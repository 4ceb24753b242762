"""Who is near to a case by their own word: said at one meeting, it counts wherever the case is.

The one answer for every service, page, list, feed and notification. Whoever is near may still
report abuse of the victim: what they tell is taken, and the case stays shut to them.
"""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core import shut
from core.references import Kind
from marac.models import Conflict, Hearing, MaracAction, MaracCase, Transfer
from marac.querysets import attends

REFUSED = "You said that you are near to this case: somebody else does this."
#: Whose references name a case, or something of one.
_NAMES = {
    Kind.MARAC_CASE.value: (MaracCase, "pk"),
    Kind.MARAC_ACTION.value: (MaracAction, "case"),
    Kind.MARAC_TRANSFER.value: (Transfer, "case"),
}


def is_near(user: User, case_id: int) -> bool:
    """Whether this person said, at whichever meeting, that they are near to the case. One query."""
    return user.pk in people_near([case_id])[case_id]


def people_near(case_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each of these cases the people who are near to it. One query."""
    found: dict[int, set[int]] = {case_id: set() for case_id in case_ids}
    rows = Conflict.objects.filter(hearing__case__in=list(found))
    for case_id, person_id in rows.values_list("hearing__case", "person"):
        found[case_id].add(person_id)
    return found


def keeper_of(case: MaracCase) -> User | None:
    """Who has what nobody else has of a case: its coordinator, or its chair where they are near.

    None where both are: it is their team's. `case` has its conference. One query.
    """
    near = people_near([case.pk])[case.pk]
    keepers = (case.conference.coordinator, case.conference.chair)
    return next((one for one in keepers if one.pk not in near), None)


def near_hearing(user: User) -> Exists:
    """A condition on hearings: this person is near to the case."""
    rows = Conflict.objects.filter(hearing__case=OuterRef("case"), person=user.pk)
    return Exists(rows)


def require_open_to(actor: User, case: MaracCase) -> None:
    """Raises PermissionDenied for whoever is near to the case, or must not know of the victim."""
    if case.victim_id in actor.withheld_victims:
        raise PermissionDenied("Somebody else does this for this case.")
    if is_near(actor, case.pk):
        raise PermissionDenied(REFUSED)


def references_of(case: MaracCase) -> list[str]:
    """Under which duties and words of a case are found: its own, its actions', its handovers'."""
    return [
        reference
        for model, field in _NAMES.values()
        for reference in model._default_manager.filter(**{field: case.pk}).values_list(
            "reference", flat=True
        )
    ]


def sees_all_of(user: User, hearings: QuerySet[Hearing]) -> bool:
    """Whether none of these cases is withheld from or near to this person."""
    if hearings.filter(victim__in=sorted(user.withheld_victims)).exists():
        return False
    return not hearings.filter(near_hearing(user)).exists()


def _references(user: User) -> list[QuerySet[MaracCase | MaracAction | Transfer]]:
    """What is shut to somebody who attends meetings: nobody else can be near to a case."""
    if not attends(user):
        return []
    near = Conflict.objects.cases_of(user)
    return [
        model._default_manager.filter(**{f"{field}__in": near}).values("reference")  # type: ignore[misc]
        for model, field in _NAMES.values()
    ]


def _people(reference: str, person_ids: Collection[int]) -> set[int]:
    """Of these people, those who are near to the case that a reference names."""
    model, field = _NAMES.get(reference.partition("-")[0], (None, ""))
    if model is None:
        return set()
    cases = model._default_manager.filter(reference=reference).values(field)
    rows = Conflict.objects.filter(person__in=person_ids, hearing__case__in=cases)
    return set(rows.values_list("person", flat=True))


shut.register(shut.Shut(references=_references, people=_people))

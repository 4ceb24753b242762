"""Actions that nobody does any more: their people left, must not know, or the case is closed."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from deadlines.models import Notification
from marac.deadlines.actions import CHAIR, people_of
from marac.models import MaracAction
from marac.services.actions.passing_on import give
from marac.services.actions.rows import locked_action, record, tell, tell_doers


def pass_on_of_leavers(*, actor: User, at: datetime) -> int:
    """Open actions of those who left, or are of another agency now, go to whoever leads the team.

    The team is the one that answered for it. How many.
    """
    gone = ~Q(owner__team__agency=F("agency")) | Q(owner__is_active=False)
    rows = MaracAction.objects.open().filter(gone, owner__isnull=False).order_by("pk")
    return sum(_pass_on(pk, actor=actor, at=at) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _pass_on(action_id: int, *, actor: User, at: datetime) -> bool:
    action = locked_action(action_id)
    owner = action.owner
    if owner is None or action.state != MaracAction.State.OPEN:
        return False
    stays = owner.is_active and owner.team is not None
    if stays and owner.team is not None and owner.team.agency_id == action.agency_id:
        return False
    why = f"{owner} has left." if not owner.is_active else f"{owner} works elsewhere now."
    give(action, None, action.team, why, actor=actor, at=at)
    return True


@transaction.atomic
def take_from_withheld(
    *,
    victim_id: int,
    person_id: int | None = None,
    agency_id: int | None = None,
    actor: User,
    at: datetime,
) -> int:
    """Whoever must not know of a victim any more has no action for them. How many are concerned.

    A person's goes to whoever leads their team. What an agency was to do stays open, where nobody
    of it sees it: the chair and the coordinator are told, and say what happens to it.
    """
    rows = MaracAction.objects.open().filter(victim=victim_id).order_by("pk")
    rows = rows.filter(agency=agency_id) if agency_id else rows.filter(owner=person_id)
    found = [locked_action(pk) for pk in rows.values_list("pk", flat=True)]
    for action in found:
        if agency_id is None:
            why = "Nothing about the victim may reach who had it."
            give(action, None, action.team, why, actor=actor, at=at)
            continue
        headline = f"{action.reference} cannot be done by {action.agency}"
        record(action, "withheld", headline, actor=actor, at=at, is_grave=True)
        people = people_of(CHAIR, [action.pk])[action.pk]
        tell(action, people, headline[:200], at=at, level=Notification.Level.WARNING)
    return len(found)


@transaction.atomic
def tell_of_closing(*, case_id: int, actor: User, at: datetime) -> int:
    """A case is closed while actions wait: whoever has them says what becomes of each. How many.

    They stay open: what was agreed may be needed all the same, and nobody but those who do it know.
    """
    rows = MaracAction.objects.open().filter(case=case_id).order_by("pk")
    found = [locked_action(pk) for pk in rows.values_list("pk", flat=True)]
    for action in found:
        because = action.case.get_closed_because_display().lower()
        headline = f"The case of {action.reference} is closed: {because}. Say what becomes of it"
        record(action, "case_closed", headline[:300], actor=actor, at=at)
        tell_doers(action, headline[:200], actor=actor, at=at)
    return len(found)

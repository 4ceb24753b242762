"""What every step of an agenda asks first."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import DomainError
from marac import near
from marac.models import Hearing, Meeting
from marac.permissions import can_keep
from marac.querysets import HearingQuerySet
from victims.models import Victim

State = Hearing.State
#: On the agenda, and heard at this meeting unless something comes between.
ON_AGENDA = (*Hearing.OPEN, State.CONCLUDED)


def hold_victims(victim_ids: list[int]) -> None:
    """Lock these victims' rows before the case and the meeting.

    Whoever withholds one of them from an agency waits, so that no agency is asked at that moment.
    """
    rows = Victim.objects.select_for_update(no_key=True).filter(pk__in=victim_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def require_keeper(actor: User, meeting: Meeting) -> None:
    """Raises PermissionDenied for whoever does not build the agendas of this conference."""
    if not can_keep(actor, meeting.conference):
        raise PermissionDenied(f"A coordinator builds the agenda of {meeting.reference}.")


def require_open_to(actor: User, hearing: Hearing) -> None:
    """Raises PermissionDenied for whoever is near to the case, or must not know of the victim."""
    near.require_open_to(actor, hearing.case)


def require_ahead(meeting: Meeting) -> None:
    """Raises DomainError for a meeting that began, was held or was cancelled."""
    if meeting.state not in Meeting.AHEAD:
        state = meeting.get_state_display().lower()
        raise DomainError(f"{meeting.reference}: {state}. Its agenda is not changed any more.")


def listed(meeting: Meeting) -> HearingQuerySet:
    """What the meeting hears, in its order."""
    rows = Hearing.objects.filter(meeting=meeting, state__in=ON_AGENDA)
    return rows.order_by("position", "pk")


def needing_room(meeting: Meeting) -> int:
    """How many cases take a place of the meeting's capacity. One query.

    A flag that reaches its end is looked at in a minute and takes none.
    """
    return listed(meeting).exclude(part=Hearing.Part.FLAGS).count()

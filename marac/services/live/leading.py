"""Who takes part in a meeting that is under way, and who leads it through a case."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.withheld import withheld_from
from core.errors import DomainError, Stale
from marac.models import Attendance, Hearing, Meeting
from marac.near import people_near
from marac.permissions import can_chair, can_keep, speaks_at

UNSIGNED = "Sign the meeting's confidentiality statement first."
ONLY_LEADERS = "A chair leads the meeting, or its coordinator while a chair is there."


def require_speaker(actor: User, meeting: Meeting) -> Attendance:
    """Their place at the meeting. Raises PermissionDenied for who has not signed, or observes."""
    place = speaks_at(actor, meeting)
    if place is None:
        raise PermissionDenied(f"{UNSIGNED} Observers listen and write nothing.")
    return place


def require_hears(actor: User, hearing: Hearing) -> None:
    """Raises PermissionDenied for a case that is withheld from them or near to them."""
    if not Hearing.objects.heard_by(actor).filter(pk=hearing.pk).exists():
        raise PermissionDenied("This case is not for you.")


def require_chair(actor: User, meeting: Meeting) -> Attendance:
    """Raises PermissionDenied for whoever does not chair, or has not signed."""
    if not can_chair(actor, meeting.conference):
        raise PermissionDenied("A chair begins and ends a meeting.")
    return require_speaker(actor, meeting)


def require_leader(actor: User, hearing: Hearing) -> Attendance:
    """Their place, if they may lead the meeting through this case.

    A chair may; so may a coordinator, who types for the chair, while a chair who hears this case is
    in the meeting. Whoever is near to a case leads another. Raises PermissionDenied.
    """
    place = require_speaker(actor, hearing.meeting)
    require_hears(actor, hearing)
    conference = hearing.meeting.conference
    if can_chair(actor, conference):
        return place
    if can_keep(actor, conference) and chair_is_there(hearing):
        return place
    raise PermissionDenied(ONLY_LEADERS)


def chair_is_there(hearing: Hearing) -> bool:
    """Whether somebody who may chair is in the meeting and hears this case. Two queries."""
    there = (
        Attendance.objects.standing()
        .filter(
            meeting=hearing.meeting_id,
            is_observer=False,
            present_at__isnull=False,
            left_at__isnull=True,
            person__is_active=True,
            person__groups__permissions__codename="chair_meetings",
            person__groups__permissions__content_type__app_label="marac",
        )
        .exclude(person__in=people_near([hearing.case_id])[hearing.case_id])
    )
    chairs = set(there.values_list("person_id", flat=True))
    return bool(chairs - withheld_from(chairs, hearing.victim_id)) if chairs else False


def require_under_way(meeting: Meeting) -> None:
    """Raises DomainError for a meeting that has not begun, or is over."""
    if meeting.state == Meeting.State.UNDER_WAY:
        return
    if meeting.state in Meeting.AHEAD:
        raise DomainError("The meeting has not begun. Its chair begins it.")
    raise DomainError(f"{meeting.reference} is over: it was {meeting.get_state_display().lower()}.")


def require_version(hearing: Hearing, version: int, yours: dict[str, str]) -> None:
    """Raises Stale, with both versions, for a case that somebody has taken further."""
    if version == hearing.version:
        return
    raise Stale(
        "Somebody else took this case further while you had it open. Look at where it stands.",
        theirs={"stage": hearing.get_state_display()},
        yours=yours,
        version=hearing.version,
    )

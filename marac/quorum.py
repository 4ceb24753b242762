"""Whether enough agencies are there for a meeting to decide, those of the core all among them."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Agency
from marac.models import Attendance, Invitation, Meeting


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many agencies are there of how many needed, and who of the core is not."""

    is_met: bool
    present: int
    needed: int
    missing_core: tuple[Agency, ...]


def of(meeting: Meeting) -> Quorum:
    """By who is in the meeting now, or was until it ended. Two queries.

    Observers speak for nobody; nor do the meeting's chair and coordinator, who keep it for all: the
    police are there when somebody else of theirs is.
    """
    there = Attendance.objects.filter(
        meeting=meeting, is_observer=False, present_at__isnull=False
    ).exclude(person__in=[meeting.chair_id, meeting.coordinator_id])
    if meeting.state == Meeting.State.UNDER_WAY:
        there = there.standing().filter(left_at__isnull=True)
    return _counted(meeting, set(there.values_list("agency_id", flat=True)))


def expected(meeting: Meeting) -> Quorum:
    """By who said that they come, for a meeting that is ahead. One query."""
    coming = {Invitation.State.COMING, Invitation.State.ATTENDED}
    rows = _invitations(meeting)
    return _of_rows(meeting, rows, {row.agency_id for row in rows if row.state in coming})


def _counted(meeting: Meeting, agency_ids: Collection[int]) -> Quorum:
    return _of_rows(meeting, _invitations(meeting), agency_ids)


def _invitations(meeting: Meeting) -> list[Invitation]:
    rows = Invitation.objects.filter(meeting=meeting).select_related("agency")
    return list(rows.order_by("agency__name"))


def _of_rows(meeting: Meeting, rows: list[Invitation], agency_ids: Collection[int]) -> Quorum:
    present = sum(row.agency_id in agency_ids for row in rows)
    missing = tuple(row.agency for row in rows if row.is_core and row.agency_id not in agency_ids)
    needed = meeting.conference.quorum
    return Quorum(present >= needed and not missing, present, needed, missing)

"""The page of a meeting's minutes: what the reader may read, and what is next to do with them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import Agency, User
from core.errors import DomainError
from marac.minutes.content import may_see_all
from marac.minutes_file import notes_of, title_of
from marac.models import Meeting, Minutes, MinutesCopy
from marac.permissions import can_chair, can_keep
from marac.querysets import keeps
from marac.services.minutes import Copy, open_minutes

#: Addresses carry short numbers; whatever is longer is none.
_LONGEST_NUMBER = 9


def opened(
    meeting: Meeting, reader: User, *, agency: str, version: str, path: str, at: datetime
) -> Copy | None:
    """The copy that is asked for, its opening on record; None where there is none to be read yet.

    `agency` and `version` as they stand in the address. Raises PermissionDenied, and Http404 for
    an agency or version that is not there.
    """
    if meeting.state != Meeting.State.HELD:
        _require_door(meeting, reader)
        return None
    chosen = get_object_or_404(Agency, pk=_number(agency)) if agency else None
    try:
        return open_minutes(
            meeting=meeting,
            reader=reader,
            agency=chosen,
            number=_number(version) or None,
            path=path,
            at=at,
        )
    except DomainError:
        return None


def page_of(meeting: Meeting, reader: User, copy: Copy | None) -> dict[str, Any]:
    """What the page shows beside the words: versions, copies, and who may do what next."""
    may_approve = can_chair(reader, meeting.conference)
    context: dict[str, Any] = {
        "meeting": meeting,
        "copy": copy,
        "content": copy.content if copy else None,
        "notes": notes_of(copy) if copy else (),
        "title": title_of(copy) if copy else "",
        "keeps": keeps(reader),
        "may_approve": may_approve and meeting.state == Meeting.State.HELD,
        "may_send": may_approve or can_keep(reader, meeting.conference),
    }
    if not context["keeps"]:
        return context
    versions = list(
        Minutes.objects.filter(meeting=meeting)
        .defer("content")
        .select_related("approved_by", "sent_by")
        .order_by("-number")
    )
    context["versions"] = versions
    context["latest"] = versions[0] if versions else None
    context["copies"] = _copies(meeting, versions)
    if context["may_approve"]:
        context["sees_all"] = may_see_all(reader, meeting)
    return context


def _copies(meeting: Meeting, versions: list[Minutes]) -> list[dict[str, Any]]:
    """Every invited agency with its copy of the newest version that was sent, if one was."""
    sent = next((row for row in versions if row.sent_at), None)
    rows = MinutesCopy.objects.filter(minutes=sent).select_related("opened_by") if sent else []
    by_agency = {row.agency_id: row for row in rows}
    invited = meeting.invitations.select_related("agency").order_by("agency__name")
    return [
        {"agency": row.agency, "invitation": row, "copy": by_agency.get(row.agency_id)}
        for row in invited
    ]


def _require_door(meeting: Meeting, reader: User) -> None:
    """Before the end there is nothing to read; who keeps it finds the page already."""
    if not keeps(reader):
        raise PermissionDenied("The minutes of this meeting are not written yet.")


def _number(said: str) -> int:
    is_number = said.isascii() and said.isdigit() and len(said) <= _LONGEST_NUMBER
    return int(said) if is_number else 0

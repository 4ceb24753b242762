"""Somebody opens minutes: what they may read of them, and that they did, on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Agency, User, Withholding
from audit import services as audit
from audit.models import RecordRead
from core.errors import DomainError
from marac.minutes.content import Content, content_of
from marac.minutes.cut import changed_cases, for_agency, for_reader
from marac.models import Attendance, Hearing, Meeting, Minutes, MinutesCopy
from marac.near import near_hearing
from marac.querysets import keeps


@dataclass(frozen=True)
class Copy:
    """Minutes as one person may read them.

    `minutes` is None for the draft; `agency` whose copy it is, None for the whole record;
    `replaced` the number of the version before and `changed` the cases that read otherwise in it.
    """

    meeting: Meeting
    minutes: Minutes | None
    agency: Agency | None
    content: Content
    replaced: int = 0
    changed: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        return f"Copy of {self.agency}" if self.agency else "Whole record of the conference"


class NotSigned(PermissionDenied):
    """Who was invited but has not signed the statement: nothing about a case opens before."""


@transaction.atomic
def open_minutes(
    *,
    meeting: Meeting,
    reader: User,
    agency: Agency | None = None,
    number: int | None = None,
    path: str,
    at: datetime,
) -> Copy:
    """The minutes of a meeting that the reader sees, as they may read them; the opening is kept.

    Who keeps conferences reads the whole, any version (`number`), the draft before it is approved,
    and each agency's copy (`agency`). Everybody else reads their own agency's copy of the newest
    version that was sent, once they signed the statement; observers read none.

    Raises PermissionDenied (NotSigned where the statement is what is missing) and DomainError where
    nothing was sent yet or there is no such version.
    """
    if keeps(reader):
        copy = _for_keeper(meeting, reader, agency, number)
    else:
        copy = _for_agency_of(meeting, reader)
        _first_opened(copy, reader, at)
    _note(copy, reader, path, at)
    return copy


def whole_for(meeting: Meeting, reader: User) -> Content:
    """The draft as it would read today, without what the reader may not know."""
    return _readable(content_of(meeting), meeting, reader)


def _for_keeper(meeting: Meeting, reader: User, agency: Agency | None, number: int | None) -> Copy:
    if agency is not None and not meeting.invitations.filter(agency=agency).exists():
        raise DomainError(f"{agency} was not invited: there is no copy for it.")
    rows = Minutes.objects.filter(meeting=meeting).select_related("approved_by")
    row = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    if row is None and number:
        raise DomainError(f"There is no version {number} of these minutes.")
    return _copy(meeting, row, agency, reader)


def _for_agency_of(meeting: Meeting, reader: User) -> Copy:
    attendance = Attendance.objects.of(reader).filter(meeting=meeting).first()
    if attendance is None or attendance.signed_at is None:
        raise NotSigned("Sign the statement first: then the minutes open to you.")
    if attendance.is_observer or reader.team is None:
        raise PermissionDenied("Observers get no minutes: they are for the agencies.")
    sent = MinutesCopy.objects.filter(
        minutes__meeting=meeting, minutes__sent_at__isnull=False, agency=reader.team.agency_id
    )
    found = sent.select_related("minutes__approved_by", "agency").order_by("-minutes__number")
    newest = found.first()
    if newest is None:
        raise DomainError("The minutes of this meeting are not out yet.")
    return _copy(meeting, newest.minutes, newest.agency, reader)


def _copy(meeting: Meeting, row: Minutes | None, agency: Agency | None, reader: User) -> Copy:
    content = cast("Content", row.content) if row else content_of(meeting)
    cut = _cut(content, meeting, agency, reader)
    former = _former(row, agency) if row else None
    if former is None:
        return Copy(meeting, row, agency, cut)
    before = _cut(cast("Content", former.content), meeting, agency, reader)
    return Copy(meeting, row, agency, cut, former.number, tuple(changed_cases(before, cut)))


def _former(row: Minutes, agency: Agency | None) -> Minutes | None:
    """The version before; to an agency only what was sent was ever there."""
    rows = Minutes.objects.filter(meeting=row.meeting_id, number__lt=row.number)
    if agency is not None:
        rows = rows.filter(sent_at__isnull=False)
    return rows.order_by("-number").first()


def _cut(content: Content, meeting: Meeting, agency: Agency | None, reader: User) -> Content:
    """What of it may be read: first by the reader, then by the agency whose copy it is."""
    mine = _readable(content, meeting, reader)
    if agency is None:
        return mine
    rows = Withholding.objects.filter(agency=agency, ended_at__isnull=True)
    kept = rows.filter(victim__in=[case["victim_id"] for case in content["cases"]])
    return for_agency(mine, agency.pk, withheld=set(kept.values_list("victim_id", flat=True)))


def _readable(content: Content, meeting: Meeting, reader: User) -> Content:
    near = Hearing.objects.filter(near_hearing(reader), meeting=meeting)
    return for_reader(
        content,
        reader.pk,
        withheld=reader.withheld_victims,
        near=set(near.values_list("pk", flat=True)),
    )


def _first_opened(copy: Copy, reader: User, at: datetime) -> None:
    """The first opening stands with the agency's copy, too."""
    rows = MinutesCopy.objects.filter(
        minutes=copy.minutes, agency=copy.agency, opened_at__isnull=True
    )
    rows.update(opened_at=at, opened_by=reader)


def _note(copy: Copy, reader: User, path: str, at: datetime) -> None:
    """Who opened what: in the audit of the meeting, and of every victim who stands in it."""
    version = f"version {copy.minutes.number}" if copy.minutes else "draft"
    cases = copy.content["cases"]
    audit.record(
        actor=reader,
        at=at,
        verb="marac_minutes.opened",
        headline=f"Minutes of {copy.meeting.reference} opened, {version}: {copy.whose}"[:300],
        subject=copy.meeting.reference,
        detail={
            "number": copy.minutes.number if copy.minutes else 0,
            "agency": copy.agency.pk if copy.agency else None,
            "cases": [case["reference"] for case in cases],
        },
    )
    RecordRead.objects.bulk_create(
        RecordRead(
            user=reader,
            user_name=str(reader),
            at=at,
            path=path[:300],
            subject=case["reference"],
            victim_id=case["victim_id"],
        )
        for case in cases
    )

"""What is said at a hearing, line by line: written once, put right only by a line beside it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Agency, User
from accounts.withheld import is_withheld
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac.models import Attendance, Hearing, HearingLine, Invitation, Meeting, Minutes
from marac.permissions import can_chair, can_keep
from marac.services.live.counting import next_number
from marac.services.live.leading import require_hears, require_speaker
from marac.services.locking import locked_hearing

LONGEST_LINE = 10_000


@transaction.atomic
def write_line(
    *,
    hearing_id: int,
    section: str,
    words: str,
    key: UUID,
    corrects_id: int | None = None,
    agency_id: int | None = None,
    actor: User,
    at: datetime,
) -> HearingLine:
    """Write down what was said; sent again with the same key it is the same line.

    Two who write at once write two lines. `corrects_id` names the line that this one puts right:
    it stands beside it and takes its section. A chair or coordinator types for others:
    `agency_id` says for whom.

    What was typed without a connection may arrive after the case was concluded, and after the
    meeting: it is taken until the minutes are approved. Raises PermissionDenied for who has not
    signed, observes, or does not hear the case; InvalidInput at "words", "section", "key",
    "corrects_id" or "agency_id"; DomainError before the case is begun and after the minutes.
    """
    words = clean(words, field="words", longest=LONGEST_LINE, required=True)
    hearing = locked_hearing(hearing_id)
    place = require_speaker(actor, hearing.meeting)
    require_hears(actor, hearing)
    earlier = HearingLine.objects.filter(key=key).first()
    if earlier is not None:
        return _the_same(earlier, hearing, words, actor)
    _require_may_write(hearing)
    corrected = _corrected(hearing, corrects_id)
    line = HearingLine(
        hearing=hearing,
        victim_id=hearing.victim_id,
        section=corrected.section if corrected else _section(section),
        agency=_spoken_for(place, hearing, agency_id, actor),
        words=words,
        by=actor,
        at=at,
        number=next_number(hearing.meeting_id),
        key=key,
        corrects=corrected,
    )
    line.save(force_insert=True)
    # Each line says itself who wrote it and when; a victim's timeline would be nothing else.
    audit.record(
        actor=actor,
        at=at,
        verb="marac.line_corrected" if corrected else "marac.line_written",
        subject=hearing.case.reference,
        headline=f"{line.get_section_display()}: line {line.number} of {hearing.meeting.reference}",
        detail={"line": line.pk, "corrects": corrects_id, "agency": line.agency.name},
    )
    return line


def _the_same(earlier: HearingLine, hearing: Hearing, words: str, actor: User) -> HearingLine:
    """The line of this key, where it is the same one; a key is nobody else's to use."""
    if (earlier.hearing_id, earlier.by_id) != (hearing.pk, actor.pk):
        raise InvalidInput("This key belongs to another line. Write it again.", field="key")
    if earlier.words != words:
        raise InvalidInput(
            "This was written already and said something else. Send it as a line of its own.",
            field="key",
        )
    return earlier


def _require_may_write(hearing: Hearing) -> None:
    meeting = hearing.meeting
    if hearing.began_at is None or meeting.state not in (
        Meeting.State.UNDER_WAY,
        Meeting.State.HELD,
    ):
        raise DomainError("The meeting has not come to this case.")
    if Minutes.objects.filter(meeting=meeting).exists():
        raise DomainError(
            "The minutes are approved: nothing more is written into them. Give what you have to "
            "the coordinator, for a further version.",
            code="minutes_approved",
        )


def _section(section: str) -> str:
    if section not in HearingLine.Section.values:
        raise InvalidInput("Choose one of the sections.", field="section")
    return section


def _corrected(hearing: Hearing, corrects_id: int | None) -> HearingLine | None:
    if corrects_id is None:
        return None
    rows = HearingLine.objects.filter(pk=corrects_id, hearing=hearing)
    found: HearingLine | None = rows.first()
    if found is None:
        raise InvalidInput("That line is not of this case.", field="corrects_id")
    return found


def _spoken_for(place: Attendance, hearing: Hearing, agency_id: int | None, actor: User) -> Agency:
    """For which agency it was said: their own; for who types for all, any that is invited."""
    if agency_id is None or agency_id == place.agency_id:
        return place.agency
    conference = hearing.meeting.conference
    if not (can_chair(actor, conference) or can_keep(actor, conference)):
        raise InvalidInput("You write for your own agency.", field="agency_id")
    invited = Invitation.objects.filter(meeting=hearing.meeting_id, agency=agency_id)
    row = invited.select_related("agency").first()
    if row is None or is_withheld(agency_id, hearing.victim_id):
        raise InvalidInput("This agency does not speak at this case.", field="agency_id")
    return row.agency

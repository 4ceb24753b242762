"""A meeting agrees on an action: an agency, what, by which day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When

from accounts.models import Agency, Team, User
from accounts.withheld import is_withheld
from core import events, references
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac.deadlines.actions import end_of
from marac.events import ActionAgreed
from marac.models import Attendance, Hearing, Invitation, MaracAction, Meeting, Minutes
from marac.services.actions.rows import (
    LONGEST_WORDS,
    checked_day,
    checked_owner,
    record,
    require_seen_by,
    tell_doers,
    watch,
)
from marac.services.live.counting import next_number
from marac.services.live.leading import require_hears, require_speaker
from marac.services.locking import locked_hearing


@transaction.atomic
def agree_action(
    *,
    hearing_id: int,
    agency_id: int,
    owner_id: int | None = None,
    words: str,
    due_on: date,
    is_for_officers: bool = False,
    key: UUID,
    actor: User,
    at: datetime,
) -> MaracAction:
    """Write down what an agency will do by the end of a day; sent again it is the same action.

    Whoever speaks at the meeting writes it, for any agency that is invited. Without an owner
    whoever leads the agency's team has it. As with lines, what was typed without a connection is
    taken until the minutes are approved. Raises PermissionDenied for who has not signed, observes
    or does not hear the case; InvalidInput at "words" (to 1,000 characters), "agency_id",
    "owner_id", "due_on" (today to a year ahead) or "key"; DomainError before the case is begun and
    after the minutes.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    hearing = locked_hearing(hearing_id)
    require_speaker(actor, hearing.meeting)
    require_hears(actor, hearing)
    earlier = MaracAction.objects.filter(key=key).first()
    if earlier is not None:
        return _the_same(earlier, hearing, words, actor)
    _require_may_agree(hearing)
    agency = _checked_agency(agency_id, hearing)
    due_on = checked_day(due_on, at)
    owner, team = None, None
    if owner_id is not None:
        owner, team = checked_owner(owner_id, agency, hearing.case_id)
    action = MaracAction(
        reference=references.take(references.Kind.MARAC_ACTION, at),
        hearing=hearing,
        case=hearing.case,
        victim_id=hearing.victim_id,
        agency=agency,
        team=team or _team(agency, hearing),
        owner=owner,
        words=words,
        due_on=due_on,
        due_at=end_of(due_on),
        is_for_officers=is_for_officers,
        agreed_at=at,
        agreed_by=actor,
        key=key,
        number=next_number(hearing.meeting_id),
    )
    action.save(force_insert=True)
    require_seen_by(owner, action)
    watch(action, actor=actor, at=at)
    headline = f"Action for {agency}, by {due_on.day} {due_on:%b}: {action.reference}"
    record(action, "agreed", headline, actor=actor, at=at, due=due_on.isoformat())
    tell_doers(action, f"An action for you by {due_on.day} {due_on:%b}", actor=actor, at=at)
    events.announce(ActionAgreed(action.pk, action.victim_id, actor, at))
    return action


def _the_same(earlier: MaracAction, hearing: Hearing, words: str, actor: User) -> MaracAction:
    """The action of this key, where it is the same one; a key is nobody else's to use."""
    if (earlier.hearing_id, earlier.agreed_by_id) != (hearing.pk, actor.pk):
        raise InvalidInput("This key belongs to another action. Write it again.", field="key")
    if earlier.words != words:
        raise InvalidInput(
            "This was written already and said something else. Send it as an action of its own.",
            field="key",
        )
    return earlier


def _require_may_agree(hearing: Hearing) -> None:
    meeting = hearing.meeting
    begun = (Meeting.State.UNDER_WAY, Meeting.State.HELD)
    if hearing.began_at is None or meeting.state not in begun:
        raise DomainError("The meeting has not come to this case.")
    if hearing.state == Hearing.State.TAKEN_OFF:
        raise DomainError("This case was taken off the agenda.")
    if Minutes.objects.filter(meeting=meeting).exists():
        raise DomainError(
            "The minutes are approved: no action is added to them. Agree it at the next meeting "
            "that hears the case.",
            code="minutes_approved",
        )


def _checked_agency(agency_id: int, hearing: Hearing) -> Agency:
    invited = Invitation.objects.filter(meeting=hearing.meeting_id, agency=agency_id)
    row = invited.select_related("agency").first()
    # A reader must not learn from words of whom a case is withheld: both are said alike.
    if row is None or is_withheld(agency_id, hearing.victim_id):
        raise InvalidInput("Choose an agency that takes part in this case.", field="agency_id")
    return row.agency


def _team(agency: Agency, hearing: Hearing) -> Team:
    """The agency's team that answers: that of who speaks for it here, else the likeliest.

    The conference's own team is the police's too, and answers for nothing that the police do.
    """
    own = hearing.meeting.conference.team_id
    speakers = Attendance.objects.filter(
        meeting=hearing.meeting_id, is_observer=False, agency=agency, person__team__agency=agency
    ).exclude(person__team=own)
    speaks = speakers.order_by(F("signed_at").asc(nulls_last=True), "pk").values("person__team")
    if (team := Team.objects.filter(pk__in=speaks[:1]).first()) is not None:
        return team
    likeliest = Case(
        When(pk=own, then=Value(3)),
        When(kind=Team.Kind.DAISU, then=Value(0)),
        When(supervisor__isnull=False, then=Value(1)),
        default=Value(2),
    )
    found = Team.objects.filter(agency=agency).order_by(likeliest, "pk").first()
    if found is None:
        raise InvalidInput(f"{agency} has no team here that could do it.", field="agency_id")
    return found

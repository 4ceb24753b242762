"""Somebody at a meeting is near to a case, says so, and sees nothing of it from then on."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Coalesce

import deadlines.services
from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from deadlines import kinds
from deadlines.models import Deadline, Notification
from marac.models import Conflict, Hearing, MaracAction, MaracCase
from marac.near import keeper_of, people_near, references_of
from marac.services.actions.passing_on import give
from marac.services.actions.rows import locked_action
from marac.services.agenda.watching import AGENDA
from marac.services.live.counting import next_number
from marac.services.locking import locked_hearing
from marac.services.research.withdrawing import pass_to_who_may

LONGEST = 1_000


@transaction.atomic
def declare_conflict(*, hearing_id: int, words: str, actor: User, at: datetime) -> Conflict:
    """Say that one is near to a case, and how (to 1,000 characters): it is shut to oneself.

    What their agency is asked of it goes to somebody else of the agency, and so does whatever else
    they had to do of the case. Whoever leads and whoever
    prepares the meeting are told who it is, so that somebody else does what was theirs; what they
    said is in the audit alone. Saying it again changes nothing. Raises PermissionDenied for whoever
    does not hear the case; InvalidInput at `words`; DomainError where it is not heard there.
    """
    hearing = locked_hearing(hearing_id)
    standing = Conflict.objects.filter(hearing=hearing, person=actor).first()
    if standing is not None:
        return standing
    if not Hearing.objects.visible_to(actor).filter(pk=hearing.pk).exists():
        raise PermissionDenied("Only whoever hears a case says that they are near to it.")
    words = clean(words, field="words", longest=LONGEST, required=True)
    if hearing.state in (Hearing.State.TAKEN_OFF, Hearing.State.DEFERRED):
        raise DomainError(f"{hearing.case} is not heard at this meeting.")
    row = Conflict.objects.create(
        hearing=hearing, person=actor, words=words, declared_at=at, declared_by=actor
    )
    pass_to_who_may(hearing, actor, at)
    _give_up_duties(hearing.case, actor, at)
    # Whoever has its page open sees it shut at once.
    next_number(hearing.meeting_id)
    audit.record(
        actor=actor,
        at=at,
        verb="hearing.conflict_declared",
        headline=f"{actor} is near to the case and does not hear it",
        subject=hearing.case.reference,
        victim_id=hearing.victim_id,
        detail={"meeting": hearing.meeting.reference, "said": words},
        is_grave=True,
    )
    _tell(hearing, actor, at)
    return row


def _give_up_duties(case: MaracCase, actor: User, at: datetime) -> None:
    """What somebody had to do of a case is somebody else's, or their team's."""
    for pk in (
        MaracAction.objects.open().filter(case=case, owner=actor).values_list("pk", flat=True)
    ):
        action = locked_action(pk)
        give(action, None, action.team, f"{actor} is near to the case.", actor=actor, at=at)
    theirs = Deadline.objects.open().filter(owner=actor, subject_reference__in=references_of(case))
    theirs.filter(team=case.conference.team_id).update(owner=keeper_of(case))
    theirs.update(owner=None, team=Coalesce("team", case.conference.team_id))


def _tell(hearing: Hearing, actor: User, at: datetime) -> None:
    meeting = hearing.meeting
    near = people_near([hearing.case_id])[hearing.case_id]
    deadlines.services.notify(
        users=[one for one in (meeting.coordinator, meeting.chair) if one.pk not in near],
        level=Notification.Level.WARNING,
        headline=f"{actor} is near to {hearing.case} and does not hear it"[:200],
        reference=meeting.reference,
        path=kinds.get(AGENDA).path(meeting.reference),
        victim_id=hearing.victim_id,
        at=at,
    )

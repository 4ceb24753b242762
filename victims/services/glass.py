"""Records opened in an emergency: for a reason, for a time, and never unseen."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
from accounts.models import User
from accounts.roles import Role
from accounts.withheld import withheld_from
from audit import services as audit
from core import policy
from core.errors import DomainError, InvalidInput
from core.text import clean
from deadlines.models import Notification
from victims import permissions
from victims.deadlines.glass import BROKEN_GLASS
from victims.models import Victim, VictimAccess
from victims.services.access import end_access, give_access

Why = VictimAccess.Why
#: The same for a record that is not there and one that is withheld.
NOT_OPENED = "No record was opened. Check the reference, or the name and the date of birth."
LONGEST = 1_000
#: Different words that a reason has at least.
FEWEST_WORDS = 4
#: Of exactly one name and birth date there are never more.
MOST_ALIKE = 50


class NotOpened(DomainError):
    """No one record was meant, or the one that was is withheld: nobody is told which."""

    code = "not_opened"

    def __init__(self, because: str) -> None:
        super().__init__(NOT_OPENED)
        #: For those who audit alone.
        self.because = because


def open_in_emergency(
    *,
    reason: str,
    reference: str = "",
    given_name: str = "",
    family_name: str = "",
    born: date | None = None,
    actor: User,
    at: datetime,
) -> VictimAccess:
    """Find the one record that is asked for and open it; what opens none is on record as well.

    Whoever tries names until one opens leaves every attempt behind, with its reason. Call it in no
    transaction that its refusal undoes. Raises what `find_for_emergency` and `break_glass` raise.
    """
    if not permissions.can_break_glass(actor):
        raise PermissionDenied("Your role opens no records in an emergency.")
    reason = _checked_reason(reason)
    said = {"reference": reference, "given_name": given_name, "family_name": family_name}
    try:
        victim_id = find_for_emergency(**said, born=born, actor=actor)
        return break_glass(victim_id=victim_id, reason=reason, actor=actor, at=at)
    except NotOpened as error:
        asked = {**said, "born": born.isoformat() if born else ""}
        _record_miss(asked, error.because, reason, actor, at)
        raise


def find_for_emergency(
    *,
    reference: str = "",
    given_name: str = "",
    family_name: str = "",
    born: date | None = None,
    actor: User,
) -> int:
    """The key of the one victim of this reference, or of exactly this name and birth date.

    Raises PermissionDenied, InvalidInput at `reference` for half a question, and NotOpened with the
    same words whether there is nobody, more than one, or somebody withheld from the actor.
    """
    if not permissions.can_break_glass(actor):
        raise PermissionDenied("Your role opens no records in an emergency.")
    victims = Victim.objects.all()
    if reference.strip():
        victims = victims.filter(reference=reference.strip().upper())
    elif given_name.strip() and family_name.strip() and born:
        victims = victims.filter(
            person__given_name__iexact=given_name.strip(),
            person__family_name__iexact=family_name.strip(),
            person__date_of_birth=born,
        )
    else:
        raise InvalidInput(
            "Give the reference, or both names and the birth date.", field="reference"
        )
    found = list(victims.values_list("pk", flat=True)[:MOST_ALIKE])
    seen = [one for one in found if one not in actor.withheld_victims]
    if len(seen) == 1:
        return seen[0]
    if seen:
        raise NotOpened("several")
    raise NotOpened("withheld" if found else "nobody")


@transaction.atomic
def break_glass(*, victim_id: int, reason: str, actor: User, at: datetime) -> VictimAccess:
    """Open a record that is not one's own, until the policy's hours are over.

    Whoever leads the person is told at once and says within the policy's time whether it was right.
    A record that stands open stays as it is. Raises PermissionDenied, InvalidInput at `reason`,
    NotOpened for a record that is withheld (as if there were none), and DomainError for one that is
    open to the actor already.
    """
    if not permissions.can_break_glass(actor):
        raise PermissionDenied("Your role opens no records in an emergency.")
    reason = _checked_reason(reason)
    victim = Victim.objects.select_for_update(no_key=True).filter(pk=victim_id).first()
    if victim is None or actor.pk in withheld_from([actor.pk], victim_id):
        raise NotOpened("withheld" if victim else "nobody")
    standing = _standing(victim, actor)
    if standing is not None and standing.until_at is not None:
        if standing.until_at > at:
            return standing
        _end(standing, "Its time is over", actor, at)
    elif Victim.objects.visible_to(actor).filter(pk=victim.pk).exists():
        raise DomainError("This record is open to you already.")
    told = _told(actor, victim)
    row = give_access(
        victim_id=victim.pk,
        person=actor,
        why=Why.BREAK_GLASS,
        until_at=at + timedelta(hours=policy.at(at).break_glass_hours),
        reason=reason,
        actor=actor,
        at=at,
    )
    row.told = told
    row.save(update_fields=["told"])
    _watch(row, actor, told, at)
    return row


@transaction.atomic
def close_glass(*, access_id: int, actor: User, at: datetime) -> VictimAccess:
    """Whoever opened a record gives it back before its time. What is over stays as it is.

    Raises PermissionDenied for anybody else.
    """
    row = _locked(access_id)
    if row.person_id != actor.pk:
        raise PermissionDenied("Only whoever opened a record gives it back.")
    if row.ended_at is None:
        _end(row, "Given back", actor, at)
        row.refresh_from_db()
    return row


@transaction.atomic
def look_at_broken_glass(
    *, access_id: int, is_right: bool, words: str, actor: User, at: datetime
) -> VictimAccess:
    """Say whether it was right to open a record; if it was not, it closes at once.

    Raises PermissionDenied for all but whoever leads the person and the head of public protection,
    InvalidInput at `words` (needed, to 1,000 characters), and DomainError where it is said already.
    """
    row = _locked(access_id)
    if not permissions.can_look_at_broken_glass(actor, row.person):
        raise PermissionDenied("Whoever leads them says whether it was right.")
    words = clean(words, field="words", longest=LONGEST, required=True)
    if row.looked_at is not None:
        raise DomainError(f"{row.looked_at_by} has said already what they think of it.")
    row.looked_at, row.looked_at_by, row.found_right, row.looked_at_words = (
        at,
        actor,
        is_right,
        words,
    )
    row.save(update_fields=["looked_at", "looked_at_by", "found_right", "looked_at_words"])
    if not is_right and row.ended_at is None:
        _end(row, "It was not right to open it", actor, at)
    deadlines.services.meet(kind=BROKEN_GLASS, subject=row, actor=actor, at=at)
    said = "right" if is_right else "not right"
    _record(row, "looked_at", f"Opened by {row.person}: found {said}", words, actor, at)
    row.refresh_from_db()
    return row


def _checked_reason(reason: str) -> str:
    """A sentence that whoever leads them can judge: a word or two, or "urgent", tells nothing."""
    reason = clean(reason, field="reason", longest=LONGEST, required=True)
    words = {word.lower() for word in reason.split() if any(map(str.isalpha, word))}
    if len(words) < FEWEST_WORDS:
        raise InvalidInput("Say in a sentence what happens and why it cannot wait.", field="reason")
    return reason


def _standing(victim: Victim, actor: User) -> VictimAccess | None:
    return VictimAccess.objects.filter(
        victim=victim, person=actor, why=Why.BREAK_GLASS, ended_at=None
    ).first()


def _end(row: VictimAccess, because: str, actor: User, at: datetime) -> None:
    end_access(
        victim_id=row.victim_id,
        why=Why.BREAK_GLASS,
        person=row.person,
        because=because,
        actor=actor,
        at=at,
    )


def _told(actor: User, victim: Victim) -> User | None:
    """Who leads the person; where nobody else does, the head of public protection."""
    leader = actor.team.supervisor if actor.team else None
    heads = User.objects.filter(groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True)
    asked = [one for one in (leader, *heads.order_by("pk")) if one and one.is_active]
    barred = withheld_from([one.pk for one in asked], victim.pk) | {actor.pk}
    return next((one for one in asked if one.pk not in barred), None)


def _watch(row: VictimAccess, actor: User, told: User | None, at: datetime) -> None:
    """Neither message nor clock names the victim: whoever leads may not see them, later or ever."""
    reference = row.called
    deadlines.services.start(
        kind=BROKEN_GLASS,
        subject=row,
        reference=reference,
        victim_id=None,
        team=actor.team,
        owner=told,
        started_at=at,
        actor=actor,
        at=at,
    )
    deadlines.services.notify(
        users=[told] if told else [],
        level=Notification.Level.WARNING,
        headline=f"{actor} opened a record in an emergency"[:200],
        reference=reference,
        path=reverse("victims:broken_glass", args=[reference]),
        victim_id=None,
        at=at,
    )


def _locked(access_id: int) -> VictimAccess:
    """The victim first, as everywhere."""
    rows = VictimAccess.objects.filter(why=Why.BREAK_GLASS)
    victim_id = rows.values_list("victim_id", flat=True).get(pk=access_id)
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    related = rows.select_related("person__team", "victim", "looked_at_by")
    return related.select_for_update(of=("self",)).get(pk=access_id)


def _record_miss(
    asked: dict[str, str], because: str, reason: str, actor: User, at: datetime
) -> None:
    """For those who audit: without a victim's key no timeline shows it, and none is named."""
    audit.record(
        actor=actor,
        at=at,
        verb="access.sought",
        headline="Tried to open a record in an emergency: none was opened",
        subject="break-glass",
        victim_id=None,
        detail={"asked": asked, "because": because, "words": reason},
        is_grave=True,
    )


def _record(
    row: VictimAccess, verb: str, headline: str, words: str, actor: User, at: datetime
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"access.{verb}",
        headline=headline[:300],
        subject=row.victim.reference,
        victim_id=row.victim_id,
        detail={"access": row.pk, "words": words},
        is_grave=True,
    )

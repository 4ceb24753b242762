"""Every attempt to reach a victim, by which way, and what they were told in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import AlreadyTaken, InvalidInput, Stale
from core.text import clean
from victims import permissions, safe_way
from victims.events import VictimReached
from victims.models import Contact, Note, SafeContact, Victim, VictimUpdate
from victims.services import once, telling
from victims.services.notes import write_note
from victims.services.past import checked_past
from victims.services.seeing import require_seen

Way = Contact.Way
Outcome = Contact.Outcome
LONGEST_WORDS = 5_000
LONGEST_REASON = 300
KeptAmong = Note.KeptAmong
#: What stands on the row where the reason itself is kept among one side.
KEPT_APART = "The reason is kept apart"
#: How it may end when they reached us.
_WHEN_THEY_CAME = (Outcome.REACHED, Outcome.UNSAFE, Outcome.REFUSED)


@transaction.atomic
def log_contact(
    *,
    victim_id: int,
    way: str,
    outcome: str,
    words: str = "",
    kept_among: str | None = None,
    contacted_at: datetime | None = None,
    updates: Mapping[int, int] | None = None,
    seen: int,
    other_way_reason: str = "",
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> Contact:
    """Log one attempt to reach a victim, or that they reached us.

    `updates` says what it was about: the number of each VictimUpdate and the version that was read.
    Reached: they become told, with their clocks. Not reached: it counts as an attempt for those
    still owed. `seen` is the version of the safe contact that was read before (0: none on record):
    another one recorded meanwhile is shown before anything counts. `contacted_at` is when it
    happened, now where it is not given; the safe contact in force then is bound to it. `key` is
    that of a form, so that a double press is one contact.

    `kept_among` says who reads the words (`permissions.note_sides`): an adviser's are kept among
    advisers unless they say otherwise, since advocacy is independent. Whoever sees the victim reads
    that there was an attempt, when, by which way and how it ended.

    Raises PermissionDenied, also where the actor sees the victim no more; Stale where the safe
    contact changed; InvalidInput at `way`, `outcome`, `words` (needed where it was not safe; to
    5,000 characters), `kept_among`, `contacted_at`, `updates` or `other_way_reason` (needed where
    the safe contact was departed from; to 300); AlreadyTaken at `updates` where somebody told them
    first.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_record_contact(actor):
        raise PermissionDenied("Your role does not log contacts with victims.")
    require_seen(victim, actor)
    among = _checked_side(kept_among, actor)
    wanted = dict(updates or {})
    what = f"contact with {victim.reference}"
    said = [way, outcome, words, contacted_at, sorted(wanted.items()), other_way_reason]
    said += [among] if among else []
    form = {"said": said}
    earlier = once.earlier_result(key=key, what=what, said=form, actor=actor, at=at)
    if earlier is not None:
        return Contact.objects.get(pk=earlier)
    _refuse_unseen(victim, seen)
    when = _checked_time(contacted_at, at)
    row = Contact(
        victim=victim,
        at=when,
        recorded_at=at,
        by=actor,
        way=way,
        outcome=_checked_outcome(way, outcome),
        words=clean(
            words, field="words", longest=LONGEST_WORDS, required=outcome == Outcome.UNSAFE
        ),
        safe_contact=in_force(victim, when),
        other_way_reason=clean(other_way_reason, field="other_way_reason", longest=LONGEST_REASON),
    )
    _require_reason(row)
    about = _about(victim, wanted, is_told=outcome == Outcome.REACHED, when=when)
    apart = _taken_apart(row) if among else ""
    row.save(force_insert=True)
    row.updates.set(about)
    if apart:
        write_note(
            victim_id=victim.pk,
            words=apart,
            kept_among=among,
            contact_id=row.pk,
            actor=actor,
            at=at,
        )
    _record(row, victim, about)
    if outcome == Outcome.REACHED:
        _reached(row, victim, about)
    once.remember(key=key, result=row.pk, actor=actor)
    return row


def _checked_side(kept_among: str | None, actor: User) -> str:
    """Who reads the words: as said; where nothing is said an adviser's own side, else everybody."""
    sides = permissions.note_sides(actor)
    if kept_among is None:
        return KeptAmong.ADVOCATES.value if sides[0] == KeptAmong.ADVOCATES else ""
    if kept_among not in sides:
        raise InvalidInput("Say who may read this.", field="kept_among")
    return kept_among


def _taken_apart(row: Contact) -> str:
    """The words that only one side reads, taken off a row that whoever sees the victim reads."""
    said = [row.words, f"Another way or hour because: {row.other_way_reason}"]
    apart = "\n".join(said if row.other_way_reason else said[:1]).strip()
    row.words = ""
    if row.other_way_reason:
        row.other_way_reason = KEPT_APART
    return apart


def in_force(victim: Victim, instant: datetime) -> SafeContact | None:
    """The safe contact that counted at an instant, which may lie before the present one."""
    return (
        SafeContact.objects.filter(victim=victim, checked_at__lte=instant)
        .order_by("-version")
        .first()
    )


def _refuse_unseen(victim: Victim, seen: int) -> None:
    current = (
        SafeContact.objects.filter(victim=victim, is_current=True)
        .select_related("checked_by")
        .first()
    )
    version = current.version if current else 0
    if seen == version:
        return
    read = SafeContact.objects.filter(victim=victim, version=seen).first()
    who = current.checked_by if current else "Somebody"
    raise Stale(
        f"{who} changed the safe contact after you opened this. Read it as it is now, above, "
        "then log this again.",
        theirs=_shown(current),
        yours=_shown(read),
        version=version,
    )


def _shown(contact: SafeContact | None) -> dict[str, Any]:
    """A safe contact as pages word it."""
    if contact is None:
        return {"safe_way": "Not known"}
    return {
        "safe_way": contact.get_method_display(),
        "number": contact.number_shown,
        "when": contact.hours,
        "code_word": contact.code_word,
        "message": "may be left" if contact.may_leave_voicemail else "never",
        "notes": contact.notes,
    }


def _checked_outcome(way: str, outcome: str) -> str:
    if way not in Way.values:
        raise InvalidInput("Choose one of the ways offered.", field="way")
    if outcome not in Outcome.values:
        raise InvalidInput("Say how it ended.", field="outcome")
    if way == Way.THEY_CAME and outcome not in _WHEN_THEY_CAME:
        raise InvalidInput(
            "They reached us, so they were there. Say how it ended.", field="outcome"
        )
    return outcome


def _checked_time(contacted_at: datetime | None, at: datetime) -> datetime:
    if contacted_at is None:
        return at
    ahead = "This lies ahead. Log it when it has happened."
    return checked_past(contacted_at, at, field="contacted_at", ahead=ahead)


def _require_reason(row: Contact) -> None:
    departure = safe_way.departs(row.way, row.outcome, row.at, row.safe_contact)
    if departure and not row.other_way_reason:
        raise InvalidInput(f"{departure} Say why it was done.", field="other_way_reason")


def _about(
    victim: Victim, wanted: Mapping[int, int], *, is_told: bool, when: datetime
) -> list[VictimUpdate]:
    """What it was about, locked; what may not be told in it is refused, what is over left out."""
    rows = list(
        VictimUpdate.objects.filter(victim=victim, pk__in=wanted)
        .select_related("settled_by")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if len(rows) != len(wanted):
        raise InvalidInput("This is not to be told to this victim.", field="updates")
    if not is_told:
        return [row for row in rows if telling.is_owed(row) and row.version == wanted[row.pk]]
    for row in rows:
        _refuse_untellable(row, wanted[row.pk], when)
    return rows


def _refuse_untellable(row: VictimUpdate, version: int, when: datetime) -> None:
    if not telling.is_owed(row):
        raise AlreadyTaken(telling.what_became_of(row), field="updates")
    if row.version != version:
        raise InvalidInput(
            f"This changed after you opened the page. It is now: {row.words}. "
            "Tell them that, then tick it again.",
            field="updates",
        )
    # What is to come was told at the earliest when it was announced.
    if when < (row.recorded_at if telling.is_ahead(row) else row.happened_at):
        raise InvalidInput(
            f"“{row.words}” came after this contact, so it was not told in it.",
            field="updates",
        )


def _record(row: Contact, victim: Victim, about: Collection[VictimUpdate]) -> None:
    there = local(row.at)
    headline = f"{row.get_way_display()}: {row.get_outcome_display().lower()}"
    if row.at != row.recorded_at:
        headline += f", {there.day} {there:%b %Y, %H:%M}"
    audit.record(
        actor=row.by,
        at=row.recorded_at,
        verb="victim.contact_logged",
        headline=headline,
        subject=victim.reference,
        victim_id=victim.pk,
        is_grave=row.outcome == Outcome.UNSAFE,
        detail={
            "words": row.words,
            "way": row.way,
            "outcome": row.outcome,
            "contacted": row.at.isoformat(),
            "safe_contact_version": row.safe_contact.version if row.safe_contact else 0,
            "departed": safe_way.departs(row.way, row.outcome, row.at, row.safe_contact),
            "other_way_reason": row.other_way_reason,
            "about": [update.about for update in about],
        },
    )


def _reached(row: Contact, victim: Victim, told: Sequence[VictimUpdate]) -> None:
    """Spoken with: what was told is settled, and the silence is over. Never backwards in time."""
    if victim.last_contact_at is None or victim.last_contact_at < row.at:
        victim.last_contact_at = row.at
        victim.save(update_fields=["last_contact_at"])
    telling.settle_told(told, contact=row, victim=victim)
    events.announce(
        VictimReached(contact_id=row.pk, victim_id=victim.pk, actor=row.by, at=row.recorded_at)
    )

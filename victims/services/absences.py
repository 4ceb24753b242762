"""Being away: somebody else stands in for a time, and everything that is theirs goes on.

Nobody is away twice at once, nobody stands in while they are away themselves, and whoever stands in
may do what they stand in for. So a duty always has a person, not only a record of one.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

import deadlines.services
from accounts.models import Absence, User
from audit import services as audit
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from deadlines.models import Notification
from victims import permissions
from victims.models import Duty, Victim, VictimGrant

LONGEST_REASON = 200
#: Whoever is away longer hands over what they have.
LONGEST = timedelta(days=366)


def stamp(absence: Absence) -> str:
    """What somebody saw of an absence, to tell whether it changed since."""
    begins, ends = absence.from_at.timestamp(), absence.until_at.timestamp()
    return f"{absence.cover_id}-{begins:.0f}-{ends:.0f}"


@transaction.atomic
def arrange_absence(
    *,
    person: User,
    cover: User,
    from_at: datetime,
    until_at: datetime,
    reason: str = "",
    actor: User,
    at: datetime,
) -> Absence:
    """Say that somebody is away from one instant until another, and who stands in for them.

    For oneself, or by whoever leads their team. Raises PermissionDenied, and InvalidInput at
    `from_at` (away already then, or standing in for somebody), `until_at`, `cover` (has left, is
    away, may not do what is to be done or not see the victims concerned) or `reason` (to 200
    characters).
    """
    _require_may_arrange(actor, person)
    _lock_people(person, cover)
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    _check_times(from_at, until_at, at)
    _check_free(person, from_at, until_at)
    check_cover(person, cover, from_at, until_at)
    row = Absence.objects.create(
        person=person,
        cover=cover,
        from_at=from_at,
        until_at=until_at,
        reason=reason,
        recorded_by=actor,
        recorded_at=at,
    )
    _record(row, "arranged", f"{_who(row)} {_when(row)}", actor, at)
    _tell(row, row.cover, f"You stand in for {person} {_when(row)}", actor, at)
    _tell(row, person, f"{cover} stands in for you {_when(row)}", actor, at)
    return row


@transaction.atomic
def change_absence(
    *,
    absence_id: int,
    cover: User,
    from_at: datetime,
    until_at: datetime,
    reason: str = "",
    seen: str,
    actor: User,
    at: datetime,
) -> Absence:
    """Other times, or somebody else who stands in; `seen` is the `stamp` of what was changed.

    One that has begun keeps its beginning. Raises as `arrange_absence`, Stale where it was changed
    since, and DomainError where it is over.
    """
    row = _locked(absence_id, also=cover)
    _require_may_arrange(actor, row.person)
    _require_not_over(row, at)
    if stamp(row) != seen:
        raise _stale(row, cover, from_at, until_at)
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    if row.from_at <= at and from_at != row.from_at:
        raise InvalidInput("This has begun: its beginning stays as it is.", field="from_at")
    _check_times(from_at, until_at, at)
    _check_free(row.person, from_at, until_at, but=row)
    check_cover(row.person, cover, from_at, until_at, but=row)
    before, was = row.cover, f"{_who(row)} {_when(row)}"
    row.cover, row.from_at, row.until_at, row.reason = cover, from_at, until_at, reason
    row.save(update_fields=["cover", "from_at", "until_at", "reason"])
    _record(row, "changed", f"{_who(row)} {_when(row)}", actor, at, before=was)
    if before != cover:
        _tell(row, before, f"You no longer stand in for {row.person}", actor, at)
    _tell(row, cover, f"You stand in for {row.person} {_when(row)}", actor, at)
    _tell(row, row.person, f"{cover} stands in for you {_when(row)}", actor, at)
    return row


@transaction.atomic
def end_absence(*, absence_id: int, actor: User, at: datetime) -> None:
    """They are back before the time; or they do not go at all, where it has not begun.

    Raises PermissionDenied, and DomainError where it is over.
    """
    row = _locked(absence_id)
    _require_may_arrange(actor, row.person)
    _require_not_over(row, at)
    if row.from_at < at:
        row.until_at = row.ended_early_at = at
        row.save(update_fields=["until_at", "ended_early_at"])
        _record(row, "ended", f"{row.person} is back", actor, at)
        words = f"{row.person} is back: you no longer stand in"
    else:
        _record(row, "called_off", f"{row.person} is not away {_when(row)}", actor, at)
        words = f"{row.person} is not away: you do not stand in"
        row.delete()
    _tell(row, row.cover, words, actor, at)


def check_cover(
    person: User, cover: User, from_at: datetime, until_at: datetime, but: Absence | None = None
) -> None:
    """Raises InvalidInput at `cover` for somebody who cannot stand in for a person then."""
    if cover == person:
        raise InvalidInput("Nobody stands in for themselves.", field="cover")
    if not cover.is_active or cover.is_system:
        raise InvalidInput(f"{cover} no longer works here. Choose another.", field="cover")
    if not may_stand_in(person, cover):
        raise InvalidInput(f"{cover} may not do what {person} does.", field="cover")
    away = _overlapping(Q(person=cover), from_at, until_at).first()
    if away is not None:
        raise InvalidInput(f"{cover} is away then themselves: {_when(away)}.", field="cover")
    if not _sees_what_is_theirs(person, cover):
        raise InvalidInput(f"{cover} may not see every victim whom {person} has.", field="cover")


def may_stand_in(person: User, cover: User) -> bool:
    """Whether somebody's roles let them do what is another's: hold duties, or the same role."""
    if permissions.can_hand_over(person):
        return permissions.can_hand_over(cover)
    return not person.role_names.isdisjoint(cover.role_names)


def _sees_what_is_theirs(person: User, cover: User) -> bool:
    """Whether somebody will see the victims of another: themselves, or by standing in.

    What a person was granted without an end is seen by whoever works in their place (see
    `VictimQuerySet`), unless it is withheld from them.
    """
    theirs = Q()
    for duty in Duty:
        theirs |= Q(**{f"{duty.value}_owner": person})
    limit = Victim.objects.all().seen_by(cover)
    if limit is None:
        return True
    granted = VictimGrant.objects.filter(user=person, until_at__isnull=True)
    granted = granted.exclude(content_object__in=sorted(cover.withheld_victims))
    unseen = Victim.objects.open().filter(theirs).exclude(limit)
    return not unseen.exclude(pk__in=granted.values("content_object")).exists()


def _check_times(from_at: datetime, until_at: datetime, at: datetime) -> None:
    if until_at <= from_at:
        raise InvalidInput("This is before the absence begins.", field="until_at")
    if until_at <= at:
        raise InvalidInput("This is over already.", field="until_at")
    if until_at - from_at > LONGEST:
        raise InvalidInput(
            "A year at most. Whoever is away longer hands over what they have.", field="until_at"
        )


def _check_free(
    person: User, from_at: datetime, until_at: datetime, but: Absence | None = None
) -> None:
    """Not away then already, and nobody relies on them then."""
    away = _overlapping(Q(person=person), from_at, until_at, but).first()
    if away is not None:
        raise InvalidInput(f"{_who(away)} {_when(away)} already. Change that one.", field="from_at")
    relied_on = _overlapping(Q(cover=person), from_at, until_at).first()
    if relied_on is not None:
        raise InvalidInput(
            f"{_who(relied_on)} {_when(relied_on)}. Say first who else stands in.", field="from_at"
        )


def _overlapping(
    whose: Q, from_at: datetime, until_at: datetime, but: Absence | None = None
) -> QuerySet[Absence]:
    rows = Absence.objects.filter(whose, from_at__lt=until_at, until_at__gt=from_at)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return rows.select_related("person", "cover").order_by("from_at")


def _require_may_arrange(actor: User, person: User) -> None:
    if not permissions.can_arrange_cover(actor, person):
        raise PermissionDenied(f"{person} arranges this, or whoever leads their team.")


def _require_not_over(row: Absence, at: datetime) -> None:
    if row.until_at <= at:
        raise DomainError("This absence is over. Nothing about it can be changed.")


def _locked(absence_id: int, also: User | None = None) -> Absence:
    """The people first, as everywhere here; then the row as it is now."""
    row = Absence.objects.select_related("person", "cover").get(pk=absence_id)
    _lock_people(row.person, row.cover, *([also] if also else []))
    Absence.objects.select_for_update().get(pk=absence_id)
    return Absence.objects.select_related("person", "cover").get(pk=absence_id)


def _lock_people(*people: User) -> None:
    """Two arrangements about one person wait for one another, whoever of them is away.

    In order of their numbers, so that nobody waits in a circle. Who is here is read anew.
    """
    ids = {person.pk for person in people}
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    here = dict(rows.values_list("pk", "is_active"))
    for person in people:
        person.is_active = here.get(person.pk, False)


def _stale(row: Absence, cover: User, from_at: datetime, until_at: datetime) -> Stale:
    mine = Absence(person=row.person, cover=cover, from_at=from_at, until_at=until_at)
    return Stale(
        "This was changed while you had it open. Look at both, then send yours again.",
        theirs={"stands_in": str(row.cover), "away": _when(row)},
        yours={"stands_in": str(cover), "away": _when(mine)},
        version=0,
    )


def _who(row: Absence) -> str:
    return f"{row.person} is away, {row.cover} stands in"


def _when(row: Absence) -> str:
    begins, ends = local(row.from_at), local(row.until_at)
    return f"{begins.day} {begins:%b, %H:%M} to {ends.day} {ends:%b, %H:%M}"


def _tell(row: Absence, whom: User, headline: str, actor: User, at: datetime) -> None:
    """Everybody concerned but who does it."""
    if whom == actor:
        return
    deadlines.services.notify(
        users=[whom],
        level=Notification.Level.INFORMATION,
        headline=headline[:200],
        reference=row.person.username[:40],
        path=reverse("victims:absences"),
        victim_id=None,
        at=at,
    )


def _record(
    row: Absence, verb: str, headline: str, actor: User, at: datetime, **detail: str
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"absence.{verb}",
        headline=headline[:300],
        subject=row.person.username[:40],
        detail={
            "person": row.person.username,
            "cover": row.cover.username,
            "from": row.from_at.isoformat(),
            "until": row.until_at.isoformat(),
            "reason": row.reason,
            **detail,
        },
    )

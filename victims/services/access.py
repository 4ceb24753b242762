"""Who may see one victim beyond their role: reasons are kept, the grant follows from them."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import models, transaction

from accounts.models import User
from accounts.withheld import withheld_from
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from victims.models import Victim, VictimAccess, VictimGrant

Why = VictimAccess.Why
LONGEST_REASON = 1_000


@transaction.atomic
def give_access(
    *,
    victim_id: int,
    person: User,
    why: str,
    source: models.Model | None = None,
    until_at: datetime | None = None,
    reason: str = "",
    actor: User,
    at: datetime,
) -> VictimAccess:
    """Let a person see one victim, for one reason; the same reason again changes nothing.

    The service that gives it (a case allocated, a record opened in an emergency) has asked whether
    its actor may. Raises DomainError for somebody who must not receive anything about this victim.
    """
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    victim = _locked(victim_id)
    if person.pk in withheld_from([person.pk], victim_id):
        raise DomainError(f"{person} cannot be given this record.")
    kind, key = _source(source)
    standing = VictimAccess.objects.filter(
        victim=victim, person=person, why=why, source_type=kind, source_id=key, ended_at=None
    ).first()
    if standing is not None:
        return standing
    row = VictimAccess.objects.create(
        victim=victim,
        person=person,
        why=Why(why),
        source_type=kind,
        source_id=key,
        reason=reason,
        given_by=actor,
        from_at=at,
        until_at=until_at,
    )
    _follow(victim, person.pk, at)
    _record(
        row, victim, "given", f"{person} may see this record: {row.get_why_display()}", actor, at
    )
    return row


@transaction.atomic
def end_access(
    *,
    victim_id: int,
    why: str,
    source: models.Model | None = None,
    person: User | None = None,
    because: str,
    actor: User,
    at: datetime,
) -> int:
    """End the standing reasons of one kind and source, of one person or of everybody; how many.

    Whoever has no other reason sees nothing of the victim from this transaction on.
    """
    because = clean(because, field="because", longest=300, required=True)
    victim = _locked(victim_id)
    kind, key = _source(source)
    rows = VictimAccess.objects.filter(
        victim=victim, why=why, source_type=kind, source_id=key, ended_at=None
    ).select_related("person")
    if person is not None:
        rows = rows.filter(person=person)
    return _end(list(rows), victim, because, actor, at)


@transaction.atomic
def end_all_access(
    *, victim_id: int, person_ids: list[int], because: str, actor: User, at: datetime
) -> int:
    """End every standing reason of these people to see a victim; how many ended."""
    because = clean(because, field="because", longest=300, required=True)
    victim = _locked(victim_id)
    rows = VictimAccess.objects.filter(
        victim=victim, person__in=person_ids, ended_at=None
    ).select_related("person")
    return _end(list(rows), victim, because, actor, at)


@transaction.atomic
def end_what_ran_out(*, actor: User, at: datetime) -> int:
    """Write down the end of what was for a time only. Nothing was seen from that time on anyway."""
    over = VictimAccess.objects.filter(ended_at=None, until_at__lte=at)
    ended = 0
    for victim_id in sorted(set(over.values_list("victim_id", flat=True))):
        victim = _locked(victim_id)
        rows = over.filter(victim=victim).select_related("person")
        ended += _end(list(rows), victim, "Its time is over", actor, at)
    return ended


def _end(rows: list[VictimAccess], victim: Victim, because: str, actor: User, at: datetime) -> int:
    for row in rows:
        row.ended_at, row.ended_because = at, because
        row.save(update_fields=["ended_at", "ended_because"])
        _follow(victim, row.person_id, at)
        headline = f"{row.person} no longer sees this record: {because}"[:300]
        _record(row, victim, "ended", headline, actor, at)
    return len(rows)


def _locked(victim_id: int) -> Victim:
    return Victim.objects.select_for_update(no_key=True).get(pk=victim_id)


def _source(source: models.Model | None) -> tuple[str, int | None]:
    return (source._meta.label_lower, source.pk) if source is not None else ("", None)


def _follow(victim: Victim, person_id: int, at: datetime) -> None:
    """The grant as the standing reasons have it: none, for a time, or without an end."""
    ends = list(
        VictimAccess.objects.in_force(at)
        .filter(victim=victim, person=person_id)
        .values_list("until_at", flat=True)
    )
    grants = VictimGrant.objects.filter(
        user=person_id, content_object=victim, permission__codename="view_victim"
    )
    if not ends:
        grants.delete()
        return
    timed = [end for end in ends if end is not None]
    until = max(timed) if len(timed) == len(ends) else None
    permission = Permission.objects.get(
        content_type__app_label="victims", content_type__model="victim", codename="view_victim"
    )
    VictimGrant.objects.update_or_create(
        user_id=person_id,
        permission=permission,
        content_object=victim,
        defaults={"until_at": until},
        create_defaults={"until_at": until, "granted_at": at},
    )


def _record(
    row: VictimAccess, victim: Victim, verb: str, headline: str, actor: User, at: datetime
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"access.{verb}",
        headline=headline[:300],
        subject=victim.reference,
        victim_id=victim.pk,
        is_grave=row.why == Why.BREAK_GLASS,
        detail={"person": str(row.person), "why": row.why, "reason": row.reason},
    )

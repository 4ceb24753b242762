"""A worker says whom an agency's referral is about; and takes that back while nothing was told."""

from datetime import datetime

from django.db import transaction

import victims.services
from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core import events
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput
from referrals.events import AgencyReferralIdentified
from referrals.models import AgencyReferral, Referral
from referrals.services.claiming import require_open, require_worker
from referrals.services.incoming import moving
from referrals.services.incoming.receiving import new_person, victim_of
from referrals.services.incoming.recognising import Identified
from referrals.services.incoming.said import AgencySays
from victims.models import Person, Victim

IDENTIFIED = "referral.identified"


@transaction.atomic
def say_who(
    *, referral_id: int, person_id: int | None, actor: User, at: datetime
) -> AgencyReferral:
    """Say that an agency's referral is about this person on record; none: nobody on record.

    The referral moves to that victim with its clock and all that hangs from it, whose own grade
    stays. A record that was opened for this referral alone is closed as the same person. Saying
    the same again changes nothing. Raises PermissionDenied, AlreadyTaken where a colleague said
    somebody else, InvalidInput at "person", DomainError once something was shared.
    """
    require_worker(actor)
    incoming = _of(referral_id)
    target = _target(incoming, person_id, actor, at)
    incoming = _lock(incoming, target)
    referral, before = incoming.referral, incoming.victim
    if incoming.identified == Identified.WORKER:
        if before.pk == target.pk and (person_id is not None or _former(incoming)[0] == before):
            return incoming
        raise _said_already(incoming)
    require_open(referral)
    was = incoming.identified
    if before.pk != target.pk:
        _require_nothing_told(referral)
        moving.move(incoming, target, actor=actor, at=at)
        _open_again(target, actor, at)
    _mark(incoming, Identified.WORKER, actor, at)
    # Whatever else hangs from the record goes to whom it is about, before that one is closed.
    events.announce(AgencyReferralIdentified(referral.pk, before.pk, target.pk, actor, at))
    if before.pk != target.pk and was != Identified.MATCHED:
        moving.close_as_same(before, target, actor=actor, at=at)
    _record(incoming, was, before, target, actor, at)
    return incoming


@transaction.atomic
def take_back_who(*, referral_id: int, actor: User, at: datetime) -> AgencyReferral:
    """It was never about that person: as before, and somebody decides again.

    Raises PermissionDenied, DomainError where nobody said who it is, and once something was shared.
    """
    require_worker(actor)
    incoming = _of(referral_id)
    former, was = _former(incoming)
    incoming = _lock(incoming, former)
    referral, wrong = incoming.referral, incoming.victim
    if incoming.identified != Identified.WORKER:
        raise DomainError("Nobody has said who this is. There is nothing to take back.")
    require_open(referral)
    _require_nothing_told(referral)
    if former.pk != wrong.pk:
        moving.move(incoming, former, actor=actor, at=at)
        if was != Identified.MATCHED:
            place = was == Identified.NEW
            moving.open_as_own(former, _says(incoming), place=place, actor=actor, at=at)
    _mark(incoming, Identified.SEVERAL, None, None)
    events.announce(AgencyReferralIdentified(referral.pk, wrong.pk, former.pk, actor, at))
    for victim in {wrong.pk: wrong, former.pk: former}.values():
        audit.record(
            actor=actor,
            at=at,
            verb="referral.identification_taken_back",
            headline=f"Referral by {incoming.agency} is not about {wrong.reference} after all",
            subject=referral.reference,
            victim_id=victim.pk,
            detail={"before": wrong.reference, "after": former.reference},
            is_grave=True,
        )
    return incoming


def _of(referral_id: int) -> AgencyReferral:
    rows = AgencyReferral.objects.select_related("victim")
    incoming = rows.filter(referral=referral_id).first()
    if incoming is None:
        raise DomainError("No agency sent this referral: it is about its assessment's victim.")
    return incoming


def _target(incoming: AgencyReferral, person_id: int | None, actor: User, at: datetime) -> Victim:
    """The record it is to be about; opened where the person has none yet."""
    assert actor.team is not None
    if person_id is None:
        if incoming.identified != Identified.MATCHED:
            return incoming.victim
        person = new_person(_says(incoming), place=True, actor=actor, at=at)
    else:
        found = Person.objects.visible_to(actor).filter(pk=person_id).first()
        if found is None:
            raise InvalidInput("Nobody on record has this reference.", field="person")
        person = found
    return victim_of(person, actor.team, actor, at)


def _says(incoming: AgencyReferral) -> AgencySays:
    names = AgencySays.__dataclass_fields__
    return AgencySays(**{name: getattr(incoming, name) for name in names})


def _lock(incoming: AgencyReferral, other: Victim) -> AgencyReferral:
    """The referral with both records, locked: the victims first, in the order of their numbers.

    Whoever says who it is at the same moment waits, and then finds it said.
    """
    ids = {incoming.victim_id, other.pk}
    rows = Victim.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    locked = {row.pk: row for row in rows}
    referral = (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claimed_by")
        .get(pk=incoming.referral_id)
    )
    now = AgencyReferral.objects.select_related("agency", "identified_by").get(pk=incoming.pk)
    now.referral = referral
    if now.victim_id not in locked:
        raise _said_already(now)
    now.victim = locked[now.victim_id]
    return now


def _said_already(incoming: AgencyReferral) -> AlreadyTaken:
    if incoming.identified_at is None:
        return AlreadyTaken("A colleague just took it back. Look again, then decide.")
    at = local(incoming.identified_at)
    return AlreadyTaken(
        f"{incoming.identified_by} said on {at.day} {at:%B at %H:%M} who this is: "
        f"{incoming.victim.reference}. To change it, take that back first."
    )


def _require_nothing_told(referral: Referral) -> None:
    if referral.sharings.exists() or referral.idva_cases.exists():
        raise DomainError(
            "Something was shared of this referral already, or an adviser asked for. Withdraw and "
            "correct that with whoever was told; whom it is about stays as it is."
        )


def _open_again(target: Victim, actor: User, at: datetime) -> None:
    victims.services.reopen_case(
        victim_id=target.pk, reason="A partner agency referred them", actor=actor, at=at
    )


def _former(incoming: AgencyReferral) -> tuple[Victim, str]:
    """The record it was about before somebody said who it is, as the audit has it; and how clear
    it was then."""
    said = AuditEvent.objects.filter(
        victim_id=incoming.victim_id, verb=IDENTIFIED, subject=incoming.referral.reference
    )
    last = said.order_by("-pk").first()
    if last is None:
        return incoming.victim, incoming.identified
    former = Victim.objects.select_related("person").get(reference=last.detail["before"])
    return former, str(last.detail["was"])


def _mark(incoming: AgencyReferral, identified: str, by: User | None, at: datetime | None) -> None:
    incoming.identified, incoming.identified_by, incoming.identified_at = identified, by, at
    incoming.save(update_fields=["identified", "identified_by", "identified_at"])


def _record(
    incoming: AgencyReferral,
    was: str,
    before: Victim,
    after: Victim,
    actor: User,
    at: datetime,
) -> None:
    """On both records: where it came from and where it went."""
    headline = f"Referral by {incoming.agency} is about {after.reference}"
    for victim in {before.pk: before, after.pk: after}.values():
        audit.record(
            actor=actor,
            at=at,
            verb=IDENTIFIED,
            headline=headline,
            subject=incoming.referral.reference,
            victim_id=victim.pk,
            detail={"was": was, "before": before.reference, "after": after.reference},
        )

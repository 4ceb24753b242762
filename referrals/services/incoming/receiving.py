"""An agency refers somebody: the referral lands in the queue, its time runs from receipt."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
import victims.services
from accounts.models import Agency, Team, User
from audit import services as audit
from core import events, policy, references
from core.errors import DomainError
from core.working_time import Allowance, Clock
from deadlines.kinds import Terms
from incidents.history import earlier_of
from referrals.events import ReferralOpened
from referrals.models import AgencyReferral, Referral
from referrals.permissions import can_refer
from referrals.services.incoming.recognising import Identified, Meant, meant
from referrals.services.incoming.said import AgencySays, checked, grade_by
from referrals.services.opening import KIND, LONGEST_ABOUT, unit_for
from referrals.services.tallies import count_arrival
from victims.models import Address, Person, Victim
from victims.services.once import earlier_result, remember

_FORM = "refer to the unit"


@transaction.atomic
def refer_to_unit(
    *, says: AgencySays, key: UUID | None = None, actor: User, at: datetime
) -> AgencyReferral:
    """Take in what an agency refers; it is for the agency of the actor's team.

    Nobody's own grade changes: the agency's view orders the queue, the unit decides. A form sent
    twice (`key`) is one referral. Raises PermissionDenied, InvalidInput at the field, and
    SentAlready where the same form said something else before.
    """
    agency, team = _sender(actor)
    says = checked(says, at)
    earlier = earlier_result(key=key, what=_FORM, said=asdict(says), actor=actor, at=at)
    if earlier is not None:
        return AgencyReferral.objects.select_related("referral").get(pk=earlier)
    who = meant(says)
    victim = _victim(who, says, team, actor, at)
    referral = _opened(says, victim, agency, at)
    incoming = AgencyReferral.objects.create(
        referral=referral,
        victim=victim,
        agency=agency,
        sent_by=actor,
        sent_at=at,
        identified=who.identified,
        **asdict(says),
    )
    _watch(referral, victim, agency, actor, at)
    _record(incoming, actor, at)
    victims.services.reopen_case(
        victim_id=victim.pk, reason=f"Referred by {agency}"[:300], actor=actor, at=at
    )
    events.announce(ReferralOpened(referral.pk, victim.pk, actor, at))
    remember(key=key, result=incoming.pk, actor=actor)
    count_arrival(at)
    return incoming


def _sender(actor: User) -> tuple[Agency, Team]:
    if not can_refer(actor):
        raise PermissionDenied("Agencies' own representatives refer somebody to the unit.")
    if actor.team is None:
        raise DomainError("Your account belongs to no agency yet. Ask whoever keeps accounts.")
    return actor.team.agency, actor.team


def _victim(who: Meant, says: AgencySays, team: Team, actor: User, at: datetime) -> Victim:
    """The record of the one who is meant, or of somebody newly recorded, locked."""
    person = who.person or new_person(
        says, place=who.identified == Identified.NEW, actor=actor, at=at
    )
    victim = victim_of(person, team, actor, at)
    return Victim.objects.select_for_update(no_key=True).get(pk=victim.pk)


def victim_of(person: Person, team: Team, actor: User, at: datetime) -> Victim:
    """The victim's record of a person; a new one is the unit's."""
    unit = unit_for(team.area_id) or team
    return victims.services.victim_for(person=person, area=team.area, team=unit, at=at, actor=actor)


def new_person(says: AgencySays, *, place: bool, actor: User, at: datetime) -> Person:
    """Somebody newly recorded as the agency named them.

    `place`: also with telephone and home. A provisional record goes without, so that nobody is
    recognised by what may be somebody else's.
    """
    return victims.services.record_person(
        given_name=says.given_name,
        family_name=says.family_name,
        date_of_birth=says.date_of_birth,
        number=says.telephone if place else "",
        address=home_of(says) if place else None,
        actor=actor,
        at=at,
    )


def home_of(says: AgencySays) -> Address | None:
    """The address, where the agency gave a whole one."""
    if not (says.address_line and says.postcode):
        return None
    return victims.services.address_for(line=says.address_line, postcode=says.postcode)


def _opened(says: AgencySays, victim: Victim, agency: Agency, at: datetime) -> Referral:
    grade = grade_by(policy.at(at), says)
    return Referral.objects.create(
        reference=references.take(references.Kind.REFERRAL, at),
        victim=victim,
        agency=agency,
        grade=grade,
        risk_rank=grade.rank,
        submitted_at=at,
        due_at=at,
        earlier_in_year=earlier_in_year(victim, at),
        children=says.children_count,
        about=f"referred by {agency}"[:LONGEST_ABOUT],
    )


def earlier_in_year(victim: Victim, at: datetime) -> int:
    """Incidents of the victim before, in the months that make a repeat."""
    months = policy.at(at).repeat_months
    return earlier_of(person_ids=[victim.person_id], months=months, before=at)


def _watch(referral: Referral, victim: Victim, agency: Agency, actor: User, at: datetime) -> None:
    deadline = deadlines.services.start(
        kind=KIND,
        subject=referral,
        reference=referral.reference,
        victim_id=victim.pk,
        team=unit_for(victim.area_id),
        owner=None,
        started_at=at,
        actor=actor,
        at=at,
        terms=Terms(
            clock=Clock.ELAPSED,
            allowance=Allowance(hours=policy.at(at).referral_hours),
            runs_from="receipt from the agency",
            source="force policy",
        ),
    )
    referral.due_at = deadline.due_at
    referral.save(update_fields=["due_at"])


def _record(incoming: AgencyReferral, actor: User, at: datetime) -> None:
    referral = incoming.referral
    audit.record(
        actor=actor,
        at=at,
        verb="referral.opened",
        subject=referral.reference,
        headline=f"Referred to the MARU by {incoming.agency}, "
        f"{referral.get_grade_display().lower()} risk",
        victim_id=referral.victim_id,
        detail={
            "agency": incoming.agency.name,
            "grade": referral.grade,
            "agency_grade": incoming.grade,
            "yes_count": incoming.yes_count,
            "victim_agrees": incoming.victim_agrees,
            "identified": incoming.identified,
            "due_at": referral.due_at.isoformat(),
        },
        is_grave=not incoming.victim_agrees,
    )

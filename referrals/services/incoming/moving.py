"""A referral goes to another victim's record with all that hangs from it; the other one closes."""

from datetime import datetime

from django.db.models.fields.reverse_related import ForeignObjectRel
from pghistory.models import Event

import deadlines.services
import victims.services
from accounts.models import Team, User
from audit import services as audit
from core import events
from deadlines.models import Deadline, Notification
from referrals.models import (
    AgencyReferral,
    GradeCheck,
    Referral,
    ReferralPause,
    SecondOpinion,
)
from referrals.services.incoming.receiving import earlier_in_year, home_of
from referrals.services.incoming.said import AgencySays
from referrals.services.opening import KIND, unit_for
from victims.events import CaseClosed
from victims.models import Duty, Person, PersonName, Residence, Telephone, Victim
from victims.services.people import SpokenName, name_rows

#: What hangs from a referral and names its victim.
_OF_REFERRAL = (ReferralPause, SecondOpinion, GradeCheck)
#: By what somebody is recognised; a record that is closed as somebody else's keeps none of it.
_RECOGNISED_BY = (PersonName, Telephone, Residence)
#: What every record has of itself, and so says nothing.
_SAYS_NOTHING = frozenset(
    {"victims.victim", "deadlines.notification"}
    | {model._meta.label_lower for model in _RECOGNISED_BY}
)


def move(incoming: AgencyReferral, to: Victim, *, actor: User, at: datetime) -> None:
    """Let everything of the referral be about `to`. The caller holds all the locks."""
    referral, before = incoming.referral, incoming.victim_id
    referral.victim, incoming.victim = to, to
    referral.earlier_in_year = earlier_in_year(to, referral.submitted_at)
    referral.version += 1
    referral.save(update_fields=["victim", "earlier_in_year", "version"])
    incoming.save(update_fields=["victim"])
    for model in _OF_REFERRAL:
        model._default_manager.filter(referral=referral).update(victim=to)
    clocks = Deadline.objects.of(referral)
    Notification.objects.filter(deadline__in=clocks, victim=before).update(victim=to)
    clocks.update(victim=to)
    _follow_clock(referral, to, actor, at)
    _follow_worker(referral, to, actor, at)


def close_as_same(provisional: Victim, as_: Victim, *, actor: User, at: datetime) -> bool:
    """Close a record from which nothing else hangs; nobody is recognised by it any more.

    Whether it was. What the agency typed stays with its referral, so that nothing is lost.
    """
    if provisional.closed_at is not None or _hangs(provisional):
        return False
    reason = f"Same person as {as_.reference}"
    provisional.closed_at, provisional.closed_reason = at, reason
    provisional.version += 1
    provisional.save(update_fields=["closed_at", "closed_reason", "version"])
    for model in _RECOGNISED_BY:
        model._default_manager.filter(person=provisional.person_id).delete()
    audit.record(
        actor=actor,
        at=at,
        verb="victim.case_closed",
        headline=reason,
        subject=provisional.reference,
        victim_id=provisional.pk,
        detail={"reason": reason},
        is_grave=True,
    )
    events.announce(CaseClosed(victim_id=provisional.pk, actor=actor, at=at))
    return True


def open_as_own(
    former: Victim, says: AgencySays, *, place: bool, actor: User, at: datetime
) -> None:
    """Open a record again that was closed as somebody else's, recognised as before.

    `place`: also by telephone and home, where it was so from the first.
    """
    victims.services.reopen_case(
        victim_id=former.pk, reason="Not the same person after all", actor=actor, at=at
    )
    person = former.person
    if person.names.exists():
        return
    PersonName.objects.bulk_create(
        name_rows(person, SpokenName(person.given_name, person.family_name))
    )
    if place:
        victims.services.note_identifiers(
            person=person, number=says.telephone, address=home_of(says), actor=actor, at=at
        )


def _follow_clock(referral: Referral, to: Victim, actor: User, at: datetime) -> None:
    deadlines.services.assign(
        kind=KIND,
        subject=referral,
        owner=referral.claimed_by,
        team=unit_for(to.area_id),
        actor=actor,
        at=at,
    )


def _follow_worker(referral: Referral, to: Victim, actor: User, at: datetime) -> None:
    """Whoever has the referral answers for what only the first response, or nobody, had."""
    if referral.claimed_by is None:
        return
    teams = {getattr(to, f"{duty.value}_team_id") for duty in Duty}
    response = set(
        Team.objects.filter(pk__in=teams, kind=Team.Kind.RESPONSE).values_list("pk", flat=True)
    )
    victims.services.set_responsible(
        victim_id=to.pk,
        person=referral.claimed_by,
        duties=[duty for duty in Duty if getattr(to, f"{duty.value}_team_id") in response],
        and_unheld=True,
        actor=actor,
        at=at,
    )


def _hangs(victim: Victim) -> bool:
    """Whether anything at all is on record of this victim beyond that they were referred."""
    return any(_has_rows(row) for row in (victim, victim.person))


def _has_rows(row: Victim | Person) -> bool:
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model = relation.related_model
        if model._meta.label_lower in _SAYS_NOTHING or issubclass(model, Event):
            continue
        if model._base_manager.filter(**{relation.field.name: row}).exists():
            return True
    return False

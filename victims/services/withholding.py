"""Who must not receive anything about a victim: a person or an agency near the perpetrator.

It begins and ends in one transaction with what follows from it: what they could see is closed, and
what they had of the victim passes to whoever leads their team. Nobody else learns of it: neither
the timeline nor whoever takes a duty over is told why.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Agency, Team, User, Withholding
from accounts.roles import Role
from accounts.withheld import withheld_from
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from core.text import clean
from deadlines.models import Deadline
from victims import permissions
from victims.events import Withheld
from victims.models import Duty, Victim
from victims.services.access import end_all_access
from victims.services.duties import withdraw_offers_to
from victims.services.victims import set_responsible

LONGEST = 1_000


@transaction.atomic
def withhold(
    *,
    victim_id: int,
    person_id: int | None = None,
    agency_id: int | None = None,
    reason: str,
    actor: User,
    at: datetime,
) -> Withholding:
    """Let nothing about a victim reach a person or an agency, from this transaction on.

    Saying it again changes nothing. Raises PermissionDenied for whoever may not keep the register
    or may not see the victim; InvalidInput at `person`, `agency` or `reason` (to 1,000 characters):
    for both or neither, oneself, a system, the police as an agency; and DomainError where nobody
    would be left to answer for the victim.
    """
    victim = _locked(victim_id, actor)
    reason = clean(reason, field="reason", longest=LONGEST, required=True)
    person, agency = _whom(person_id, agency_id, actor)
    standing = Withholding.objects.filter(
        victim=victim, person=person, agency=agency, ended_at=None
    ).first()
    if standing is not None:
        return standing
    row = Withholding.objects.create(
        victim=victim, person=person, agency=agency, reason=reason, set_by=actor, set_at=at
    )
    people = _people(person, agency)
    end_all_access(
        victim_id=victim.pk,
        person_ids=[one.pk for one in people],
        because="They do not work with this record any more",
        actor=actor,
        at=at,
    )
    _pass_on(victim, people, agency, actor, at)
    _record(row, "withheld", f"Withheld from {person or agency}", reason, actor, at)
    events.announce(
        Withheld(
            withholding_id=row.pk,
            victim_id=victim.pk,
            person_id=person_id,
            agency_id=agency_id,
            actor=actor,
            at=at,
        )
    )
    return row


@transaction.atomic
def end_withholding(*, withholding_id: int, reason: str, actor: User, at: datetime) -> Withholding:
    """The victim is withheld no longer; what they had before is not given back by itself.

    Raises PermissionDenied as `withhold` does, InvalidInput at `reason`, and DomainError where it
    has ended already.
    """
    victim_id = Withholding.objects.values_list("victim_id", flat=True).get(pk=withholding_id)
    _locked(victim_id, actor)
    row = Withholding.objects.select_for_update(of=("self",)).get(pk=withholding_id)
    reason = clean(reason, field="reason", longest=LONGEST, required=True)
    if row.ended_at is not None:
        raise DomainError("This has ended already.")
    row.ended_at, row.ended_by, row.ended_reason = at, actor, reason
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    whom = f"No longer withheld from {row.person or row.agency}"
    _record(row, "no_longer_withheld", whom, reason, actor, at)
    return row


def _locked(victim_id: int, actor: User) -> Victim:
    """The victim, for somebody who keeps the register and from whom they are not withheld."""
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    seen = Victim.objects.visible_to(actor).filter(pk=victim_id).exists()
    if not (seen and permissions.can_keep_withholdings(actor)):
        raise PermissionDenied("Your role does not keep who must not receive what.")
    return victim


def _whom(
    person_id: int | None, agency_id: int | None, actor: User
) -> tuple[User | None, Agency | None]:
    if (person_id is None) == (agency_id is None):
        raise InvalidInput("Name one person or one agency.", field="person")
    if agency_id is not None:
        agency = Agency.objects.filter(pk=agency_id).first()
        if agency is None:
            raise InvalidInput("There is no such agency.", field="agency")
        if agency.kind == Agency.Kind.POLICE:
            raise InvalidInput(
                "The police as a whole protect this victim. Name each person.", field="agency"
            )
        return None, agency
    people = User.objects.select_related("team").filter(is_system=False)
    person = people.filter(pk=person_id).first() if person_id is not None else None
    if person is None:
        raise InvalidInput("There is no such person.", field="person")
    if person == actor:
        raise InvalidInput(
            "You cannot withhold a record from yourself. Ask whoever leads you.", field="person"
        )
    return person, None


def _people(person: User | None, agency: Agency | None) -> list[User]:
    if person is not None:
        return [person]
    return list(User.objects.filter(team__agency=agency, is_system=False).select_related("team"))


def _pass_on(
    victim: Victim, people: list[User], agency: Agency | None, actor: User, at: datetime
) -> None:
    """What they had of this victim goes to whoever leads their team, else to the force's head."""
    held: dict[int, list[str]] = {}
    ids = {one.pk for one in people}
    for duty in Duty:
        team: Team = getattr(victim, f"{duty.value}_team")
        of_agency = agency is not None and team.agency_id == agency.pk
        if getattr(victim, f"{duty.value}_owner_id") in ids or of_agency:
            held.setdefault(team.pk, []).append(duty.value)
    teams = {team.pk: team for team in Team.objects.filter(pk__in=held)}
    for team_id, duties in sorted(held.items()):
        to = _leader(victim, [teams[team_id]])
        set_responsible(victim_id=victim.pk, person=to, duties=duties, actor=actor, at=at)
    withdraw_offers_to(
        victim_id=victim.pk, person_ids=ids, reason="Somebody else is asked.", actor=actor, at=at
    )
    due = Deadline.objects.open().filter(victim=victim, owner__in=ids)
    if due.exists():
        to = _leader(victim, [one.team for one in people if one.team])
        due.update(owner=to)


def _leader(victim: Victim, teams: Iterable[Team]) -> User:
    """Who leads one of these teams, else the head of public protection; never one of them withheld.

    Raises DomainError where there is none: a victim is always somebody's responsibility.
    """
    leaders = list(User.objects.filter(supervises__in=list(teams), is_active=True).distinct())
    heads = User.objects.filter(groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True)
    asked = [*leaders, *heads.order_by("pk")]
    barred = withheld_from([one.pk for one in asked], victim.pk)
    for one in asked:
        if one.pk not in barred:
            return one
    raise DomainError(
        "Nobody would be left to answer for this victim. Give their duties to somebody first."
    )


def _record(
    row: Withholding, verb: str, headline: str, reason: str, actor: User, at: datetime
) -> None:
    """For those who audit alone: without the victim's key no timeline shows it."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"victim.{verb}",
        headline=headline[:300],
        subject=row.victim.reference,
        victim_id=None,
        detail={
            "withholding": row.pk,
            "person": str(row.person or ""),
            "agency": str(row.agency or ""),
            "reason": reason,
        },
        is_grave=True,
    )

"""A worker tells a school, or says why it is not needed."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import Agency, User
from audit import services as audit
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from incidents.models import Incident
from referrals.models import SchoolNotice, Sharing
from referrals.permissions import can_work
from referrals.services.schools.owing import KIND, owe_anew, settle
from referrals.services.sharing.telling import tell
from victims.models import Victim

LONGEST_WORDS = 1_000
State = SchoolNotice.State


@transaction.atomic
def tell_school(
    *, incident_id: int, notice_ids: Sequence[int], agency_id: int, actor: User, at: datetime
) -> Sharing:
    """Tell one school of its children of one incident, in one go.

    It hears the children's names and that the police were there, no more: safeguarding a child
    needs no consent. Raises PermissionDenied, InvalidInput at "notices" or "agency" (also for a
    school on the register), AlreadyTaken for a child of whom a school was told meanwhile.
    """
    notices = _locked(incident_id, notice_ids, actor)
    school = Agency.objects.filter(pk=agency_id, kind=Agency.Kind.EDUCATION).first()
    if school is None:
        raise InvalidInput("Choose the school.", field="agency")
    incident = notices[0].incident
    sharing = tell(
        victim_id=notices[0].victim_id,
        agency_id=school.pk,
        what=[Sharing.What.CHILDREN],
        children=[notice.child_id for notice in notices],
        why=_why(incident),
        basis=Sharing.Basis.SAFEGUARDING_CHILD,
        consent=Sharing.Consent.NOT_NEEDED,
        incident_id=incident.pk,
        kind=Sharing.Kind.SCHOOL,
        actor=actor,
        at=at,
    )
    for notice in notices:
        _told(notice, school, sharing, actor, at)
    return sharing


@transaction.atomic
def not_needed(
    *, incident_id: int, notice_ids: Sequence[int], words: str, actor: User, at: datetime
) -> None:
    """Say why no school is told of these children: taught at home, has left school.

    Raises PermissionDenied, InvalidInput at "notices" or "words", AlreadyTaken.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    for notice in _locked(incident_id, notice_ids, actor):
        settle(notice, words, actor, at)
        _record(notice, "school.not_needed", f"No school is told of {notice.child}", actor, at)


@transaction.atomic
def needed_after_all(*, incident_id: int, notice_id: int, actor: User, at: datetime) -> None:
    """That no school is told was wrong: it is owed again. Raises PermissionDenied, DomainError."""
    [notice] = _rows(incident_id, [notice_id], actor)
    if notice.state != State.NOT_NEEDED:
        raise DomainError("Nobody said that this is not needed.")
    owe_anew(notice, notice.incident, actor, at)
    _record(notice, "school.needed", f"A school is to be told of {notice.child}", actor, at)


def _locked(incident_id: int, notice_ids: Sequence[int], actor: User) -> list[SchoolNotice]:
    """The notices, if each is still owed."""
    notices = _rows(incident_id, notice_ids, actor)
    settled = next((row for row in notices if row.state != State.OWED), None)
    if settled is not None:
        raise _settled_already(settled)
    return notices


def _rows(incident_id: int, notice_ids: Sequence[int], actor: User) -> list[SchoolNotice]:
    """The notices, locked; their victim first, as everywhere."""
    if not can_work(actor):
        raise PermissionDenied("Schools are told by the referral unit.")
    ids = set(notice_ids)
    seen = SchoolNotice.objects.visible_to(actor).filter(incident=incident_id, pk__in=ids)
    victims = set(seen.values_list("victim", flat=True))
    list(Victim.objects.select_for_update(no_key=True).filter(pk__in=victims).order_by("pk"))
    notices = list(
        seen.select_for_update(of=("self",), no_key=True)
        .select_related("incident", "child", "agency", "settled_by", "victim")
        .order_by("pk")
    )
    if not ids or len(notices) < len(ids):
        raise InvalidInput("Choose children of this incident.", field="notices")
    return notices


def _settled_already(notice: SchoolNotice) -> AlreadyTaken:
    assert notice.settled_at is not None
    at = local(notice.settled_at)
    when = f"{at.day} {at:%B at %H:%M}"
    if notice.state == State.TOLD:
        words = f"{notice.agency} was told of {notice.child} by {notice.settled_by} on {when}."
    else:
        words = f"{notice.settled_by} said on {when} that no school is told of {notice.child}."
    return AlreadyTaken(words, field="notices")


def _why(incident: Incident) -> str:
    """All that a school hears beside the names."""
    there = local(incident.received_at)
    came = incident.deployments.filter(arrived_at__isnull=False).exists()
    were = "came to" if came else "were called to"
    return (
        f"The police {were} an incident of domestic abuse on {there.day} {there:%B %Y} at which "
        "the children named here were there. Operation Encompass: so that school can look after "
        "them."
    )


def _told(
    notice: SchoolNotice, school: Agency, sharing: Sharing, actor: User, at: datetime
) -> None:
    notice.state, notice.agency, notice.sharing = State.TOLD, school, sharing
    notice.settled_at, notice.settled_by = at, actor
    notice.version += 1
    notice.save(update_fields=["state", "agency", "sharing", "settled_at", "settled_by", "version"])
    deadlines.services.meet(kind=KIND, subject=notice, actor=actor, at=at)
    _record(notice, "school.told", f"{school} told of {notice.child}"[:300], actor, at)


def _record(notice: SchoolNotice, verb: str, headline: str, actor: User, at: datetime) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=headline[:300],
        subject=notice.incident.reference,
        victim_id=notice.victim_id,
        incident_id=notice.incident_id,
        detail={"child": notice.child.reference, "words": notice.words},
    )

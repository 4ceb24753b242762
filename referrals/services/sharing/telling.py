"""Telling one agency: the row that says what, built from what is on record that day."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Agency, User
from accounts.withheld import is_withheld
from audit import services as audit
from core import events, references
from core.clock import local
from core.errors import AlreadyTaken, InvalidInput
from incidents.models import Exhibit, Incident
from referrals.events import InformationShared
from referrals.models import Outgoing, Referral, Sharing
from referrals.services.outgoing import owe
from referrals.services.sharing import parts, saying
from referrals.services.working import one_of
from victims.models import Victim


@transaction.atomic
def tell(
    *,
    victim_id: int,
    agency_id: int,
    what: Sequence[str],
    documents: Sequence[UUID] = (),
    why: str,
    basis: str,
    consent: str,
    consent_reason: str = "",
    consent_asked_at: datetime | None = None,
    keep_until: date | None = None,
    referral_id: int | None = None,
    incident_id: int | None = None,
    kind: str = Sharing.Kind.REFERRAL,
    children: Sequence[int] | None = None,
    replaces: str = "",
    actor: User,
    at: datetime,
) -> Sharing:
    """Tell one agency what was chosen. The caller has asked whether its actor may.

    `documents` are keys of exhibits about this victim; `children` the keys of the people whom the
    part "children" names, where not all of the incident's. `replaces` is the reference of what the
    agency was told before of the same matter: saying more, or again, takes its place. A school is
    told of each child by itself, so that nothing takes the place of what it heard of another.

    Raises InvalidInput naming the field, also for an agency that must not receive anything about
    the victim; AlreadyTaken at "agency" where it was told already and `replaces` does not say so.
    """
    said = saying.check(
        what=what,
        why=why,
        basis=basis,
        consent=consent,
        consent_reason=consent_reason,
        consent_asked_at=consent_asked_at,
        keep_until=keep_until,
        at=at,
    )
    # The victim first, everywhere (see claiming.lock): the register is kept under the same lock.
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    agency = partner(agency_id, victim_id)
    matter = _matter(victim, referral_id, incident_id)
    files = chosen(documents, victim)
    kind = one_of(Sharing.Kind, kind, field="kind")
    former = _former(victim, agency, kind, matter)
    _require_said_on(former, replaces, at)
    place = references.reserve([(references.Kind.SHARING, Sharing)], at)[0]
    if former is not None:
        # Out of force before its successor is in force: only one may be.
        former.replaced_by_id = place.pk
        former.save(update_fields=["replaced_by"])
    row = Sharing.objects.create(
        pk=place.pk,
        reference=place.reference,
        kind=kind,
        victim=victim,
        referral=matter.referral,
        incident=matter.incident,
        agency=agency,
        what=said.what,
        told=parts.told(said.what, matter, children=children, at=at),
        why=said.why,
        basis=said.basis,
        consent=said.consent,
        consent_reason=said.consent_reason,
        consent_asked_at=said.consent_asked_at,
        keep_until=said.keep_until,
        shared_by=actor,
        shared_at=at,
    )
    row.documents.set(files)
    owe(sharing=row, about=Outgoing.About.SHARED, at=at)
    _record(row, matter, files, former, actor, at)
    events.announce(InformationShared(row.pk, row.referral_id, victim.pk, agency.pk, actor, at))
    return row


def partner(agency_id: int, victim_id: int) -> Agency:
    """The agency, if it may be told of this victim. Raises InvalidInput at "agency"."""
    agency = Agency.objects.filter(pk=agency_id).exclude(kind=Agency.Kind.POLICE).first()
    if agency is None:
        raise InvalidInput("Choose a partner agency.", field="agency")
    if is_withheld(agency.pk, victim_id):
        raise InvalidInput(
            f"{agency} must not receive anything about this victim: it stands on their register. "
            "Choose another agency.",
            field="agency",
        )
    return agency


def chosen(keys: Sequence[UUID], victim: Victim) -> list[Exhibit]:
    """The documents with these keys. Raises InvalidInput for one that is not about this victim."""
    wanted = list(dict.fromkeys(keys))
    rows = Exhibit.objects.kept().filter(key__in=wanted, person=victim.person_id)
    found = {row.key: row for row in rows}
    if len(found) < len(wanted):
        raise InvalidInput(
            "Choose documents about this victim that nobody withdrew.", field="documents"
        )
    return [found[key] for key in wanted]


def _matter(victim: Victim, referral_id: int | None, incident_id: int | None) -> parts.Matter:
    """What it came of. Raises InvalidInput for a referral or incident of somebody else."""
    referral = None
    if referral_id is not None:
        rows = Referral.objects.select_related("incident", "assessment", "incoming__agency")
        referral = rows.filter(pk=referral_id, victim=victim).first()
        if referral is None:
            raise InvalidInput("That referral is about somebody else.", field="referral")
    incident = referral.incident if referral else None
    if incident_id is not None:
        incident = Incident.objects.filter(pk=incident_id, involvements__victim=victim).first()
        if incident is None:
            raise InvalidInput("That incident did not harm this victim.", field="incident")
    return parts.Matter(victim, referral, incident)


def _former(victim: Victim, agency: Agency, kind: str, matter: parts.Matter) -> Sharing | None:
    """What this agency was told of the same matter and may still stand, locked."""
    if kind == Sharing.Kind.SCHOOL:
        return None
    same = (
        {"referral": matter.referral}
        if matter.referral
        else {"referral": None, "incident": matter.incident}
    )
    return (
        Sharing.objects.select_for_update(of=("self",), no_key=True)
        .filter(victim=victim, agency=agency, kind=kind, withdrawn_at=None, replaced_by=None)
        .filter(**same)
        .select_related("shared_by", "agency")
        .order_by("-pk")
        .first()
    )


def _require_said_on(former: Sharing | None, replaces: str, at: datetime) -> None:
    """Raises AlreadyTaken where the agency was told and whoever shares does not know it."""
    standing = former if former and not former.is_over(at) else None
    if standing is not None and standing.reference != replaces:
        on = local(standing.shared_at)
        raise AlreadyTaken(
            f"{standing.agency} was told by {standing.shared_by} on {on.day} {on:%B at %H:%M} "
            f"({standing.reference}). To say more or less, begin from what it was told.",
            field="agency",
        )
    if replaces and (former is None or former.reference != replaces):
        raise AlreadyTaken(
            f"{replaces} no longer stands: look at what the agency was told since.",
            field="agency",
        )


def _record(
    row: Sharing,
    matter: parts.Matter,
    files: Sequence[Exhibit],
    former: Sharing | None,
    actor: User,
    at: datetime,
) -> None:
    """On record: which parts and documents, on what basis; the words themselves are in the row."""
    audit.record(
        actor=actor,
        at=at,
        verb="referral.shared",
        subject=matter.referral.reference if matter.referral else row.reference,
        headline=f"Shared with {row.agency}"[:300],
        victim_id=row.victim_id,
        incident_id=row.incident_id,
        detail={
            "sharing": row.reference,
            "agency": row.agency.name,
            "kind": row.kind,
            "what": row.what,
            "documents": [exhibit.reference for exhibit in files],
            "why": row.why,
            "basis": row.basis,
            "consent": row.consent,
            "consent_reason": row.consent_reason,
            "keep_until": row.keep_until.isoformat() if row.keep_until else "",
            "replaces": former.reference if former else "",
        },
        is_grave=row.consent == Sharing.Consent.REFUSED,
    )

"""An application is recorded, and somebody takes it over."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import references
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from perpetrators.deadlines.disclosure import CHECK, VISIT, WHOLE
from perpetrators.models import DisclosureApplication
from perpetrators.services.disclosure.rows import (
    LONGEST_WORDS,
    lock,
    needs_worker,
    record,
    save,
)
from perpetrators.services.orders.rows import not_ahead
from victims.models import Person, Victim

LONGEST_APPLICANT = 200

Scheme = DisclosureApplication.Scheme


@transaction.atomic
def record_application(
    *,
    victim_id: int,
    person_id: int,
    scheme: str,
    applicant: str,
    received_at: datetime,
    reasons: str,
    actor: User,
    at: datetime,
) -> DisclosureApplication:
    """Somebody asks about a person (right to ask), or the police ought to tell (right to know).

    `victim_id` is who may be in danger, `person_id` who is asked about. `applicant` says who asked
    and what they are to the one in danger; blank where that one asked, or nobody did. Whoever
    records it has it; the clocks of the first check and of the whole run from `received_at`. The
    same again by the same person is the same application. Raises PermissionDenied, InvalidInput at
    `scheme`, `person`, `applicant`, `received_at` or `reasons`, and AlreadyTaken while another
    application for the two is open.
    """
    # Held until the end: of two who record at once, the second finds the first's.
    victim = Victim.objects.select_for_update(of=("self",)).get(pk=victim_id)
    needs_worker(actor)
    if scheme not in Scheme.values:
        raise InvalidInput("Choose which right it is.", field="scheme")
    person = _asked_about(victim, person_id)
    applicant = clean(applicant, field="applicant", longest=LONGEST_APPLICANT)
    if applicant and scheme == Scheme.RIGHT_TO_KNOW:
        raise InvalidInput("Under the right to know nobody asks.", field="applicant")
    reasons = clean(reasons, field="reasons", longest=LONGEST_WORDS, required=True)
    not_ahead(received_at, at, field="received_at")
    existing = DisclosureApplication.objects.open().filter(victim=victim, person=person).first()
    if existing is not None:
        said = (scheme, applicant, received_at, reasons, actor.pk)
        if said == _as_recorded(existing):
            return existing
        raise AlreadyTaken(
            f"One for the two is open: {existing.reference}, "
            f"{existing.get_state_display().lower()}."
        )
    application = DisclosureApplication.objects.create(
        reference=references.take(references.Kind.DISCLOSURE, at),
        scheme=scheme,
        victim=victim,
        person=person,
        applicant=applicant,
        received_at=received_at,
        received_by=actor,
        reasons=reasons,
        team=actor.team or victim.contact_team,
        owner=actor,
    )
    headline = f"Disclosure scheme, {application.get_scheme_display().lower()}"
    record(application, "recorded", headline, actor=actor, at=at, reasons=reasons)
    _start_clocks(application, actor, at)
    return application


@transaction.atomic
def take_application(*, application_id: int, actor: User, at: datetime) -> DisclosureApplication:
    """Whoever works for the scheme takes an open application over, its clocks with it.

    Taken by who has it already, nothing changes. Raises PermissionDenied, and DomainError for one
    that is at its end.
    """
    application = lock(application_id)
    needs_worker(actor)
    if application.owner_id == actor.pk:
        return application
    if not DisclosureApplication.objects.open().filter(pk=application.pk).exists():
        raise DomainError("It is at its end: nobody has anything left to do.")
    before = str(application.owner or "nobody")
    application.owner, application.team = actor, actor.team or application.team
    save(application, "owner", "team")
    headline = f"Disclosure application taken over from {before}"
    record(application, "taken", headline, actor=actor, at=at, before=before)
    for kind in (CHECK, WHOLE, VISIT):
        deadlines.assign(
            kind=kind,
            subject=application,
            owner=actor,
            team=application.team,
            actor=actor,
            at=at,
        )
    return application


def _asked_about(victim: Victim, person_id: int) -> Person:
    """Raises InvalidInput for nobody on record and for the one who may be in danger."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or person.pk == victim.person_id:
        raise InvalidInput("Choose the person who is asked about.", field="person")
    return person


def _as_recorded(row: DisclosureApplication) -> tuple[str, str, datetime, str, int]:
    return (row.scheme, row.applicant, row.received_at, row.reasons, row.received_by_id)


def _start_clocks(application: DisclosureApplication, actor: User, at: datetime) -> None:
    for kind in (CHECK, WHOLE):
        deadlines.start(
            kind=kind,
            subject=application,
            reference=application.reference,
            victim_id=application.victim_id,
            team=application.team,
            owner=application.owner,
            started_at=application.received_at,
            actor=actor,
            at=at,
        )

"""A protection notice is asked for, or no longer wanted before it is served."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from core import references
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from incidents.models import Involvement
from perpetrators.deadlines.orders import NOTICE_DECISION
from perpetrators.models import ProtectionNotice
from perpetrators.services.orders.conditions import Condition, stored
from perpetrators.services.orders.rows import (
    LONGEST_REASON,
    LONGEST_WORDS,
    in_words,
    lock_notice,
    needs_adult,
    needs_asker,
    record,
    save,
)
from victims.models import Person, Victim

State = ProtectionNotice.State


@transaction.atomic
def ask_for_notice(
    *,
    victim_id: int,
    person_id: int,
    incident_id: int,
    grounds: str,
    victims_view: str,
    conditions: Sequence[Condition],
    actor: User,
    at: datetime,
    age_words: str = "",
) -> ProtectionNotice:
    """Ask a superintendent for a notice against somebody who was complained of in the incident.

    The superintendents are told, and the time to decide runs. Asked again in the same words by the
    same person it is the same notice. Raises PermissionDenied; InvalidInput at `person`, `grounds`,
    `victims_view`, `conditions` or, without a birth date on record, `age_words`; DomainError for
    somebody under the age of force policy; AlreadyTaken while another notice for the two is open.
    """
    # Held until the end: of two who ask at once, the second finds the first's.
    victim = Victim.objects.select_for_update(of=("self",)).get(pk=victim_id)
    needs_asker(actor)
    person = _complained_of(victim, person_id, incident_id)
    age_words = clean(age_words, field="age_words", longest=LONGEST_REASON)
    age = needs_adult(person, age_words, at)
    grounds = clean(grounds, field="grounds", longest=LONGEST_WORDS, required=True)
    view = clean(victims_view, field="victims_view", longest=LONGEST_WORDS, required=True)
    kept = stored(conditions)
    if person.date_of_birth is None:
        grounds += f"\n\nAge, {age}"
    existing = _open_one(victim, person)
    if existing is not None:
        if (existing.asked_by_id, existing.grounds, existing.conditions) == (
            actor.pk,
            grounds,
            kept,
        ):
            return existing
        raise AlreadyTaken(
            f"{existing.asked_by} asked for one already: {existing.reference}, "
            f"{existing.get_state_display().lower()}."
        )
    notice = ProtectionNotice.objects.create(
        reference=references.take(references.Kind.PROTECTION_NOTICE, at),
        victim=victim,
        person=person,
        incident_id=incident_id,
        grounds=grounds,
        victims_view=view,
        conditions=kept,
        asked_by=actor,
        asked_at=at,
    )
    headline = f"Protection notice asked for: {notice.reference}"
    record(notice, "asked", headline, actor=actor, at=at, conditions=in_words(kept), age=age)
    _await_decision(notice, actor, at)
    return notice


@transaction.atomic
def withdraw_notice(*, notice_id: int, words: str, actor: User, at: datetime) -> ProtectionNotice:
    """The notice is no longer wanted. Once served it stands until a court has heard it.

    The same again changes nothing. Raises PermissionDenied, InvalidInput at `words`, DomainError.
    """
    notice = lock_notice(notice_id)
    needs_asker(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if notice.state == State.WITHDRAWN:
        return notice
    if notice.state not in {State.ASKED, State.AUTHORISED}:
        raise DomainError(
            "Only a notice that is not served can be withdrawn. It is: "
            f"{notice.get_state_display().lower()}."
        )
    notice.state, notice.outcome_words = State.WITHDRAWN, words
    save(notice, "state", "outcome_words")
    headline = f"Protection notice withdrawn: {notice.reference}"
    record(notice, "withdrawn", headline, actor=actor, at=at, words=words)
    reason = "The notice was withdrawn."
    deadlines.cancel(kind=NOTICE_DECISION, subject=notice, actor=actor, at=at, reason=reason)
    return notice


def _complained_of(victim: Victim, person_id: int, incident_id: int) -> Person:
    """Raises InvalidInput unless both took part, in these roles, and are two people."""
    rows = Involvement.objects.filter(incident=incident_id)
    is_victims = rows.filter(victim=victim).exists()
    row = rows.filter(role=Involvement.Role.PERPETRATOR, person=person_id).select_related("person")
    found = row.first()
    if not is_victims or found is None or found.person_id == victim.person_id:
        raise InvalidInput("Choose somebody complained of in this incident.", field="person")
    return found.person


def _open_one(victim: Victim, person: Person) -> ProtectionNotice | None:
    rows = ProtectionNotice.objects.open().filter(victim=victim, person=person)
    return rows.select_related("asked_by").first()


def _await_decision(notice: ProtectionNotice, actor: User, at: datetime) -> None:
    """All superintendents are told; the clock is one's own only where there is but one."""
    rows = User.objects.filter(groups__name=Role.SUPERINTENDENT, is_active=True)
    superintendents = list(rows.exclude(pk=actor.pk).select_related("team").order_by("pk"))
    first = superintendents[0] if superintendents else None
    deadlines.start(
        kind=NOTICE_DECISION,
        subject=notice,
        reference=notice.reference,
        victim_id=notice.victim_id,
        team=first.team if first else actor.team,
        owner=first if len(superintendents) == 1 else None,
        started_at=at,
        actor=actor,
        at=at,
    )
    deadlines.notify(
        users=superintendents,
        level=Notification.Level.WARNING,
        headline=f"A protection notice waits for a superintendent: {notice.reference}",
        reference=notice.reference,
        path=kinds.get(NOTICE_DECISION).path(notice.reference),
        victim_id=notice.victim_id,
        at=at,
    )

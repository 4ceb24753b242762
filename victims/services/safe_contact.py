"""How a victim can be reached without harm."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import InvalidInput, Stale
from core.text import clean
from victims import permissions, telephones
from victims.events import SafeContactChanged
from victims.models import SafeContact, Victim
from victims.services.seeing import require_seen

Method = SafeContact.Method


@dataclass(frozen=True)
class _Contact:
    method: str
    number: str
    hours: str
    code_word: str
    may_leave_voicemail: bool
    notes: str


@transaction.atomic
def record_safe_contact(
    *,
    victim_id: int,
    method: str,
    number: str,
    hours: str,
    code_word: str,
    may_leave_voicemail: bool,
    notes: str,
    actor: User,
    at: datetime,
    version: int,
) -> SafeContact:
    """Record, or check again, how the victim can be reached; earlier ones stay on record.

    `version` is that of the safe contact which `actor` had read, 0 where there was none. Raises
    PermissionDenied, InvalidInput at the field, and Stale (with both versions) where somebody else
    recorded another one meanwhile.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_record_safe_contact(actor):
        raise PermissionDenied("Your role does not record how victims are reached.")
    require_seen(victim, actor)
    contact = _checked(_Contact(method, number, hours, code_word, may_leave_voicemail, notes))
    current = SafeContact.objects.filter(victim=victim, is_current=True).first()
    _refuse_stale(current, contact, version)
    if current is not None:
        current.is_current = False
        current.save(update_fields=["is_current"])
    row = SafeContact.objects.create(
        victim=victim, **asdict(contact), checked_at=at, checked_by=actor, version=version + 1
    )
    audit.record(
        actor=actor,
        at=at,
        verb="victim.safe_contact_recorded",
        subject=victim.reference,
        victim_id=victim.pk,
        **_what_happened(current, contact),
    )
    events.announce(SafeContactChanged(victim_id=victim.pk, actor=actor, at=at))
    return row


def _checked(said: _Contact) -> _Contact:
    if said.method not in Method.values:
        raise InvalidInput("Choose one of the ways offered.", field="method")
    if said.method == Method.NONE and said.may_leave_voicemail:
        raise InvalidInput(
            "No safe way is known, so no message may be left.", field="may_leave_voicemail"
        )
    return _Contact(
        method=said.method,
        number=_checked_number(said.method, said.number),
        hours=clean(said.hours, field="hours", longest=120),
        code_word=clean(said.code_word, field="code_word", longest=60),
        may_leave_voicemail=said.may_leave_voicemail,
        notes=clean(said.notes, field="notes", longest=500),
    )


def _checked_number(method: str, typed: str) -> str:
    """What fits the way: a number to dial, an e-mail address, words for somebody else, nothing."""
    typed = clean(typed, field="number", longest=120, required=method != Method.NONE)
    if method == Method.NONE and typed:
        raise InvalidInput("No safe way is known: leave this empty.", field="number")
    if method in {Method.CALL, Method.TEXT}:
        return telephones.e164(typed)
    if method == Method.EMAIL:
        try:
            validate_email(typed)
        except ValidationError as error:
            raise InvalidInput("This is not an e-mail address.", field="number") from error
    return typed


def _refuse_stale(current: SafeContact | None, yours: _Contact, version: int) -> None:
    on_record = current.version if current else 0
    if version == on_record:
        return
    theirs = asdict(_of(current)) if current else {}
    by = f" by {current.checked_by}" if current else ""
    raise Stale(
        f"Another safe contact was recorded{by} after you opened this. Compare the two, "
        "then record again what is right.",
        theirs=theirs,
        yours=asdict(yours),
        version=on_record,
    )


def _of(row: SafeContact) -> _Contact:
    return _Contact(
        method=row.method,
        number=row.number,
        hours=row.hours,
        code_word=row.code_word,
        may_leave_voicemail=row.may_leave_voicemail,
        notes=row.notes,
    )


def _what_happened(before: SafeContact | None, after: _Contact) -> dict[str, Any]:
    """Headline and detail of the audit event: which parts changed, never the code word itself."""
    if before is None:
        return {"headline": "Safe contact recorded", "detail": {"method": after.method}}
    old, new = asdict(_of(before)), asdict(after)
    changed = [name for name in new if new[name] != old[name]]
    headline = "Safe contact changed" if changed else "Safe contact checked again, unchanged"
    return {"headline": headline, "detail": {"changed": changed, "method": after.method}}

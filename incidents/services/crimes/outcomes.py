"""What became of a crime, and arrests that came later."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import InvalidInput, Stale
from core.text import clean
from incidents.events import CrimeOutcomeRecorded
from incidents.models import Crime
from incidents.permissions import may_record_outcome
from incidents.services.response.findings import MOST_ARRESTS
from incidents.services.response.rows import read_anew

Outcome = Crime.Outcome
LONGEST_WORDS = 300


@transaction.atomic
def record_outcome(
    *,
    crime_id: int,
    outcome: str,
    at_when: datetime,
    words: str,
    version: int,
    actor: User,
    at: datetime,
) -> Crime:
    """Record what became of a crime at `at_when`, or put it right.

    No further action needs words, and so does every change of an outcome that is on record. The
    same again changes nothing. Raises PermissionDenied, InvalidInput at `outcome`, `at_when` or
    `words`, and Stale with both versions where somebody else was first.
    """
    crime = _locked(crime_id)
    if not may_record_outcome(actor):
        raise PermissionDenied("Only those who investigate record what became of a crime.")
    words = clean(words, field="words", longest=LONGEST_WORDS)
    after = {"outcome": outcome, "outcome_at": at_when, "outcome_words": words}
    before = {name: getattr(crime, name) for name in after}
    _check(crime, outcome, at_when, at)
    if before == after:
        return crime
    if crime.version != version:
        raise _stale(crime, _in_words(before), _in_words(after))
    _check_words(crime, outcome, words)
    _save(crime, after)
    audit.record(
        actor=actor,
        at=at,
        verb="incident.crime_outcome",
        headline=_headline(crime, before["outcome"]),
        subject=crime.incident.reference,
        incident_id=crime.incident_id,
        is_grave=outcome == Outcome.CHARGE,
        detail={"number": crime.number, "before": _in_words(before), "after": _in_words(after)},
    )
    events.announce(
        CrimeOutcomeRecorded(
            crime_id=crime.pk,
            incident_id=crime.incident_id,
            outcome=outcome,
            actor=actor,
            at=at,
        )
    )
    return crime


@transaction.atomic
def record_arrests(
    *, crime_id: int, arrests: int, version: int, actor: User, at: datetime
) -> Crime:
    """Put the number of people arrested for a crime right, once there are more.

    The same again changes nothing. Raises PermissionDenied, InvalidInput at `arrests`, and Stale.
    """
    crime = _locked(crime_id)
    if not may_record_outcome(actor):
        raise PermissionDenied("Only those who investigate record arrests.")
    if not 0 <= arrests <= MOST_ARRESTS:
        raise InvalidInput(f"Give a whole number from 0 to {MOST_ARRESTS}.", field="arrests")
    before = crime.arrests
    if before == arrests:
        return crime
    if crime.version != version:
        raise _stale(crime, {"arrests": str(before)}, {"arrests": str(arrests)})
    _save(crime, {"arrests": arrests})
    read_anew(crime.incident_id)
    audit.record(
        actor=actor,
        at=at,
        verb="incident.crime_arrests",
        headline=f"{crime.number}: {arrests} arrested, not {before}",
        subject=crime.incident.reference,
        incident_id=crime.incident_id,
        is_grave=arrests > before,
        detail={"number": crime.number, "before": before, "after": arrests},
    )
    return crime


def _locked(crime_id: int) -> Crime:
    rows = Crime.objects.select_for_update(of=("self",)).select_related("incident")
    return rows.get(pk=crime_id)


def _check(crime: Crime, outcome: str, at_when: datetime, at: datetime) -> None:
    if outcome not in Outcome.values or outcome == Outcome.NONE_YET:
        raise InvalidInput("Choose what became of it.", field="outcome")
    if at_when > at:
        raise InvalidInput("This lies in the future.", field="at_when")
    # A form knows no seconds: within the minute of its recording is not before it.
    if at_when < crime.recorded_at.replace(second=0, microsecond=0):
        raise InvalidInput(
            f"This is before the crime was recorded, {_when(crime.recorded_at)}.", field="at_when"
        )


def _check_words(crime: Crime, outcome: str, words: str) -> None:
    if outcome == Outcome.NO_FURTHER_ACTION and not words:
        raise InvalidInput("Say why nothing further is done.", field="words")
    if crime.outcome and not words:
        raise InvalidInput("Say why the outcome on record is changed.", field="words")


def _save(crime: Crime, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(crime, name, value)
    crime.version += 1
    crime.save(update_fields=[*values, "version"])


def _headline(crime: Crime, before: str) -> str:
    now = f"{crime.number}: {crime.get_outcome_display().lower()}"
    return f"{now}, not {Outcome(before).label.lower()}" if before else now


def _stale(crime: Crime, theirs: dict[str, str], yours: dict[str, str]) -> Stale:
    return Stale(
        "Somebody changed this crime since you opened the page. Look at both, and save again.",
        theirs=theirs,
        yours=yours,
        version=crime.version,
    )


def _in_words(values: dict[str, Any]) -> dict[str, str]:
    when = values["outcome_at"]
    outcome = values["outcome"]
    return {
        "outcome": str(Outcome(outcome).label),
        "at_when": _when(when) if when else "",
        "words": values["outcome_words"],
    }


def _when(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y, %H:%M}"

"""What may be said of a sharing: its parts, basis, consent and time; each refused at its field."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import policy
from core.clock import local, months_before
from core.errors import InvalidInput
from core.text import clean
from referrals.models import Sharing
from referrals.services.working import LONGEST_WORDS, one_of

WITHOUT_CONSENT = (Sharing.Consent.REFUSED, Sharing.Consent.NOT_SOUGHT)
#: The longest that anything is kept, in months: more is a slip of the keys.
LONGEST_MONTHS = 120


@dataclass(frozen=True)
class Said:
    """What whoever shares says of it, checked."""

    what: list[str]
    why: str
    basis: str
    consent: str
    consent_reason: str
    consent_asked_at: datetime | None
    keep_until: date


def check(
    *,
    what: Sequence[str],
    why: str,
    basis: str,
    consent: str,
    consent_reason: str,
    consent_asked_at: datetime | None,
    keep_until: date | None,
    at: datetime,
) -> Said:
    """The same, checked. Raises InvalidInput naming the field.

    Sharing without consent is lawful, necessary, proportionate and recorded: consent refused or
    not sought needs reasons. Without `keep_until` it is kept as many months as policy says.
    """
    kinds = _kinds(what)
    why = clean(why, field="why", longest=LONGEST_WORDS, required=True)
    basis = one_of(Sharing.Basis, basis, field="basis")
    consent, consent_reason = _consent(basis, consent, consent_reason)
    return Said(
        what=kinds,
        why=why,
        basis=basis,
        consent=consent,
        consent_reason=consent_reason,
        consent_asked_at=_asked(consent, consent_asked_at, at),
        keep_until=_kept(keep_until, at),
    )


def kept_for(at: datetime) -> date:
    """The last day of what is shared now, as policy has it where nobody says otherwise."""
    return months_before(at, -policy.at(at).sharing_months).date()


def _kinds(what: Sequence[str]) -> list[str]:
    kinds = [one_of(Sharing.What, kind, field="what") for kind in dict.fromkeys(what)]
    if not kinds:
        raise InvalidInput("Say what was shared: at least one kind.", field="what")
    return kinds


def _consent(basis: str, consent: str, reason: str) -> tuple[str, str]:
    consent = one_of(Sharing.Consent, consent, field="consent")
    reason = clean(reason, field="consent_reason", longest=LONGEST_WORDS)
    if basis == Sharing.Basis.CONSENT and consent != Sharing.Consent.GIVEN:
        raise InvalidInput(
            "Consent is the basis only where it was given. Choose another basis.", field="basis"
        )
    if consent in WITHOUT_CONSENT and not reason:
        raise InvalidInput(
            "Say why it is shared without consent, and why that is proportionate.",
            field="consent_reason",
        )
    return consent, reason


def _asked(consent: str, asked_at: datetime | None, at: datetime) -> datetime | None:
    if asked_at is None:
        return None
    if asked_at > at:
        raise InvalidInput("Nobody can have asked in the future.", field="consent_asked_at")
    if consent == Sharing.Consent.NOT_SOUGHT:
        raise InvalidInput(
            "Consent was not sought: leave this blank, or say what the victim answered.",
            field="consent_asked_at",
        )
    return asked_at


def _kept(until: date | None, at: datetime) -> date:
    if until is None:
        return kept_for(at)
    if until < local(at).date():
        raise InvalidInput("That day is over. Choose today or later.", field="keep_until")
    if until > months_before(at, -LONGEST_MONTHS).date():
        raise InvalidInput(
            f"Nothing is kept longer than {LONGEST_MONTHS // 12} years. Choose an earlier day.",
            field="keep_until",
        )
    return until

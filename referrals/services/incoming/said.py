"""What an agency says when it refers somebody: checked, and nothing written."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.errors import InvalidInput
from core.policy import ForcePolicy
from core.text import clean
from victims import postcodes, telephones
from victims.models import RiskGrade
from victims.services.people import LONGEST_LINE, check_birth, name_from, one_line

LONGEST_WORDS = 10_000
LONGEST_LINES = 500
LONGEST_REFERENCE = 60
#: A checklist of any agency has fewer topics than this.
MOST_YES = 60
MOST_CHILDREN = 30


@dataclass(frozen=True, kw_only=True)
class AgencySays:
    """One referral in the agency's own words. `grade` is its own view of the risk."""

    given_name: str
    family_name: str
    date_of_birth: date | None = None
    telephone: str = ""
    address_line: str = ""
    postcode: str = ""
    safe_contact: str
    perpetrator: str
    children: str = ""
    children_count: int = 0
    what_happened: str
    grade: str
    grade_reason: str
    yes_count: int | None = None
    victim_agrees: bool
    without_consent_reason: str = ""
    their_reference: str = ""


def checked(says: AgencySays, at: datetime) -> AgencySays:
    """The same, tidied. Raises InvalidInput at the field that cannot be meant."""
    name = name_from(says.given_name, says.family_name)
    if not (name.given or name.family):
        raise InvalidInput("Give something of a name.", field="family_name")
    check_birth(says.date_of_birth, None, at)
    if says.grade not in RiskGrade.values:
        raise InvalidInput("Choose how you see the risk.", field="grade")
    _check_counts(says)
    return replace(
        says,
        given_name=name.given,
        family_name=name.family,
        telephone=_telephone(says.telephone),
        address_line=one_line(says.address_line, field="address_line", longest=LONGEST_LINE),
        postcode=postcodes.normalise(says.postcode) if says.postcode.strip() else "",
        safe_contact=_words(says.safe_contact, "safe_contact", LONGEST_LINES),
        perpetrator=_words(says.perpetrator, "perpetrator", LONGEST_LINES),
        children=clean(says.children, field="children", longest=LONGEST_LINES),
        what_happened=_words(says.what_happened, "what_happened", LONGEST_WORDS),
        grade_reason=_words(says.grade_reason, "grade_reason", LONGEST_WORDS),
        without_consent_reason=_reason(says),
        their_reference=one_line(
            says.their_reference, field="their_reference", longest=LONGEST_REFERENCE
        ),
    )


def grade_by(rules: ForcePolicy, says: AgencySays) -> RiskGrade:
    """The agency's view, and never below what the force's policy makes of the count alone."""
    own, yes = RiskGrade(says.grade), says.yes_count or 0
    counted = RiskGrade.STANDARD
    if yes >= rules.high_from_yes:
        counted = RiskGrade.HIGH
    elif yes >= rules.medium_from_yes:
        counted = RiskGrade.MEDIUM
    return max(own, counted, key=lambda grade: grade.rank)


def _words(text: str, field: str, longest: int) -> str:
    return clean(text, field=field, longest=longest, required=True)


def _telephone(raw: str) -> str:
    """As typed, once it is a number at all."""
    telephones.e164(raw, field="telephone")
    return one_line(raw, field="telephone", longest=30)


def _check_counts(says: AgencySays) -> None:
    if says.yes_count is not None and not 0 <= says.yes_count <= MOST_YES:
        raise InvalidInput(f"Give a number from 0 to {MOST_YES}.", field="yes_count")
    if not 0 <= says.children_count <= MOST_CHILDREN:
        raise InvalidInput(f"Give a number from 0 to {MOST_CHILDREN}.", field="children_count")


def _reason(says: AgencySays) -> str:
    """Why without agreement; nothing where the victim agrees."""
    reason = clean(
        says.without_consent_reason, field="without_consent_reason", longest=LONGEST_WORDS
    )
    if says.victim_agrees:
        return ""
    if not reason:
        raise InvalidInput(
            "Say why you refer without their agreement, and why that is proportionate.",
            field="without_consent_reason",
        )
    return reason

"""Telephone numbers: kept in E.164, shown as people dial them."""

import phonenumbers

from core.errors import InvalidInput
from core.text import clean

REGION = "GB"
#: Characters; the longest number with its country, spaces and extension is far below.
LONGEST = 40


def e164(raw: str, field: str = "number") -> str:
    """The number in E.164 ("+447700900417"); "" for nothing.

    Numbers without a country are British; an extension is left out. Raises InvalidInput at `field`
    for what cannot be dialled from outside (999, "withheld", too short, too long). A number is not
    refused for a range that is not in use: ranges change, and the caller is waiting.
    """
    raw = clean(raw, field=field, longest=LONGEST)
    if not raw:
        return ""
    try:
        number = phonenumbers.parse(raw, REGION)
    except phonenumbers.NumberParseException as error:
        raise _no_number(raw, field) from error
    # A number that is only possible without its area code is half typed, or a short code.
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _no_number(raw, field)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown(e164: str) -> str:
    """A stored number as people here dial it: "07700 900417"; others with their country."""
    if not e164:
        return ""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    is_ours = number.country_code == phonenumbers.country_code_for_region(REGION)
    style = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, style.NATIONAL if is_ours else style.INTERNATIONAL)
    )


def _no_number(raw: str, field: str) -> InvalidInput:
    return InvalidInput(
        f"“{raw}” is not a telephone number. Give it with its area code, "
        "or leave this empty where it is withheld.",
        field=field,
    )


def e164_or_blank(raw: str) -> str:
    """As `e164`, but "" for what is no number (yet): for looking up while somebody types."""
    try:
        return e164(raw)
    except InvalidInput:
        return ""

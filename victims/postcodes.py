"""Postcodes of the United Kingdom."""

import re

from core.errors import InvalidInput
from core.text import clean

#: Outward code (area letters, district) and inward code (sector, unit); units never use CIKMOV.
#: Source: Royal Mail's published format; historic special codes are left out.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
LONGEST = 12


def normalise(raw: str, field: str = "postcode") -> str:
    """A postcode as written on envelopes ("pe19zz" gives "PE1 9ZZ"); "" for nothing.

    Raises InvalidInput at `field` for what is no postcode.
    """
    raw = clean(raw, field=field, longest=LONGEST)
    if not raw:
        return ""
    matched = _POSTCODE.fullmatch(re.sub(r"[\s.\-]+", "", raw).upper())
    if matched is None:
        raise InvalidInput(f"“{raw}” is not a postcode. Write it like PE1 9ZZ.", field=field)
    return f"{matched[1]} {matched[2]}"

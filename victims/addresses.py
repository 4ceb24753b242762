"""Keys that make the spellings of one address equal, and join the flats of one building."""

import hashlib
import re
import unicodedata

#: The columns that hold a key.
LONGEST_KEY = 220

#: Each word and what stands for it in a key. "St" may be a street or a saint: both become "st".
_SHORT = {
    "street": "st", "str": "st", "saint": "st", "road": "rd", "avenue": "ave", "av": "ave",
    "court": "ct", "crt": "ct", "close": "cl", "drive": "dr", "drv": "dr", "lane": "ln",
    "place": "pl", "square": "sq", "terrace": "ter", "terr": "ter", "crescent": "cres",
    "cresent": "cres", "gardens": "gdns", "grove": "gr", "grv": "gr",
    "house": "hse", "buildings": "bldg", "building": "bldg", "bldgs": "bldg", "park": "pk",
    "mount": "mt", "north": "n", "south": "s", "east": "e", "west": "w", "boulevard": "blvd",
    "parade": "pde", "walk": "wk", "way": "wy", "green": "grn", "and": "",
    "apartment": "flat", "apt": "flat", "flt": "flat", "unit": "flat", "room": "flat",
    "bedsit": "flat", "studio": "flat", "maisonette": "flat", "number": "", "no": "",
}  # fmt: skip

#: Which dwelling of a building. The floor comes first: after "ground floor flat" stands the number
#: of the house, not of a flat.
_UNITS = (
    re.compile(
        r"\b(?:ground|first|second|third|fourth|fifth|top|upper|lower|basement|garden)"
        r" (?:floor )?flat\b"
    ),
    re.compile(r"\bflat (?:[0-9]+[a-z]?|[a-z])\b"),
)


def fold(line: str) -> str:
    """An address line without case, accents and punctuation, in short words, one space apart."""
    plain = unicodedata.normalize("NFKD", line.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub("['`\N{RIGHT SINGLE QUOTATION MARK}]", "", plain.casefold())
    words = re.sub(r"[\W_]+", " ", plain).split()
    short = " ".join(filter(None, (_SHORT.get(word, word) for word in words)))
    # "18 A" and "18A" are one house.
    return re.sub(r"\b([0-9]+) ([a-d])\b", r"\1\2", short)


def key(line: str, postcode: str) -> str:
    """The key of one address, at most 220 characters; equal for spellings of the same place.

    `postcode` as postcodes.normalise gives it, or "". "Flat 4, 18 Tanglewood Court" and
    "18 tanglewood ct (flat 4)" have one key.
    """
    rest, unit = _parted(line)
    return _bounded(postcode, " ".join(filter(None, [rest, unit])))


def building_key(line: str, postcode: str) -> str:
    """The key of the building that the address is in: the address without its flat."""
    rest, unit = _parted(line)
    return _bounded(postcode, rest or unit)


def _parted(line: str) -> tuple[str, str]:
    """The folded line without its unit, and the unit; the unit is blank where there is none."""
    folded = fold(line)
    for pattern in _UNITS:
        if found := pattern.search(folded):
            rest = f"{folded[: found.start()]} {folded[found.end() :]}"
            return " ".join(rest.split()), found[0]
    return folded, ""


def _bounded(postcode: str, words: str) -> str:
    whole = f"{postcode.replace(' ', '').lower()}|{words}"
    if len(whole) <= LONGEST_KEY:
        return whole
    # Cut, two long lines might become one address; the digest keeps them apart.
    digest = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return f"{whole[: LONGEST_KEY - 17]}#{digest}"

"""What counts as text that a person typed."""

import re
import unicodedata

from core.errors import InvalidInput

#: Characters. The longest narrative of a call taken down word for word is far below it.
LONGEST_NARRATIVE = 100_000

#: Categories of characters that nobody sees: joiners and marks of direction, and blanks. Text of
#: nothing else says nothing.
_UNSEEN = frozenset({"Cf", "Zs", "Zl", "Zp"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """Normalise what was typed (Unicode NFC, line ends, outer blanks) or refuse it with words.

    Raises InvalidInput for control characters, for more than `longest` characters, and for
    nothing at all where something is required.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if _CONTROL.search(text):
        raise InvalidInput(
            "This contains a character that cannot be typed. Remove it and save again.", field=field
        )
    if len(text) > longest:
        raise InvalidInput(
            f"This is {len(text):,} characters long; the most is {longest:,}.", field=field
        )
    if text and all(unicodedata.category(one) in _UNSEEN for one in text):
        text = ""
    if required and not text:
        raise InvalidInput("This is needed.", field=field)
    return text

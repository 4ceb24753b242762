"""Every letter that somebody's name is written with, on paper: fonts, joining, direction.

One family is part of this project and goes into each file: Latin with all its marks, Greek,
Cyrillic, Hebrew, Arabic and their neighbours. Chinese, Japanese and Korean use the fonts that every
reader of PDF brings. What none of them has is printed as its number in Unicode, so that nothing is
lost and nothing is guessed.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVu", "DejaVu-Bold"
_FILES = Path(__file__).parent / "fonts"
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"
_UNKNOWN = ""


@cache
def register_fonts() -> None:
    """Make the fonts known to the library, once in a process."""
    pdfmetrics.registerFont(TTFont(PLAIN, _FILES / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, _FILES / "DejaVuSans-Bold.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    for name in (_CHINESE, _JAPANESE, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def markup(text: str, *, size: float, width: float, font: str = PLAIN, taken: float = 0) -> str:
    """The text as a paragraph's markup, as it is to be seen from left to right.

    `size` and `width` in points, `taken` of the first line by what stands there. Line ends stay. A
    text with letters that run from right to left is broken into lines here: its words change places
    within a line, never between lines.
    """
    register_fonts()
    if text.isascii():
        return escape(text).replace("\n", "<br/>")
    lines: list[str] = []
    for line in text.split("\n"):
        # A little less than there is: the library must not break once more what is in order here.
        room = 0.98 * (width if lines else width - taken)
        lines.extend(_lines(line, size, 0.98 * width, room, font) if _runs_left(line) else [line])
    return "<br/>".join(_written(line, font) for line in lines)


def _written(line: str, font: str) -> str:
    """A line that stands in the order in which it is seen, in runs of one font each."""
    pieces = []
    for name, run in groupby(_printed(line), key=lambda one: _font_of(one, font)):
        letters = "".join(run)
        if name == _UNKNOWN:
            pieces.append(f"[{' '.join(f'U+{ord(one):04X}' for one in letters)}]")
        elif name == font:
            pieces.append(escape(letters))
        else:
            pieces.append(f'<font name="{name}">{escape(letters)}</font>')
    return "".join(pieces)


def _printed(line: str) -> Iterator[str]:
    """Its letters without those that nobody sees: joiners and marks of direction."""
    return (one for one in line if unicodedata.category(one) != "Cf")


@cache
def _font_of(letter: str, font: str) -> str:
    """The font that has the letter; blank where none has it, and beyond the first plane, which
    the library cannot write so that it is read back."""
    if ord(letter) > 0xFFFF:
        return _UNKNOWN
    for name in (font, PLAIN):
        if ord(letter) in _glyphs(name):
            return name
    name = unicodedata.name(letter, "")
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return _JAPANESE
    if name.startswith("HANGUL"):
        return _KOREAN
    is_chinese = name.startswith(("CJK", "IDEOGRAPHIC", "FULLWIDTH"))
    return _CHINESE if is_chinese else _UNKNOWN


@cache
def _glyphs(name: str) -> frozenset[int]:
    """The characters that one of our own fonts has."""
    font: Any = pdfmetrics.getFont(name)
    return frozenset(font.face.charToGlyph)


def width_of(text: str, size: float, font: str = PLAIN) -> float:
    """Points that it takes in one line, numbers in the place of letters with it."""
    total = 0.0
    for name, run in groupby(_printed(text), key=lambda one: _font_of(one, font)):
        letters = "".join(run)
        if name == _UNKNOWN:
            name, letters = font, "[U+0000]" * len(letters)
        total += pdfmetrics.stringWidth(letters, name, size)
    return total


def _lines(line: str, size: float, width: float, room: float, font: str) -> list[str]:
    """The line broken where it is full, each piece joined up and put in the order of sight.

    `room` is what the first piece has.
    """
    base = _direction(line)
    found: list[str] = []
    current = ""
    for word in _short_enough(line.split(" "), size, width, font):
        longer = f"{current} {word}" if current else word
        if current and width_of(shaped(longer), size, font) > (width if found else room):
            found.append(current)
            longer = word
        current = longer
    return [in_sight(shaped(one), base) for one in [*found, current]]


def _short_enough(words: Iterable[str], size: float, width: float, font: str) -> Iterator[str]:
    """The words; one that is longer than a line in pieces."""
    most = max(1, int(width / size))
    for word in words:
        if width_of(word, size, font) <= width:
            yield word
        else:
            yield from (word[start : start + most] for start in range(0, len(word), most))


# --- Direction: the Unicode Bidirectional Algorithm as far as plain lines need it.


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(one) in ("R", "AL") for one in text)


def _direction(text: str) -> str:
    """The direction of a line: that of its first letter that has one."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return "L"
        if kind in ("R", "AL"):
            return "R"
    return "L"


def in_sight(line: str, base: str) -> str:
    """The letters of one line in the order in which they are seen, from left to right.

    `base` is "L" or "R", the direction of the whole. Letters keep the marks above and below them;
    numbers read from left to right everywhere; brackets are mirrored where they run left.
    """
    clusters = _clusters(line)
    runs = _runs(clusters, _directions(clusters, base))
    if base == "R":
        runs.reverse()
    return "".join(_seen(run) if kind == "R" else "".join(run) for kind, run in runs)


def _clusters(line: str) -> list[str]:
    """Each letter together with the marks that stand on it."""
    found: list[str] = []
    for letter in line:
        if found and unicodedata.category(letter) == "Mn":
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _directions(clusters: list[str], base: str) -> list[str]:
    """ "L" or "R" for each; what has none of its own goes with its neighbours, else with all."""
    strong = [_strong(one[0]) for one in clusters]
    found = []
    before = base
    for place, kind in enumerate(strong):
        if kind == "N" and before != "R":
            kind = "L"
        elif kind == "N":
            kind = "R"
        elif not kind:
            after = next((one for one in strong[place + 1 :] if one in ("L", "R")), base)
            found.append(before if before == after else base)
            continue
        before = kind
        found.append(kind)
    return found


def _strong(letter: str) -> str:
    kind = unicodedata.bidirectional(letter)
    if kind in ("R", "AL"):
        return "R"
    return {"L": "L", "EN": "N", "AN": "N"}.get(kind, "")


def _runs(clusters: list[str], directions: list[str]) -> list[tuple[str, list[str]]]:
    pairs = zip(directions, clusters, strict=True)
    return [
        (kind, [one for _, one in run]) for kind, run in groupby(pairs, key=lambda pair: pair[0])
    ]


_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


def _seen(run: list[str]) -> str:
    """A run from right to left; the numbers in it stay as they are read."""
    pieces: list[str] = []
    for is_number, part in groupby(run, key=lambda one: _strong(one[0]) == "N"):
        letters = list(part)
        if is_number:
            pieces.append("".join(letters))
        else:
            pieces.extend(_MIRRORED.get(one, one) for one in letters)
    return "".join(reversed(pieces))


# --- Arabic letters join; which form stands where is in the names of the forms themselves.


@cache
def _forms() -> dict[str, dict[str, str]]:
    """By letters: their isolated, initial, medial and final form, as far as there are."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFE80, 0xFEFD)):
        kind, *base = unicodedata.decomposition(chr(code)).split()
        letters = "".join(chr(int(one, 16)) for one in base)
        found.setdefault(letters, {}).setdefault(kind.strip("<>"), chr(code))
    return found


def shaped(text: str) -> str:
    """Arabic letters in the form that they have beside their neighbours; others as they are."""
    if not any("\u0600" <= one <= "\u06ff" for one in text):
        return text
    letters = _with_ligatures(text)
    bare = [one for one in letters if not _is_mark(one)]
    found, place = [], 0
    for letter in letters:
        if _is_mark(letter):
            found.append(letter)
            continue
        before = bare[place - 1] if place else ""
        after = bare[place + 1] if place + 1 < len(bare) else ""
        found.append(_form(letter, _joins_on(before), _joins_back(after)))
        place += 1
    return "".join(found)


def _with_ligatures(text: str) -> list[str]:
    """The letters one by one, lam and alef together: they are never written apart."""
    found: list[str] = []
    for letter in text:
        if found and found[-1] == "\u0644" and f"\u0644{letter}" in _forms():
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _form(letter: str, before: bool, after: bool) -> str:
    forms = _forms().get(letter)
    if forms is None:
        return letter
    on, back = after and _joins_on(letter), before and _joins_back(letter)
    kind = {(True, True): "medial", (True, False): "initial", (False, True): "final"}
    return forms.get(kind.get((on, back), "isolated"), letter)


def _joins_on(letter: str) -> bool:
    """Whether a letter reaches to the one after it."""
    return letter in ("\u0640", "\u200d") or "initial" in _forms().get(letter, {})


def _joins_back(letter: str) -> bool:
    """Whether a letter reaches to the one before it."""
    return letter in ("\u0640", "\u200d") or "final" in _forms().get(letter, {})


def _is_mark(letter: str) -> bool:
    return len(letter) == 1 and unicodedata.category(letter) == "Mn"

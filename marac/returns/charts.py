"""Charts as SVG without styles or scripts; the numbers are in the table beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from marac.returns.shapes import AgencyPart, Part, QuarterPart
from marac.returns.tables import KINDS

WIDTH = 560
#: The measures of columns, and of bars that lie.
FLOOR, HIGH, LEFT = 150, 120, 34
ROW, NAME, BAR = 26, 236, 250
#: Characters of a name that its room holds in the widest of the usual fonts.
LONGEST_NAME = 30
FULL = 'fill="#1d70b8"'
HOLLOW = 'fill="#fff" stroke="#0b0c0c" stroke-width="1.5"'
RECT = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" {}></rect>'
TEXT = '<text x="{:.1f}" y="{:.1f}" font-size="13" fill="#0b0c0c"{}>{}</text>'
END = ' text-anchor="end"'


@dataclass(frozen=True)
class Chart:
    """Marks of a chart within a box of WIDTH and so much height."""

    title: str
    marks: SafeString
    height: int
    width: int = WIDTH


@dataclass(frozen=True)
class Bar:
    """A bar that lies: its name, its length among `most`, and its number in words."""

    name: str
    length: float
    words: str


def by_quarter(quarters: Sequence[QuarterPart]) -> Chart:
    """Cases (full) and their children (hollow) of each three months."""
    pairs = [(one.counts.cases, one.counts.children) for one in quarters]
    most = max((max(pair) for pair in pairs), default=0) or 1
    step = (WIDTH - LEFT - 10) / max(1, len(pairs))
    parts = [
        TEXT.format(LEFT - 6, FLOOR - HIGH + 6, END, most),
        TEXT.format(LEFT - 6, FLOOR + 4, END, 0),
        f'<line x1="{LEFT}" x2="{WIDTH - 6}" y1="{FLOOR}" y2="{FLOOR}" stroke="#505a5f"></line>',
    ]
    for place, (pair, one) in enumerate(zip(pairs, quarters, strict=True)):
        x = LEFT + step * place
        for offset, number, look in ((0.1, pair[0], FULL), (0.5, pair[1], HOLLOW)):
            high = max(2, HIGH * number / most) if number else 0
            parts.append(RECT.format(x + step * offset, FLOOR - high, step * 0.36, high, look))
        middle = ' text-anchor="middle"'
        parts.append(TEXT.format(x + step / 2, FLOOR + 16, middle, f"{one.period.last:%b %y}"))
    parts += _key(FLOOR + 26)
    return _chart("Cases heard and their children, by three months", parts, FLOOR + 40)


def _key(y: float) -> list[str]:
    return [
        RECT.format(150, y, 12, 10, FULL),
        TEXT.format(168, y + 10, "", "cases"),
        RECT.format(260, y, 12, 10, HOLLOW),
        TEXT.format(278, y + 10, "", "children"),
    ]


def by_rate(parts: Sequence[Part]) -> Chart:
    """Cases per 10,000 adult women, with a line at the recommended number."""
    rates = [float(part.rate.per_10_000 or 0) for part in parts]
    recommended = parts[0].rate.recommended if parts else 0
    bars = [
        Bar(part.name, rate, str(part.rate.per_10_000) if part.rate.adult_women else "none")
        for part, rate in zip(parts, rates, strict=True)
    ]
    most = max([*rates, recommended * 1.1, 1])
    marks = _bars(bars, most)
    x, low = NAME + BAR * recommended / most, ROW * len(bars) + 6
    marks += [
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{low}" stroke="#0b0c0c" '
        'stroke-width="1.5" stroke-dasharray="4 3"></line>',
        TEXT.format(x, low + 14, END, f"recommended {recommended}"),
    ]
    title = "Cases per 10,000 adult women in the rolling year"
    return _chart(title, marks, low + 20)


def by_kind(part: Part) -> Chart:
    """Who referred the cases of the rolling year."""
    found = sorted(part.year.by_kind.items(), key=lambda one: (-one[1], one[0]))
    bars = [Bar(KINDS[kind], number, str(number)) for kind, number in found if number]
    return _lying("Cases of the rolling year, by who referred them", bars)


def by_completion(agencies: Iterable[AgencyPart]) -> Chart:
    """Actions done of those due, by agency, in percent."""
    shares = [(one.name, one.actions.completion) for one in agencies]
    bars = [Bar(name, float(share.percent or 0), f"{share.percent}%")
            for name, share in shares if share.of]  # fmt: skip
    return _lying("Actions done, of those due or settled, by agency", bars, most=100)


def by_attendance(agencies: Iterable[AgencyPart]) -> Chart:
    """Meetings attended of those invited to, by agency, in percent."""
    shares = [(one.name, one.came.share) for one in agencies]
    bars = [Bar(name, float(share.percent or 0), f"{share.percent}%")
            for name, share in shares if share.of]  # fmt: skip
    return _lying("Meetings attended, of those invited to, by agency", bars, most=100)


def _lying(title: str, bars: Sequence[Bar], most: float = 0) -> Chart:
    longest = most or max((bar.length for bar in bars), default=0) or 1
    return _chart(title, _bars(bars, longest), ROW * len(bars) + 4)


def _bars(bars: Sequence[Bar], most: float) -> list[str]:
    parts = []
    for place, bar in enumerate(bars):
        y = ROW * place
        wide = max(2, BAR * bar.length / most) if bar.length else 0
        name = _short(bar.name)
        parts += [
            TEXT.format(NAME - 8, y + 17, END, escape(name)),
            RECT.format(NAME, y + 4, wide, ROW - 8, FULL),
            TEXT.format(NAME + wide + 6, y + 17, "", escape(bar.words)),
        ]
    return parts


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _chart(title: str, parts: Iterable[str], height: int) -> Chart:
    # Numbers, our own colours, and names that were escaped.
    return Chart(title, mark_safe("".join(parts)), max(height, 1))  # noqa: S308

"""Minutes as PDF: stamped on every page with who opened them and when."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from core.clock import local
from marac.minutes.content import CaseSaid, Content
from marac.minutes.letters import BOLD, PLAIN, markup, register_fonts, width_of

STAMP = "OFFICIAL-SENSITIVE"
_MARGIN, _TOP = 18 * mm, 22 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_INK, _GREY, _RED = HexColor("#0b0c0c"), HexColor("#505a5f"), HexColor("#a2140c")


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given = {"fontName": PLAIN, "textColor": _INK, "leading": size * 1.35, "spaceAfter": 3}
    return ParagraphStyle(name, fontSize=size, **{**given, **more})


_BODY = _style("body", 9)
_SMALL = _style("small", 8, textColor=_GREY)
_LINE = _style("line", 9, leftIndent=4 * mm)
_LABEL = _style("label", 9, fontName=BOLD, spaceBefore=4, keepWithNext=1)
_CASE = _style("case", 12, fontName=BOLD, spaceBefore=12, keepWithNext=1)
_TITLE = _style("title", 15, fontName=BOLD, spaceAfter=6)


def rendered(
    content: Content,
    *,
    title: str,
    whose: str,
    notes: tuple[str, ...] = (),
    opened_by: str,
    at: datetime,
) -> bytes:
    """The minutes as a file. `whose` says whose copy it is, `opened_by` and `at` who took it when;
    `notes` stand below the title: its version, what changed, that it is a draft."""
    register_fonts()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_TOP,
        bottomMargin=_TOP,
        title=f"{content['reference']} {STAMP}",
        author=content["conference"],
        lang="en-GB",
    )
    flow = [*_head(content, title, notes), *_cases(content)]
    stamp = f"Opened by {opened_by}, {_when(at)}. {whose}."
    document.build(flow, canvasmaker=partial(_Stamped, stamp=stamp, reference=content["reference"]))
    return out.getvalue()


class _Stamped(Canvas):
    """Holds the pages back until their number is known, then stamps each."""

    def __init__(self, *args: Any, stamp: str, reference: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stamp, self._reference = stamp, reference
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        library: Any = self
        library._startPage()

    def save(self) -> None:
        held = self._held
        for page in held:
            self.__dict__.update(page)
            self._put_stamp(len(held))
            super().showPage()
        super().save()

    def _put_stamp(self, pages: int) -> None:
        self.setFillColor(_RED)
        self.setFont(BOLD, 11)
        for height in (A4[1] - 12 * mm, 8 * mm):
            self.drawCentredString(A4[0] / 2, height, STAMP)
        size = 7.5
        style = _style("stamp", size, textColor=_GREY)
        page = f"{self._reference}, page {self.getPageNumber()} of {pages}"
        words = markup(f"{self._stamp} {page}", size=size, width=_WIDTH)
        row = Paragraph(words, style)
        _, height = row.wrap(_WIDTH, _TOP)
        row.drawOn(self, _MARGIN, 13 * mm)


def _text(words: str, style: ParagraphStyle, before: str = "") -> Paragraph:
    """A paragraph of what somebody wrote, after words of our own in bold, if any."""
    size, width = style.fontSize, _WIDTH - style.leftIndent
    taken = width_of(f"{before} ", size, BOLD) if before else 0
    written = markup(words, size=size, width=width, font=style.fontName, taken=taken)
    lead = f"<b>{markup(before, size=size, width=width, font=BOLD)}</b> " if before else ""
    return Paragraph(f"{lead}{written}", style)


def _head(content: Content, title: str, notes: tuple[str, ...]) -> Iterator[Flowable]:
    yield _text(title, _TITLE)
    for note in notes:
        yield _text(note, _BODY)
    yield _text(content["place"], _BODY, "Where:")
    if content["began_at"]:
        yield _text(
            f"{_clock(content['began_at'])} to {_clock(content['ended_at'])}", _BODY, "Held:"
        )
    yield _text(f"{content['chair']}; coordinator {content['coordinator']}", _BODY, "Chair:")
    if content["without_quorum"]:
        yield _text(content["no_quorum_reason"], _BODY, "Held without its quorum.")
    if content["over_capacity_reason"]:
        yield _text(content["over_capacity_reason"], _BODY, "More cases than it has room for:")
    yield _text("Who was there", _LABEL)
    for agency in content["agencies"]:
        apologies = f": {agency['apologies']}" if agency["apologies"] else ""
        yield _text(f"{agency['label']}{apologies}", _LINE, agency["name"])
        for person in content["people"]:
            if person["agency_id"] == agency["id"]:
                yield _text(_there(person), _LINE)
    yield from _others(content)
    count = len(content["cases"])
    yield Spacer(1, 6)
    yield _text(str(count), _BODY, "Cases in this copy:")


def _others(content: Content) -> Iterator[Flowable]:
    """Who was there of no agency that was invited: the chair's own, observers."""
    invited = {agency["id"] for agency in content["agencies"]}
    for person in content["people"]:
        if person["agency_id"] not in invited:
            yield _text(_there(person), _LINE, person["agency"])


def _there(person: Any) -> str:
    words = f"{person['name']}, from {_clock(person['present_at'])}"
    if person["left_at"]:
        words += f" to {_clock(person['left_at'])}"
    return f"{words}, observing" if person["is_observer"] else words


def _cases(content: Content) -> Iterator[Flowable]:
    for number, case in enumerate(content["cases"], 1):
        yield from _case(number, case)


def _case(number: int, case: CaseSaid) -> Iterator[Flowable]:
    yield _text(case["victim"], _CASE, f"{number}.")
    yield _text(_facts(case), _SMALL)
    yield _text(case["perpetrator"], _BODY, "Perpetrator:")
    for label, words in (
        ("Why it is heard:", "; ".join(case["criteria"])),
        ("What was asked:", case["asked"]),
        ("What the victim wants:", case["wanted"]),
        ("The victim was not asked:", case["not_asked"]),
    ):
        if words:
            yield _text(words, _BODY, label)
    yield from _said(case)
    yield from _agreed(case)
    if case["ended_words"]:
        yield _text(case["ended_words"], _BODY, f"{case['label']}:")
    for one in case["corrections"]:
        lead = f"Set right in version {one['number']} by {one['by']}:"
        yield _text(one["words"], _BODY, lead)
    for words in case["near"]:
        yield _text(words, _SMALL, "Not in the room:")


def _facts(case: CaseSaid) -> str:
    """Its reference and what the agenda says of it, in one line."""
    born = f"born {_day(case['born'])}" if case["born"] else "birth date not known"
    parts = [case["reference"], born, case["part"]]
    if case["children"]:
        parts.append(f"{case['children']} {'child' if case['children'] == 1 else 'children'}")
    if case["is_repeat"]:
        parts.append("Repeat")
    heard = (
        f", {_clock(case['began_at'])} to {_clock(case['ended_at'])}" if case["ended_at"] else ""
    )
    return ". ".join([*parts, f"{case['label']}{heard}"])


def _said(case: CaseSaid) -> Iterator[Flowable]:
    if case["research"]:
        yield _text("Known beforehand", _LABEL)
    for one in case["research"]:
        yield _text(one["words"] or one["state"], _LINE, f"{one['agency']}:")
    if case["lines"]:
        yield _text("What was said", _LABEL)
    written = {line["id"]: line["at"] for line in case["lines"]}
    for line in case["lines"]:
        lead = f"{_clock(line['at'])} {line['section']}, {line['agency']}:"
        corrected = written.get(line["corrects"]) if line["corrects"] else None
        if corrected:
            lead = f"{lead} (sets right {_clock(corrected)})"
        yield _text(line["words"], _LINE, lead)


def _agreed(case: CaseSaid) -> Iterator[Flowable]:
    if case["actions"]:
        yield _text("Actions", _LABEL)
    for one in case["actions"]:
        owner = f" ({one['owner']})" if one["owner"] else ""
        lead = f"{one['reference']} {one['agency']}{owner}, by {_day(one['due_on'])}:"
        yield _text(one["words"], _LINE, lead)


def _when(at: datetime) -> str:
    there = local(at)
    return f"{there.day} {there:%B %Y at %H:%M}"


def _clock(instant: str) -> str:
    return f"{local(datetime.fromisoformat(instant)):%H:%M}" if instant else ""


def _day(written: str) -> str:
    on = date.fromisoformat(written)
    return f"{on.day} {on:%B %Y}"

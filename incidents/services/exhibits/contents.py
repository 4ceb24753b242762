"""What a file is, by its bytes and never by its name. Pure: no database, nothing is kept.

Accepted are photographs (JPEG, PNG, WebP), PDF and plain text: what a browser shows without running
anything. Everything else is refused with words that say what to do instead. A file that is two
things at once (a photograph with an archive behind it) is refused too: each reader would take it
for the one that suits it.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import puremagic
from PIL import Image

from core.errors import InvalidInput

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF, TEXT = "application/pdf", "text/plain"
IMAGES = frozenset({JPEG, PNG, WEBP})
EXTENSIONS = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", PDF: ".pdf", TEXT: ".txt"}

#: Points of a picture. A JPEG of the ordinary kind is decoded at an eighth of its size; the others
#: stand in memory whole, at four bytes and more a point.
MOST_POINTS_JPEG = 80_000_000
MOST_POINTS = 40_000_000
#: Bytes of an archive's closing record and of the longest comment that may follow it.
_ZIP_END, _ZIP_COMMENT = 22, 65_535

ASK_FOR = "Photographs (JPEG, PNG or WebP), PDF and plain text (.txt) can be added."
_BROKEN = "This picture cannot be read to its end: it is damaged or cut short. Send it again."
_ATTACHED = (
    "Something else is attached behind this file's end: a motion photo's film, or another file. "
    "Save it as a plain photograph or document and add that."
)

#: Beginnings that deserve words of their own, before anything else is asked.
_REFUSED: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]"),
        "This is a program, whatever its name says. Programs are never accepted.",
    ),
    (re.compile(rb"\s*#!"), "This is a script, whatever its name says. Scripts are not accepted."),
    (
        re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL),
        "This is a HEIC photograph, which cannot be opened here. In the telephone's camera "
        'settings choose "Most compatible", or share it as JPEG, and add that.',
    ),
    (
        re.compile(rb"PK(\x03\x04|\x05\x06)|\xd0\xcf\x11\xe0|\{\\rtf"),
        "This is an office document or an archive, which can carry programs. Save it as PDF and "
        "add the PDF; add the files of an archive one by one.",
    ),
    (
        re.compile(rb".{4}ftyp|RIFF.{4}AVI |\x1a\x45\xdf\xa3|ID3|OggS", re.DOTALL),
        "This is a film or a recording. It belongs with the force's digital evidence; note its "
        "exhibit reference in the first response.",
    ),
)
#: Text that a browser or a shell would run or draw.
_ACTIVE = re.compile(
    r"\A\s*(<\s*[!?a-z]|@echo\b|#!|%!ps)|<\s*(script|html|head|body|svg|iframe|object|embed|img|hta:application)\b|<\?php|javascript:",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PDF_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)[\s/<(\[>]")
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF[\s\x00]*\Z")
#: In the picture's own data FF is followed by 00 or by a restart marker; anything else ends it.
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True)
class Kind:
    """What a file is: its media type and the ending that its name is given."""

    content_type: str

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES


def look(data: bytes, name: str) -> Kind:
    """What these bytes are. `name` is asked only of text, which has no mark of its own.

    Raises InvalidInput at `file`, with words that say what to do, for everything that is not
    accepted.
    """
    if not data:
        raise _refusal("This file is empty. Look at it and add it again.")
    for beginning, words in _REFUSED:
        if beginning.match(data):
            raise _refusal(words)
    for mark, content_type, check in _CHECKS:
        if mark.match(data):
            check(data)
            if _ends_as_archive(data):
                raise _refusal(_ATTACHED)
            return Kind(content_type)
    return _text(data, name)


def clean_name(name: str, kind: Kind) -> str:
    """The name as it is shown and given: no folders, nothing odd, the ending of what it is."""
    last = re.split(r"[/\\]", name)[-1]
    stem = last.rpartition(".")[0] or last
    stem = re.sub(r"[^\w \-()]+", "_", stem).strip(" _")[:100].strip()
    return f"{stem or 'file'}{kind.extension}"


def _refusal(words: str) -> InvalidInput:
    return InvalidInput(words, field="file")


# --- Pictures -----------------------------------------------------------------------------------


def _jpeg(data: bytes) -> None:
    """One picture, or several one behind the other as some cameras keep them; nothing else."""
    start = 0
    for end in _jpeg_ends(data):
        _decode(data[start:end], ("JPEG", "MPO"))
        start = end


def _jpeg_ends(data: bytes) -> Iterator[int]:
    """Where each picture ends, to the end of the file."""
    start = 0
    while start < len(data):
        if data[start : start + 3] != b"\xff\xd8\xff":
            if data[start:].strip(b"\x00"):
                raise _refusal(_ATTACHED)
            return
        start = _jpeg_end(data, start)
        yield start


def _jpeg_end(data: bytes, start: int) -> int:
    """The offset behind the picture that begins at `start`, by its markers."""
    place = start + 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise _refusal(_BROKEN)
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == 0xD9:
            return place + 2
        else:
            place = _behind_segment(data, place)
            if marker == 0xDA:
                found = _AFTER_SCAN.search(data, place)
                if found is None:
                    break
                place = found.end() - 2
    raise _refusal(_BROKEN)


def _behind_segment(data: bytes, place: int) -> int:
    """The offset behind a segment, which says its own length."""
    if place + 4 > len(data):
        raise _refusal(_BROKEN)
    (length,) = struct.unpack_from(">H", data, place + 2)
    return place + 2 + max(2, int(length))


def _png(data: bytes) -> None:
    place = 8
    while place + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        body, place = data[place + 4 : place + 8 + length], place + 12 + length
        if place > len(data) or zlib.crc32(body) != struct.unpack_from(">I", data, place - 4)[0]:
            raise _refusal(_BROKEN)
        if name == b"IEND":
            if place != len(data):
                raise _refusal(_ATTACHED)
            return _decode(data, ("PNG",))
    raise _refusal(_BROKEN)


def _webp(data: bytes) -> None:
    (length,) = struct.unpack_from("<I", data, 4)
    if len(data) < length + 8:
        raise _refusal(_BROKEN)
    if len(data) > length + 8 + length % 2:
        raise _refusal(_ATTACHED)
    _decode(data, ("WEBP",))


def _decode(data: bytes, formats: tuple[str, ...]) -> None:
    """Every point of the picture, within what memory allows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=formats)
        _check_points(picture)
        if picture.format in {"JPEG", "MPO"}:
            # The data is read to its end all the same; only fewer points are made of it.
            picture.draft("RGB", (picture.width // 8, picture.height // 8))
        picture.load()
    except InvalidInput:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many(MOST_POINTS_JPEG) from error
    except Exception as error:  # whatever a hostile file makes the decoder raise
        raise _refusal(_BROKEN) from error


def _check_points(picture: Image.Image) -> None:
    in_steps = picture.format in {"JPEG", "MPO"} and not picture.info.get("progressive")
    most = MOST_POINTS_JPEG if in_steps else MOST_POINTS
    if picture.width * picture.height > most:
        raise _too_many(most)
    if picture.format not in {"JPEG", "MPO"} and getattr(picture, "n_frames", 1) > 1:
        raise _refusal("This picture moves. Add its frames as plain photographs.")


def _too_many(most: int) -> InvalidInput:
    return _refusal(
        f"This picture has more than {most // 1_000_000} million points. Choose a smaller size in "
        "the camera's settings, or save it smaller, and add that."
    )


# --- Documents ----------------------------------------------------------------------------------


def _pdf(data: bytes) -> None:
    """Begins and ends as a PDF does, and holds nothing that runs, as far as its names say."""
    end = _PDF_END.search(data, max(0, len(data) - 2_048))
    if end is None:
        behind = data.rfind(b"%%EOF")
        raise _refusal(
            _ATTACHED if behind > 0 else "This PDF is damaged or cut short. Save it again."
        )
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), data)
    if _PDF_ACTIVE.search(plain):
        raise _refusal(
            'This PDF carries a script or another file. Print it again as PDF ("Save as PDF") and '
            "add that."
        )


def _text(data: bytes, name: str) -> Kind:
    """Plain text is what calls itself .txt and holds nothing that a browser or shell would run."""
    ending = name.rpartition(".")[2].lower()
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = "\x00"
    if _CONTROL.search(words):
        raise _refusal(f"This is {_guess(data)}, which cannot be added. {ASK_FOR}")
    if _ACTIVE.search(words):
        raise _refusal(
            "This is a web page or a script, whatever its name says. Print it as PDF and add that."
        )
    if ending != "txt":
        raise _refusal(
            f'This is text, though its name ends in ".{ending[:10]}". Rename it to .txt if it is '
            f"plain text. {ASK_FOR}"
        )
    if _ends_as_archive(data):
        raise _refusal(_ATTACHED)
    return Kind(TEXT)


def _guess(data: bytes) -> str:
    """What it seems to be, in words for a person; only for the refusal."""
    try:
        guesses = puremagic.magic_string(data[:4_096])
    except (puremagic.PureError, ValueError):
        return "a kind of file that is not known here"
    name = str(guesses[0].name or guesses[0].extension) if guesses else ""
    return f"a file of another kind ({name[:60]})" if name else "a file of another kind"


def _ends_as_archive(data: bytes) -> bool:
    """Whether a ZIP reader, which looks from the end, would find an archive here."""
    tail = data[-(_ZIP_END + _ZIP_COMMENT) :]
    place = tail.find(b"PK\x05\x06")
    while place >= 0:
        if place + _ZIP_END <= len(tail):
            (comment,) = struct.unpack_from("<H", tail, place + 20)
            if place + _ZIP_END + comment == len(tail):
                return True
        place = tail.find(b"PK\x05\x06", place + 1)
    return False


_CHECKS: tuple[tuple[re.Pattern[bytes], str, Callable[[bytes], None]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), JPEG, _jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG, _png),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), WEBP, _webp),
    (re.compile(rb"%PDF-[12]\.\d"), PDF, _pdf),
)

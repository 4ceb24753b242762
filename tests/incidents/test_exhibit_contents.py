"""What a file is by its bytes: what is accepted, what is refused, and with which words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from core.errors import InvalidInput
from incidents.services.exhibits import contents
from incidents.services.exhibits.contents import clean_name, look
from tests.factories.exhibits import (
    LINUX_PROGRAM,
    PDF,
    SHELL_SCRIPT,
    WINDOWS_PROGRAM,
    archive,
    picture,
)

JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")


def refusal(data: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(InvalidInput) as refused:
        look(data, name)
    assert refused.value.field == "file"
    return refused.value.message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (JPEG, "image/jpeg"),
        (picture("JPEG", progressive=True), "image/jpeg"),
        (JPEG + b"\x00" * 40, "image/jpeg"),
        (JPEG + picture("JPEG", (16, 16)), "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (picture("WEBP", lossless=True), "image/webp"),
        (PDF, "application/pdf"),
    ],
    ids=[
        "jpeg",
        "progressive",
        "padded",
        "two in one",
        "png",
        "webp",
        "lossless",
        "pdf",
    ],
)
@pytest.mark.parametrize("name", ["photo.jpg", "notes.txt", "run.exe", ""])
def test_the_type_is_that_of_the_content(data: bytes, expected: str, name: str) -> None:
    assert look(data, name).content_type == expected


def test_two_pictures_as_cameras_keep_them() -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (64, 48), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert look(out.getvalue(), "IMG.jpg").content_type == "image/jpeg"


def test_plain_text_is_what_calls_itself_so() -> None:
    chat = "21/11/2026, 22:14 - Darren: I know where you are <3 £5\r\n".encode()
    assert look(chat, "chat.txt").content_type == "text/plain"
    assert look(b"\xef\xbb\xbf" + chat, "CHAT.TXT").content_type == "text/plain"
    assert "Rename it to .txt" in refusal(chat, "chat.sh")
    assert "Rename it to .txt" in refusal(chat, "chat")


@pytest.mark.parametrize("name", ["photo.jpg", "notes.pdf", "notes.txt", "run.exe", "x.png"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (WINDOWS_PROGRAM, "This is a program"),
        (LINUX_PROGRAM, "This is a program"),
        (b"\xcf\xfa\xed\xfe" + b"\x00" * 90, "This is a program"),
        (SHELL_SCRIPT, "This is a script"),
        (b"\n  #!/usr/bin/env python3\nprint()", "This is a script"),
        (b"@echo off\r\ndel *.*", "script"),
        (b"<!DOCTYPE html><html><script>alert(1)</script>", "web page or a script"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "web page or a script"),
        (b"Dear Sir\n<script src=//x></script>", "web page or a script"),
        (b"<?php system($_GET['c']);", "web page or a script"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "Most compatible"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "Most compatible"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "film"),
        (archive(), "office document or an archive"),
        (archive("word/document.xml"), "Save it as PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 90, "Save it as PDF"),
        (b"GIF89a" + b"\x00" * 90, "GIF"),
        (b"\x00\x01\x02\x03" * 40, "cannot be added"),
        ("Notes in another alphabet".encode("utf-16"), "cannot be added"),
    ],
)
def test_everything_else_is_refused_under_any_name(data: bytes, words: str, name: str) -> None:
    assert words in refusal(data, name)


@pytest.mark.parametrize("tail", [archive(), WINDOWS_PROGRAM, b"<html><script>x</script>"])
@pytest.mark.parametrize("data", [JPEG, PNG, WEBP, PDF], ids=["jpeg", "png", "webp", "pdf"])
def test_nothing_may_hang_behind_the_end(data: bytes, tail: bytes) -> None:
    assert "attached behind" in refusal(data + tail)


def test_an_archive_inside_a_comment_of_the_picture_is_found() -> None:
    """Its closing record is the last thing in the file, as its own comment says how long."""
    packed = archive()[:-2]
    rest = JPEG[2:]
    hidden = packed + struct.pack("<H", len(rest))
    segment = b"\xff\xfe" + struct.pack(">H", len(hidden) + 2) + hidden
    assert "attached behind" in refusal(JPEG[:2] + segment + rest)


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP], ids=["jpeg", "png", "webp"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.98])
def test_a_picture_cut_short_is_refused(data: bytes, part: float) -> None:
    assert "damaged or cut short" in refusal(data[: int(len(data) * part)])


def test_a_picture_whose_inside_is_damaged_is_refused() -> None:
    spoilt = bytearray(PNG)
    spoilt[len(PNG) // 2] ^= 0xFF
    assert "damaged or cut short" in refusal(bytes(spoilt))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is very large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1_000_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8_000, 6_000), (30_000, 30_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_unread(size: tuple[int, int]) -> None:
    assert "million points" in refusal(bomb(*size))


def test_a_large_ordinary_photograph_is_accepted() -> None:
    assert look(picture("JPEG", (9_000, 6_000)), "a.jpg").content_type == "image/jpeg"
    assert "million points" in refusal(picture("JPEG", (9_000, 6_000), progressive=True))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(form: str) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    assert "moves" in refusal(out.getvalue())


@pytest.mark.parametrize(
    "inside",
    [
        b"<</S/JavaScript/JS(app.alert(1))>>",
        b"<</S/J#61vaScript/JS(app.alert(1))>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</Type/EmbeddedFile /Length 9>>",
    ],
)
def test_a_pdf_that_carries_something_is_refused(inside: bytes) -> None:
    assert "script or another file" in refusal(PDF.replace(b"endobj", b"endobj " + inside, 1))


def test_a_pdf_whose_catalogue_lists_attached_files_is_refused() -> None:
    carrying = PDF.replace(b"/Type/Catalog", b"/Type/Catalog/Names<</EmbeddedFiles 5 0 R>>")
    with pytest.raises(InvalidInput, match="carries a script or another file"):
        look(carrying, "report.pdf")


@pytest.mark.parametrize("text", [b"Hello <img src=x onerror=a()>", b"a\n<HTA:APPLICATION>"])
def test_a_page_further_down_in_a_text_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInput, match="web page or a script"):
        look(text, "notes.txt")


def test_a_pdf_cut_short_is_refused() -> None:
    assert "cut short" in refusal(PDF[:80])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("IMG_0042.jpg", "IMG_0042.jpg"),
        ("photo.jpg.exe", "photo_jpg.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\arm.JPEG", "arm.jpg"),
        ("arm\u202egpj.exe", "arm_gpj.jpg"),
        ('a"; drop\r\nX: y.png', "a_ drop_X_ y.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("x" * 400 + ".png", "x" * 100 + ".jpg"),
        ("Zdjęcie ręki.png", "Zdjęcie ręki.jpg"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    assert clean_name(name, contents.Kind("image/jpeg")) == kept

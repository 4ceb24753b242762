"""Files of messages: read as a whole first, taken in line by line, each line once."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DataError
from django.test import Client

from core.errors import InvalidInput
from perpetrators.models import CustodyEpisode, CustodyEvent, CustodyFile
from perpetrators.services import files
from perpetrators.services.files import dropping, taking
from perpetrators.services.files.dropping import Dropped
from perpetrators.services.receiving import receive
from perpetrators.tasks import take_in_files
from tests.factories.custody import AT, couple, known_as
from tests.personas import person

pytestmark = pytest.mark.django_db

PAGE = "/custody/files/"
SignIn = Callable[[str], Client]
HEAD = "message_id,kind,happened_at,person_number,custody_number,family_name,conditions"
GOOD = [
    "f-1,arrest,2026-11-23T06:00:00+00:00,N/87/1,C/26/9,Pike,",
    "f-2,bail,2026-11-23T09:10:00+00:00,N/87/1,C/26/9,Pike,no_contact: With S. | curfew: 21-6",
    "f-3,arrest,2026-11-23T06:00:00+00:00,N/1/1,C/26/8,Unknown,",
]


def content(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *lines, ""]).encode()


def dropped(*lines: str, **said: Any) -> Dropped:
    given = {"name": "night.csv", "system": "custody", "actor": person("custody"), "at": AT}
    return files.drop(**{"content": content(*lines), **given, **said})


def taken(*lines: str, **said: Any) -> CustodyFile:
    return files.go_on(file_id=dropped(*lines, **said).file.pk, at=AT)


def numbers(row: CustodyFile) -> tuple[int, int, int, int, int]:
    return row.lines, row.applied, row.repeated, row.unmatched, row.refused_count


def test_good_lines_are_taken_in() -> None:
    couple()
    row = taken(*GOOD)
    assert numbers(row) == (3, 2, 0, 1, 0)
    assert (row.finished_at, row.content, row.done) == (AT, None, 3)
    run = CustodyEpisode.objects.get()
    assert run.state == "on_bail"
    assert [one["kind"] for one in run.bail_conditions] == ["no_contact", "curfew"]


def test_bad_lines_are_listed_with_line_column_and_cells() -> None:
    couple()
    row = taken(
        GOOD[0],
        "f-4,bail,yesterday,N/87/1,C/26/9,Pike,",
        "",
        "f-5,sent home,2026-11-23T09:10:00+00:00,N/87/1,C/26/9,Pike,",
        'f-6,bail,2026-11-23T09:10:00+00:00,N/87/1,C/26/9,Pike,,"more"',
        "f-7,bail",
        GOOD[1],
    )
    assert numbers(row) == (6, 2, 0, 0, 4)
    assert [(line, column) for line, column, *_ in row.refused] == [(3, 3), (5, 2), (6, 8), (7, 3)]
    line, _, words, cells = row.refused[0]
    assert (line, cells["happened_at"]) == (3, "yesterday")
    assert words.startswith("Give a time as 2026")


def test_a_cell_of_several_lines_keeps_the_numbers_right() -> None:
    couple()
    row = taken(
        'f-1,bail,2026-11-23T09:10:00+00:00,N/87/1,C/26/9,Pike,"no_contact: a\n| curfew: b"',
        "f-2,bail,never,N/87/1,C/26/9,Pike,",
    )
    assert row.applied == 1
    assert [line for line, *_ in row.refused] == [4]


def test_the_same_file_twice_changes_nothing() -> None:
    couple()
    taken(*GOOD)
    before = list(CustodyEvent.objects.values())
    again = dropped(*GOOD)
    assert again.was_there
    assert numbers(files.go_on(file_id=again.file.pk, at=AT)) == (3, 2, 0, 1, 0)
    assert list(CustodyEvent.objects.values()) == before
    assert CustodyFile.objects.count() == 1


def test_the_mended_file_takes_in_what_was_missing() -> None:
    couple()
    taken(GOOD[0], "f-2,bail,yesterday,N/87/1,C/26/9,Pike,")
    assert numbers(taken(*GOOD)) == (3, 1, 1, 1, 0)


def test_a_number_that_said_something_else_before_is_listed() -> None:
    couple()
    taken(*GOOD)
    row = taken("f-1,charge,2026-11-23T06:00:00+00:00,N/87/1,C/26/9,Pike,")
    assert numbers(row) == (1, 0, 0, 0, 1)
    assert "said something else" in row.refused[0][2]


@pytest.mark.parametrize(
    "raw,words",
    [
        (b"", "Line 1: there are no columns"),
        (content("x", head="message_id,kind,surname"), "Line 1, column 3: there is no column"),
        (content("x", head="message_id,kind,kind"), "Line 1, column 3: kind stands there twice"),
        (content("x", head="message_id,kind"), "these columns are missing: happened_at"),
        (content(GOOD[0]) + b"f-2,bail,2026,Jos\xe9", "Line 3, character 18: this is not UTF-8"),
        (content(GOOD[0]) + b"\x00", "Line 3: this is not a text file"),
        (b"PK\x03\x04\x14\x00\xff", "Line 1, character 7: this is not UTF-8"),
    ],
)
def test_what_cannot_be_read_as_a_whole_is_refused_with_the_place(raw: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        dropped(content=raw)
    assert words in refused.value.message
    assert refused.value.field == "file"
    assert not CustodyFile.objects.exists()


def test_semicolons_a_mark_of_order_and_capitals_are_read() -> None:
    couple()
    head, line = HEAD.replace(",", ";").upper(), GOOD[0].replace(",", ";")
    assert taken(content=b"\xef\xbb\xbf" + content(line, head=head)).applied == 1


def test_too_large_says_how_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "MOST_BYTES", 10)
    with pytest.raises(InvalidInput, match="the most is"):
        dropped(*GOOD)


def test_by_hand_is_no_system_of_files() -> None:
    with pytest.raises(InvalidInput):
        dropped(*GOOD, system="here")
    row = taken(
        "here,f-1,arrest,2026-11-23T06:00:00+00:00,P-1",
        content=content(
            "here,f-1,arrest,2026-11-23T06:00:00+00:00,P-1",
            head="system,message_id,kind,happened_at,person",
        ),
    )
    assert row.refused[0][:2] == [2, 1]


@pytest.mark.parametrize("who", ["officer", "investigator", "handler", "idva"])
def test_who_may_not_drop(who: str) -> None:
    with pytest.raises(PermissionDenied):
        dropped(*GOOD, actor=person(who))


def test_after_a_crash_it_goes_on_where_the_last_batch_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known_as(couple()[0], system="prison")
    file = dropped(*GOOD).file
    real, left = receive, [2]

    def crashing(**given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise SystemError("The power went.")
        return real(**given)

    monkeypatch.setattr(taking, "receive", crashing)
    with pytest.raises(SystemError):
        files.go_on(file_id=file.pk, at=AT, batch=1)
    file.refresh_from_db()
    assert (file.done, file.applied, file.finished_at) == (1, 1, None)
    assert CustodyEvent.objects.count() == 1
    assert files.go_on_with_all(at=AT) == 1
    file.refresh_from_db()
    assert numbers(file) == (3, 2, 0, 1, 0)
    assert files.go_on_with_all(at=AT) == 0


def test_one_line_that_the_database_refuses_keeps_no_others_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    couple()
    real = receive

    def failing(*, messages: Any, **given: Any) -> Any:
        if any(one.message_id == "f-2" for one in messages):
            raise DataError("too much")
        return real(messages=messages, **given)

    monkeypatch.setattr(taking, "receive", failing)
    row = taken(*GOOD)
    assert numbers(row) == (3, 1, 0, 1, 1)
    assert row.refused[0][0] == 3


def test_whoever_lost_the_permission_meanwhile_takes_nothing_in() -> None:
    couple()
    file = dropped(*GOOD).file
    person("custody").groups.clear()
    files.go_on(file_id=file.pk, at=AT)
    file.refresh_from_db()
    assert file.finished_at == AT
    assert "may no longer send" in file.refused[0][2]
    assert not CustodyEvent.objects.exists()


# --- The command ----------------------------------------------------------------------------------


def test_the_command_takes_a_file_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    couple()
    person("custody_system")
    path = tmp_path / "night.csv"
    path.write_bytes(content(*GOOD))
    call_command("import_custody_events", str(path), "--user", "custody_system")
    assert "3 lines, 2 applied" in capsys.readouterr().out
    path.write_bytes(content("f-9,bail,never,N/87/1,C/26/9,Pike,"))
    with pytest.raises(CommandError, match="mend those above"):
        call_command("import_custody_events", str(path), "--user", "custody_system")
    assert "line 2, column 3: Give a time" in capsys.readouterr().err


@pytest.mark.parametrize(
    "user,raw,words",
    [
        ("ghost", content(*GOOD), "Nobody called ghost"),
        ("officer", content(*GOOD), "Only the custody system"),
        ("custody", b"a,b\n", "Line 1, column 1"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, user: str, raw: bytes, words: str) -> None:
    for name in ("officer", "custody"):
        person(name)
    path = tmp_path / "night.csv"
    path.write_bytes(raw)
    with pytest.raises(CommandError, match=words):
        call_command("import_custody_events", str(path), "--user", user)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_custody_events", str(tmp_path / "none"), "--user", "custody")


# --- The page -------------------------------------------------------------------------------------


def post(client: Client, raw: bytes, system: str = "custody", **more: Any) -> Any:
    upload = SimpleUploadedFile("night.csv", raw, content_type="text/csv")
    return client.post(PAGE, {"file": upload, "system": system}, **more)


def test_a_short_file_is_taken_in_at_once(sign_in: SignIn) -> None:
    couple()
    client = sign_in("custody")
    bad = "f-4,bail,yesterday,N/87/1,C/26/9,Pike,"
    answer = post(client, content(*GOOD, bad), follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("2 applied", "1 not taken in", "Give a time as", "<td>5</td>"):
        assert words in page, words
    file = CustodyFile.objects.get()
    mended = client.get(f"{PAGE}{file.reference}/refused/").content
    assert mended.startswith(b"message_id,kind,happened_at,person_number,family_name,")
    (cells,) = csv.DictReader(mended.decode().splitlines())
    assert list(map(cells.get, HEAD.split(","))) == bad.split(",")
    assert "night.csv" in client.get(PAGE).content.decode()
    assert "dropped before" in post(client, content(*GOOD, bad), follow=True).content.decode()


def test_a_long_file_goes_on_by_itself(
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(dropping, "AT_ONCE", 2)
    monkeypatch.setattr(take_in_files, "delay", lambda: woken.append(True))
    couple()
    client = sign_in("custody")
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(client, content(*GOOD), follow=True)
    assert woken == [True]
    page = answer.content.decode()
    assert "0 of 3 lines" in page
    assert 'data-refresh-every="2"' in page
    file = CustodyFile.objects.get()
    files.go_on(file_id=file.pk, at=AT)
    assert "2 applied" in client.get(f"{PAGE}{file.reference}/").content.decode()


def test_what_is_wrong_is_said_on_the_page(sign_in: SignIn) -> None:
    client = sign_in("custody")
    assert "Choose a file." in client.post(PAGE, {"system": "custody"}).content.decode()
    answer = post(client, b"a,b\n")
    assert answer.status_code == 400
    assert "Line 1, column 1" in answer.content.decode()
    large = client.post(PAGE, {}, CONTENT_LENGTH=str(files.MOST_BYTES * 2))
    assert large.status_code == 413
    assert "larger than 20 MB" in large.content.decode()
    assert client.get(f"{PAGE}CF-000099/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "investigator", "head"])
def test_who_may_not_open_the_page(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    assert client.get(PAGE).status_code == 403
    assert post(client, content(*GOOD)).status_code == 403

"""Keeping exhibits: the bytes as they are, one reference each, no file without a row."""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import AuditEvent
from core import clock, policy
from core.errors import AlreadyTaken, InvalidInput
from incidents.models import Exhibit
from incidents.services import exhibits as services
from incidents.services.exhibits import adding
from tests.factories.exhibits import PDF, WINDOWS_PROGRAM, about, exhibit, picture, upload
from tests.factories.incidents import incident
from tests.incidents.helpers_exhibits import files
from tests.marks import committed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
People = Callable[[str], User]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


# --- Keeping --------------------------------------------------------------------------------------


def test_the_bytes_are_kept_as_they_are(at: datetime, people: People, store: Path) -> None:
    data, row = picture(), incident(at=at)
    kept = exhibit(row, at, data=data, name="../IMG_0042.JPG", words="  Bruise  ")
    (path,) = files(store)
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert re.fullmatch(r"[0-9a-f]{32}", path.name)
    assert (kept.name, kept.content_type, kept.size) == ("IMG_0042.jpg", "image/jpeg", len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert (kept.reference, kept.words, kept.uploaded_by) == ("TH/1", "Bruise", people("officer"))
    event = AuditEvent.objects.get(verb="exhibit.added")
    assert event.detail["sha256"] == kept.sha256
    assert "Bruise" not in event.headline


def test_the_same_bytes_twice_are_one_exhibit(at: datetime, people: People, store: Path) -> None:
    row, other = incident(at=at), incident(at=at)
    first = exhibit(row, at)
    again = services.add_exhibit(
        incident_id=row.pk,
        file=upload(name="copy.jpg"),
        about=about(words="Once more"),
        actor=people("officer"),
        at=at,
    )
    assert again.was_there
    assert again.exhibit == first
    assert len(files(store)) == 1
    assert exhibit(other, at) != first


def test_references_are_numbered_and_never_used_again(at: datetime, people: People) -> None:
    row = incident(at=at)
    first = exhibit(row, at)
    services.withdraw_exhibit(exhibit_id=first.pk, reason="x", actor=people("officer"), at=at)
    assert exhibit(row, at).reference == "TH/2"
    assert exhibit(row, at, data=PDF, actor=people("handler")).reference == "RA/1"
    given = exhibit(row, at, data=picture("PNG"), reference=" th / 9 ")
    assert given.reference == "TH/9"
    with pytest.raises(AlreadyTaken) as refused:
        exhibit(row, at, data=picture("WEBP"), reference="TH/9")
    assert refused.value.field == "reference"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("kind", {"kind": "selfie"}),
        ("words", {"words": "  "}),
        ("words", {"words": "x" * 301}),
        ("reference", {"reference": "TH:1"}),
        ("person", {"person_id": 999_999}),
        ("file", {"data": b""}),
        ("file", {"data": WINDOWS_PROGRAM}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_leaves_no_file(
    at: datetime, store: Path, field: str, said: dict[str, Any]
) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        exhibit(row, at, **said)
    assert refused.value.field == field
    assert not Exhibit.objects.exists()
    assert files(store) == []


def test_a_file_is_not_read_beyond_the_limit(at: datetime, people: People) -> None:
    row = incident(at=at)
    policy.change(
        actor=people("head"),
        at=at - timedelta(days=1),
        effective_from=at - timedelta(days=1),
        reason="Small",
        changes={"exhibit_megabytes": 1},
    )
    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        exhibit(row, at, data=picture() + b"\x00" * 1_000_001)
    assert exhibit(row, at, data=picture() + b"\x00" * 900_000).size > 900_000


@pytest.mark.parametrize("who", ["worker", "idva", "agency", "analyst", "auditor", "nobody"])
def test_who_may_not_add(at: datetime, people: People, who: str, store: Path) -> None:
    with pytest.raises(PermissionDenied):
        exhibit(incident(at=at), at, actor=people(who))
    assert files(store) == []


def test_what_is_rolled_back_leaves_no_file(
    at: datetime, people: People, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = incident(at=at)

    def fail(*args: Any) -> None:
        assert len(files(store)) == 1
        raise RuntimeError("the audit cannot be written")

    monkeypatch.setattr(adding, "_record", fail)
    with pytest.raises(RuntimeError):
        exhibit(row, at)
    assert not Exhibit.objects.exists()
    assert files(store) == []


@committed
def test_it_is_never_part_of_a_greater_transaction(at: datetime, store: Path) -> None:
    """Else a caller could roll the row back and leave the file."""
    from django.db import transaction

    row = incident(at=at)
    with pytest.raises(RuntimeError), transaction.atomic():
        exhibit(row, at)
    assert files(store) == []


# --- Checking -------------------------------------------------------------------------------------


def test_the_check_names_what_is_missing_changed_or_nobodys(
    at: datetime, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = incident(at=at)
    exhibit(row, at)
    call_command("check_exhibits")
    assert "1 exhibits: 0 missing, 0 changed, 0 files of none." in capsys.readouterr().out

    gone = exhibit(row, at, data=PDF)
    altered = exhibit(row, at, data=picture("PNG"))
    (store / gone.file.name).unlink()
    (store / altered.file.name).write_bytes(b"x")
    (store / "stray").write_bytes(b"y")
    with pytest.raises(CommandError, match="1 missing, 1 changed, 1 files of none"):
        call_command("check_exhibits")
    out = capsys.readouterr().out
    assert f"missing: {row.reference} {gone.reference}" in out
    assert f"changed: {row.reference} {altered.reference}" in out
    assert "orphan: stray" in out


def test_orphans_are_removed_once_they_are_old(
    at: datetime, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = incident(at=at)
    exhibit(row, at)
    young, old = store / "young", store / "old"
    for path, hours in ((young, 1), (old, 25)):
        path.write_bytes(b"z")
        instant = (at - timedelta(hours=hours)).timestamp()
        os.utime(path, (instant, instant))
    with pytest.raises(CommandError, match="1 files of none"):
        call_command("check_exhibits", "--remove-orphans")
    assert young.exists()
    assert not old.exists()
    assert len(files(store)) == 2

"""Photographs and documents: kept as they are, given to who may see them, never lost silently."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent, RecordRead
from core import clock, policy
from core.errors import AlreadyTaken, InvalidInput
from incidents.models import Exhibit, Incident
from incidents.models.exhibits import kept_in
from incidents.services import exhibits as services
from incidents.services.exhibits import adding
from tests.factories.exhibits import PDF, WINDOWS_PROGRAM, about, exhibit, picture, upload
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.marks import committed
from victims.models import Person, Victim, VictimGrant

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A store of its own for each test."""
    place = tmp_path / "exhibits"
    storages = {**settings.STORAGES}
    options = {**storages["exhibits"]["OPTIONS"], "location": str(place)}
    settings.STORAGES = {**storages, "exhibits": {**storages["exhibits"], "OPTIONS": options}}
    # A field asks for its storage once.
    field = Exhibit._meta.get_field("file")
    before, field.storage = field.storage, kept_in()  # type: ignore[attr-defined]
    yield place
    field.storage = before  # type: ignore[attr-defined]


def files(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


def grant(victim: Victim, user: User) -> None:
    permission = Permission.objects.get(codename="view_victim")
    VictimGrant.objects.create(user=user, permission=permission, content_object=victim)


def url(row: Incident, found: Exhibit | None = None, more: str = "") -> str:
    return f"/incidents/{row.reference}/exhibits/" + (f"{found.key}/{more}" if found else more)


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


# --- Giving ---------------------------------------------------------------------------------------


def test_it_is_given_so_that_nothing_runs(at: datetime, people: People, sign_in: SignIn) -> None:
    row = incident(at=at)
    kept = exhibit(row, at)
    answer = sign_in("worker").get(url(row, kept))
    assert b"".join(answer.streaming_content) == picture()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'attachment; filename="IMG_0042.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    read = RecordRead.objects.get()
    assert (read.user, read.incident_id, read.path) == (people("worker"), row.pk, url(row, kept))


def test_only_pictures_are_shown_in_the_page(at: datetime, sign_in: SignIn) -> None:
    row = incident(at=at)
    shown = sign_in("officer").get(url(row, exhibit(row, at), "?view=1"))
    assert shown["Content-Disposition"].startswith("inline")
    saved = sign_in("officer").get(url(row, exhibit(row, at, data=PDF), "?view=1"))
    assert saved["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("what", ["changed", "missing"])
def test_a_changed_file_is_given_to_nobody_and_shouted_about(
    at: datetime,
    sign_in: SignIn,
    store: Path,
    what: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    row = incident(at=at)
    kept = exhibit(row, at)
    (path,) = files(store)
    if what == "missing":
        path.unlink()
    else:
        path.write_bytes(PDF)
    answer = sign_in("officer").get(url(row, kept))
    assert answer.status_code == 409
    assert "not given to anybody" in answer.content.decode()
    assert AuditEvent.objects.get(verb=f"exhibit.{what}").is_grave
    assert f"is {what}" in caplog.text


def test_an_adviser_sees_what_is_about_their_own_client_alone(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    """Two victims who are each other's perpetrator: seeing the incident is not enough."""
    row = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("victim", **DARREN)))
    mine, other = (one.victim for one in row.involvements.order_by("pk"))
    assert mine is not None and other is not None
    grant(mine, people("idva"))
    hers = exhibit(row, at, person_id=mine.person_id, words="Her arm")
    his = exhibit(row, at, data=PDF, person_id=other.person_id, words="His arm")
    nobodys = exhibit(row, at, data=picture("PNG"), words="The kitchen")
    client = sign_in("idva")
    page = client.get(f"/incidents/{row.reference}/").content.decode()
    listed = client.get(url(row)).content.decode()
    for shown in (page, listed):
        assert "Her arm" in shown
        assert "His arm" not in shown
        assert "The kitchen" not in shown
        assert "Add photographs" not in shown
    assert client.get(url(row, hers)).status_code == 200
    for hidden in (his, nobodys):
        assert client.get(url(row, hidden)).status_code == 404
        api = client.get(f"/api/v1{url(row, hidden)}")
        assert api.status_code == 404
    assert [one["words"] for one in client.get(f"/api/v1{url(row)}").json()] == ["Her arm"]
    assert sign_in("idva_b").get(url(row, hers)).status_code == 404


def test_an_exhibit_is_found_only_under_its_own_incident(at: datetime, sign_in: SignIn) -> None:
    row, other = incident(at=at), incident(at=at)
    assert sign_in("officer").get(url(other, exhibit(row, at))).status_code == 404


# --- Withdrawing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 302), ("supervisor", 302), ("officer_b", 403), ("handler", 403)]
)
def test_who_added_it_or_a_supervisor_withdraws(
    at: datetime, sign_in: SignIn, who: str, status: int
) -> None:
    row = incident(at=at)
    kept = exhibit(row, at)
    client = sign_in(who)
    answer = client.post(url(row, kept, "withdraw/"), {"reason": "The wrong house"})
    assert answer.status_code == status
    kept.refresh_from_db()
    assert (kept.withdrawn_at is not None) == (status == 302)


def test_what_is_withdrawn_is_kept_and_shown_to_nobody(
    at: datetime, people: People, sign_in: SignIn, store: Path
) -> None:
    row = incident(at=at)
    kept = exhibit(row, at)
    client = sign_in("officer")
    assert client.post(url(row, kept, "withdraw/"), {"reason": " "}).status_code == 400
    client.post(url(row, kept, "withdraw/"), {"reason": "The wrong house"})
    assert client.get(url(row, kept)).status_code == 404
    assert sign_in("auditor").get(url(row, kept)).status_code == 404
    page = client.get(f"/incidents/{row.reference}/").content.decode()
    assert "Bruise" not in page
    assert "Exhibit TH/1 withdrawn" in page
    assert len(files(store)) == 1
    assert exhibit(row, at).pk != kept.pk


# --- The page -------------------------------------------------------------------------------------


def send(client: Client, row: Incident, *given: SimpleUploadedFile, **said: str) -> Any:
    said = {"kind": "injury", "words": "Bruise", "person": "", "reference": "", **said}
    return client.post(url(row), {**said, "file": list(given)})


def test_several_at_once_each_with_its_own_result(at: datetime, sign_in: SignIn) -> None:
    row = incident(at=at)
    answer = send(
        sign_in("officer"),
        row,
        upload(name="arm.jpg"),
        upload(WINDOWS_PROGRAM, "face.jpg"),
        upload(PDF, "letter.pdf"),
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Kept:</b> arm.jpg as TH/1, letter.pdf as TH/2." in page
    assert "face.jpg: This is a program" in page
    assert 'value="Bruise"' in page
    assert Exhibit.objects.count() == 2


def test_all_good_is_a_list_with_them(at: datetime, sign_in: SignIn) -> None:
    row, client = incident(at=at), sign_in("officer")
    person = Person.objects.get(given_name="Siobhán")
    answer = send(client, row, upload(name="arm.jpg"), person=str(person.pk))
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "arm.jpg as TH/1" in page
    assert Exhibit.objects.get().sha256 in page
    assert "of Siobhán O&#x27;Neill" in page
    send(client, row, upload(name="arm.jpg"))
    assert Exhibit.objects.count() == 1


def test_nothing_typed_is_lost(at: datetime, sign_in: SignIn) -> None:
    row = incident(at=at)
    answer = send(sign_in("officer"), row, kind="", words="Broken door", reference="TH/7")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose at least one file." in page
    assert "Broken door" in page
    assert "TH/7" in page


def test_one_reference_is_for_one_file(at: datetime, sign_in: SignIn) -> None:
    row = incident(at=at)
    answer = send(sign_in("officer"), row, upload(), upload(PDF), reference="TH/7")
    assert "One reference is for one file" in answer.content.decode()
    assert not Exhibit.objects.exists()


@pytest.fixture
def one_megabyte(at: datetime, people: People) -> None:
    policy.change(
        actor=people("head"),
        at=at - timedelta(days=1),
        effective_from=at - timedelta(days=1),
        reason="Small",
        changes={"exhibit_megabytes": 1},
    )


@pytest.mark.usefixtures("one_megabyte")
def test_a_long_file_is_dropped_on_its_way_and_the_others_are_kept(
    at: datetime, sign_in: SignIn
) -> None:
    row = incident(at=at)
    long = upload(picture() + b"\x00" * 3_000_000, "long.jpg")
    answer = send(sign_in("officer"), row, long, upload(name="arm.jpg"))
    page = answer.content.decode()
    assert "long.jpg: It is larger than 1 MB." in page
    assert "arm.jpg as TH/1" in page
    assert answer.wsgi_request.FILES.getlist("file")[0].name == "arm.jpg"


@pytest.mark.usefixtures("one_megabyte")
@pytest.mark.parametrize("before", ["", "/api/v1"])
def test_far_too_much_is_refused_before_it_is_read(
    at: datetime, sign_in: SignIn, before: str
) -> None:
    row, client = incident(at=at), sign_in("officer")

    class Untouched:
        def read(self, *args: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    answer = client.generic(
        "POST",
        before + url(row),
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": "90000000", "wsgi.input": Untouched()},
    )
    assert answer.status_code == 413
    assert "the most is 11 MB" in answer.content.decode()


def test_the_token_of_the_form_is_asked_for(at: datetime, people: People) -> None:
    row, client = incident(at=at), Client(enforce_csrf_checks=True)
    client.force_login(people("officer"), backend="accounts.backends.RoleBackend")
    assert send(client, row, upload()).status_code == 403
    assert not Exhibit.objects.exists()
    page = client.get(url(row)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    assert send(client, row, upload(), csrfmiddlewaretoken=token[1]).status_code == 302
    assert Exhibit.objects.count() == 1


def test_the_list_costs_the_same_however_many(
    at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    row, client = incident(at=at), sign_in("officer")
    for number in range(12):
        exhibit(row, at, data=picture(colour=f"#8030{number:02d}"))
    client.get(url(row))
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get(url(row))


LIST_QUERIES = 16


# --- The API --------------------------------------------------------------------------------------


def test_by_the_api_with_the_same_rules(at: datetime, people: People, sign_in: SignIn) -> None:
    row, client = incident(at=at), sign_in("officer")
    person = Person.objects.get(given_name="Siobhán")
    said = {"kind": "injury", "words": "Bruise", "person": person.reference}
    address = f"/api/v1{url(row)}"
    first = client.post(address, {**said, "file": upload()})
    assert first.status_code == 201, first.content
    assert first.json()["sha256"] == hashlib.sha256(picture()).hexdigest()
    again = client.post(address, {**said, "file": upload()})
    assert (again.status_code, again.json()["key"]) == (200, first.json()["key"])
    bad = client.post(address, {**said, "file": upload(WINDOWS_PROGRAM)})
    assert bad.status_code == 400
    assert "This is a program" in bad.json()["errors"]["file"][0]
    other = client.post(address, {**said, "person": "P-2026-999999", "file": upload(PDF)})
    assert "person" in other.json()["errors"]
    given = client.get(f"{address}{first.json()['key']}/")
    assert b"".join(given.streaming_content) == picture()  # type: ignore[attr-defined]
    assert "sandbox" in given["Content-Security-Policy"]
    assert sign_in("worker").post(address, {**said, "file": upload()}).status_code == 403


@pytest.mark.usefixtures("one_megabyte")
def test_by_the_api_a_long_file_is_refused_in_words(at: datetime, sign_in: SignIn) -> None:
    row = incident(at=at)
    said = {"kind": "injury", "words": "x", "file": upload(picture() + b"\x00" * 2_000_000)}
    answer = sign_in("officer").post(f"/api/v1{url(row)}", said)
    assert "larger than 1 MB" in answer.json()["errors"]["file"][0]


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

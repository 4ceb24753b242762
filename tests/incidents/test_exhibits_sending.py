"""Sending exhibits by the page and by the API: limits, refusals and what is kept."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core import clock, policy
from incidents.models import Exhibit, Incident
from tests.factories.exhibits import PDF, WINDOWS_PROGRAM, exhibit, picture, upload
from tests.factories.incidents import incident
from tests.incidents.helpers_exhibits import url
from victims.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
People = Callable[[str], User]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


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

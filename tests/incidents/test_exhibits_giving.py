"""Giving exhibits to those who may see them, and withdrawing them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent, RecordRead
from core import clock
from tests.factories.exhibits import PDF, exhibit, picture
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.incidents.helpers_exhibits import files, grant, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
People = Callable[[str], User]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


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

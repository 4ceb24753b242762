"""A withdrawal while a document is being downloaded: no further piece is handed over."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from core import clock
from incidents.models import Exhibit
from incidents.services.exhibits import withdraw_exhibit
from referrals import services
from referrals.models import Sharing
from referrals.services.sharing import giving_documents
from referrals.services.sharing.giving_documents import TakenBack, give_document
from tests.factories import exhibits
from tests.factories.sharing import marked, told, with_document
from tests.marks import committed
from tests.personas import person

#: Several pieces long.
LONG = exhibits.PDF.replace(b"1 0 obj", b"%" + b"x" * 4_000 + b"\n1 0 obj", 1)
PIECE = 512


@pytest.fixture
def shared(at: datetime, monkeypatch: pytest.MonkeyPatch) -> tuple[Sharing, Exhibit]:
    monkeypatch.setattr(giving_documents, "PIECE", PIECE)
    now = clock.now() - timedelta(hours=1)
    victim = marked(now)
    arm = with_document(victim, now, LONG)
    return told(victim, now, documents=[arm.key]), arm


def pieces_of(row: Sharing, arm: Exhibit) -> Iterator[bytes]:
    return iter(
        give_document(
            sharing=row, exhibit=arm, reader=person("agency"), path="/shared/", now=clock.now
        )
    )


def withdraw(row: Sharing) -> None:
    services.withdraw_sharing(
        sharing_id=row.pk, because="Wrong agency", actor=person("worker"), at=clock.now()
    )


@pytest.mark.django_db
def test_the_whole_file_where_nothing_is_withdrawn(shared: tuple[Sharing, Exhibit]) -> None:
    assert b"".join(pieces_of(*shared)) == LONG


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["sharing", "exhibit", "person", "team"])
def test_no_piece_after_what_allowed_it_ended(shared: tuple[Sharing, Exhibit], ends: str) -> None:
    row, arm = shared
    pieces = pieces_of(row, arm)
    assert len(next(pieces)) == PIECE
    reader = person("agency")
    if ends == "sharing":
        withdraw(row)
    elif ends == "exhibit":
        withdraw_exhibit(exhibit_id=arm.pk, reason="x", actor=person("officer"), at=clock.now())
    elif ends == "person":
        reader.is_active = False
        reader.save(update_fields=["is_active"])
    else:
        reader.team = None
        reader.save(update_fields=["team"])
    with pytest.raises(TakenBack):
        next(pieces)


@committed
def test_withdrawn_on_another_connection_the_download_breaks_off(
    shared: tuple[Sharing, Exhibit],
) -> None:
    """The reader's thread has its first piece; then the unit withdraws; then it asks for more."""
    row, arm = shared
    begun, withdrawn = threading.Event(), threading.Event()
    client = Client()
    client.force_login(person("agency"), backend="accounts.backends.RoleBackend")

    def download() -> tuple[int, bytes, bool]:
        got, broke = b"", False
        try:
            answer = client.get(f"/shared/{row.reference}/documents/{arm.key}/")
            assert answer.status_code == 200
            try:
                for piece in answer.streaming_content:  # type: ignore[attr-defined]
                    got += piece
                    begun.set()
                    assert withdrawn.wait(20)
            except TakenBack:
                broke = True
            answer.close()
            return int(answer["Content-Length"]), got, broke
        finally:
            begun.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(download)
        assert begun.wait(20)
        withdraw(row)
        withdrawn.set()
        length, got, broke = waiting.result(20)
    assert broke
    assert len(got) == PIECE
    assert length == len(LONG)
    assert client.get(f"/shared/{row.reference}/documents/{arm.key}/").status_code == 404

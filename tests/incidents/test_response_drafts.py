"""Drafts of a first response: kept as typed, each officer's own, ended by recording."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core.errors import InvalidInput, Stale
from incidents.models import FirstResponseDraft, Incident
from incidents.services import response
from tests.factories.response import attended, findings, responded, sent

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)


def keep(
    row: Incident, officer: User, words: str, version: int, at: datetime, writer: str = "p"
) -> FirstResponseDraft:
    return response.keep_first_response_draft(
        incident=row,
        officer=officer,
        fields={"account": [words]},
        version=version,
        writer=writer,
        at=at,
    )


def test_a_draft_is_kept_as_typed(at: datetime, people: People) -> None:
    row = sent(at=at)
    assert keep(row, people("officer"), "One", 0, at).version == 1
    assert keep(row, people("officer"), "One two", 1, at).version == 2
    assert response.draft_of(incident=row, officer=people("officer")).fields == {  # type: ignore[union-attr]
        "account": ["One two"]
    }


def test_the_same_page_may_try_again_and_another_is_stale(at: datetime, people: People) -> None:
    row = sent(at=at)
    keep(row, people("officer"), "One", 0, at, writer="page a")
    keep(row, people("officer"), "One two", 0, at, writer="page a")
    with pytest.raises(Stale):
        keep(row, people("officer"), "Other", 0, at, writer="page b")
    with pytest.raises(Stale):
        keep(row, people("officer"), "Other", 0, at, writer="")


def test_officers_do_not_share_a_draft(at: datetime, people: People) -> None:
    row = sent(at=at)
    keep(row, people("officer"), "Mine", 0, at)
    assert response.draft_of(incident=row, officer=people("officer_b")) is None
    keep(row, people("officer_b"), "Theirs", 0, at)
    assert FirstResponseDraft.objects.count() == 2


def test_recording_ends_the_draft_and_a_late_page_does_not_bring_it_back(
    at: datetime, people: People
) -> None:
    row = attended(at=at)
    keep(row, people("officer"), "Mine", 0, at)
    response.record_first_response(
        incident_id=row.pk, actor=people("officer"), findings=findings(), version=0, at=at + NINE
    )
    assert not FirstResponseDraft.objects.exists()
    with pytest.raises(Stale):
        keep(row, people("officer"), "Mine again", 1, at)


@pytest.mark.parametrize("words", ["x" * 300_001, "nul\x00"])
def test_what_cannot_be_kept_is_refused(at: datetime, people: People, words: str) -> None:
    row = sent(at=at)
    with pytest.raises(InvalidInput):
        keep(row, people("officer"), words, 0, at)


def test_text_is_tidied(at: datetime, people: People) -> None:
    assert responded(at=at, account="  It was dark.\r\nVery.  ").account == "It was dark.\nVery."

"""The list of clients is the same by whichever way it is read: at once, in parts, or as a set."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core import clock
from referrals import clients
from referrals.clients import Clients, Filters
from tests.factories import victims
from tests.personas import person
from victims.models import VictimGrant
from victims.services import give_access

pytestmark = pytest.mark.django_db
FAMILIES = ("Birch", "Okonkwo", "Burch", "Lund", "Birche")


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def adviser(now: datetime) -> User:
    """Five clients, the last the newest, each seen from another minute on."""
    reader = person("idva")
    for number, family in enumerate(FAMILIES):
        row = victims.victim(given_name="Ada", family_name=family, date_of_birth=None, at=now)
        give_access(
            victim_id=row.pk,
            person=reader,
            why="client",
            actor=person("supervisor"),
            at=now - timedelta(minutes=10 - number),
        )
    return User.objects.get(pk=reader.pk)


def families(listed: Clients, number: int = 1) -> list[str]:
    return [row.family_name for row in listed.page(number).object_list]


@pytest.mark.parametrize(("at_once", "few"), [(250, 10_000), (2, 10_000), (2, 2)])
@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("", [["Birche", "Lund"], ["Burch", "Okonkwo"], ["Birch"]]),
        ("Birch", [["Birche", "Burch"], ["Birch"]]),
        ("Lund", [["Lund"]]),
        ("Nobody", [[]]),
    ],
)
def test_pages_are_the_same_however_they_are_read(
    adviser: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
    few: int,
    words: str,
    pages: list[list[str]],
) -> None:
    monkeypatch.setattr(clients, "PAGE_SIZE", 2)
    monkeypatch.setattr(clients, "AT_ONCE", at_once)
    monkeypatch.setattr(clients, "FEW", few)

    for number, page in enumerate(pages, 1):
        assert families(Clients(adviser, Filters(words=words), now), number) == page
    listed = Clients(adviser, Filters(words=words), now)
    assert len(listed) == sum(map(len, pages))
    assert [row.family_name for row in listed.everything()] == [
        one for page in pages for one in page
    ]


def test_a_grant_that_ran_out_is_not_listed(adviser: User, now: datetime) -> None:
    newest = VictimGrant.objects.filter(user=adviser).latest("granted_at")
    VictimGrant.objects.filter(pk=newest.pk).update(until_at=now - timedelta(minutes=1))

    for words in ("", "Birch"):
        assert "Birche" not in families(Clients(adviser, Filters(words=words), now))

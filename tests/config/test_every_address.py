"""Every address, HTML and API, as every persona and as nobody.

The table in every_address/rules says who may open what. An address that is not in it fails the
test, so that no page is added without saying who sees it. The world that is walked is made once
for all tests here (every_address/world.py), and whatever a test writes is undone. Each page is
asked for once by each persona, and everything that is to be said of the answer is said then.
"""

import re
from typing import Any

import pytest
from django.test import Client

from tests.config.every_address import apart
from tests.config.every_address.asking import answer, ask, signed_in, words_of
from tests.config.every_address.routes import routes
from tests.config.every_address.rules import (
    ADVISER,
    EVERYBODY,
    HELD,
    MEETING,
    PATCHED,
    POLICE,
    PUBLIC,
    RULES,
)
from tests.config.every_address.world import Case, brother
from tests.personas import PEOPLE
from victims.models import Victim

pytestmark = pytest.mark.django_db

READ = {route: rule.read for route, rule in RULES.items() if rule.read is not None}
WRITTEN = {route: rule.write for route, rule in RULES.items() if rule.write is not None}
REFUSED = {403, 404, 405}
#: A page that everybody but an auditor is refused.
WHO_LOOKED = "victims/<victim>/who-looked/"


@pytest.fixture(scope="module")
def kept(case: Case, django_db_blocker: Any) -> Case:
    """The world with words that are kept apart, written within its transaction."""
    with django_db_blocker.unblock():
        apart.write_apart(case)
    return case


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) - PUBLIC == set(RULES)


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_reads_what(kept: Case, plainly: None, username: str) -> None:
    """The table's pages and no others; on them, of words kept apart, those of one's own side.

    An outsider gets the same answer for a record that exists and for one that does not.
    """
    client, nothing = signed_in(username), kept.of_nothing()
    wrong, told, words = {}, {}, set()
    for route, allowed in READ.items():
        response = ask(client, "get", kept.address(route))
        status = response.status_code
        if status not in ({200, 302} if username in allowed else {403, 404}):
            wrong[route] = status
        if status == 200:
            content = words_of(response)
            words |= {word for word in apart.ALL if word.encode() in content}
        elif tells_nothing(username, route):
            not_there = answer(client, "get", nothing.address(route))
            if not_there != status:
                told[route] = (status, not_there)
    assert not wrong, sorted(wrong.items())
    assert not told, sorted(told.items())
    assert words == apart.read_by(username)


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_write(case: Case, plainly: None, username: str) -> None:
    client = signed_in(username)
    wrong = {}
    for route, writers in WRITTEN.items():
        method = "patch" if route in PATCHED else "post"
        status = answer(client, method, case.address(route))
        if (username in writers) == (status in REFUSED) or status >= 500:
            wrong[route] = status
    assert not wrong, sorted(wrong.items())


def test_what_is_only_read_takes_no_writing(case: Case, plainly: None) -> None:
    """That an address has no such method is said of it whoever asks: one who reads it asks."""
    clients: dict[str, Client] = {}
    wrong = {}
    for route in READ.keys() - WRITTEN.keys():
        reader = min(RULES[route].read or ())
        client = clients.get(reader) or clients.setdefault(reader, signed_in(reader))
        for method in ("post", "put", "patch", "delete"):
            status = answer(client, method, case.address(route))
            if status != 405:
                wrong[method, route] = (reader, status)
    assert not wrong, sorted(wrong.items())


#: What needs a role and is about no victim: the brother, who has every role, may work there.
OF_NO_VICTIM = {
    "absence",
    "agency",
    "attendance",
    "conference",
    "digest",
    "draft",
    "file",
    "glass",
    "held",
    # Somebody else, whom an agency referred.
    "incoming",
    "instrument",
    # Who meets, where and when; what is said of a case has the case in its address.
    "meeting",
    "message",
    "notice",
    "observer",
    "officer",
    # The one complained of, who is seen by whoever polices; the victim is not named there.
    "person",
    "representative",
    "trigger",
}


def test_from_whom_it_is_withheld_nothing_is_there(case: Case, plainly: None) -> None:
    """Every role at once opens nothing that hangs from the victim, and no list names them."""
    client = signed_in(brother().username)
    victim = Victim.objects.select_related("person").get(reference=case.filled["victim"])
    wrong = {}
    for route, allowed in RULES.items():
        parts = set(re.findall(r"<(\w+)>", route))
        if allowed.read is None and not parts:
            continue
        method = "get" if allowed.read is not None else "post"
        response = ask(client, method, case.address(route))
        if parts - OF_NO_VICTIM and response.status_code not in REFUSED:
            wrong[route] = str(response.status_code)
        words = words_of(response).decode(errors="replace")
        if response.status_code == 200 and victim.reference in words:
            wrong[route] = "names the victim"
    assert not wrong, sorted(wrong.items())


def test_nobody_sees_anything(case: Case, plainly: None) -> None:
    client = Client()
    wrong = {}
    for route in RULES:
        for method in ("get", "post"):
            status = answer(client, method, case.address(route))
            if status not in ({401} if route.startswith("api/") else {302}):
                wrong[method, route] = status
    assert not wrong, sorted(wrong.items())
    assert all(client.get(case.address(route)).status_code in {200, 503} for route in PUBLIC)


def test_a_refusal_is_a_page_for_everybody(case: Case) -> None:
    """The walk looks at the status alone. Nobody's page of refusal fails or names the victim."""
    nothing = case.of_nothing()
    for username in sorted(EVERYBODY - {"auditor"}):
        client = signed_in(username)
        for at in (case.address(WHO_LOOKED), nothing.address(WHO_LOOKED)):
            response = ask(client, "get", at)
            assert response.status_code in {403, 404}
            assert b"<h1" in response.content, (username, at)
            assert case.filled["victim"].encode() not in response.content


def tells_nothing(username: str, route: str) -> bool:
    """Whether a refusal here must not tell this person whether the record exists."""
    if username in POLICE | ADVISER or "<" not in route or username in (READ[route] or ()):
        return False
    # Of a meeting or a case that they see they are told that something is not theirs to do.
    return not any(route.startswith(seen) for seen in seen_by(username))


def seen_by(username: str) -> list[str]:
    """Of meetings and their cases, the addresses that begin what this person sees."""
    # Whoever sees the one meeting of this world sees the other.
    pages = {
        MEETING: MEETING,
        HELD: MEETING,
        "marac/cases/<marac_case>/": "marac/cases/<marac_case>/",
        "marac/actions/<action>/": "marac/actions/<action>/",
    }
    return [
        begins
        for page, shown in pages.items()
        if username in (RULES[shown].read or ())
        for begins in (page, f"api/v1/{page}")
    ]


def test_outsiders_are_told_nothing_about_most_records() -> None:
    """Or the comparison above would have lost what it compares."""
    outsiders = EVERYBODY - POLICE - ADVISER
    assert outsiders
    for username in outsiders:
        assert sum(tells_nothing(username, route) for route in READ) > len(READ) / 3

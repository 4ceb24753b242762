"""Every address, HTML and API, as every persona and as nobody.

The table in every_address/rules.py says who may open what. An address that is not in it fails the
test, so that no page is added without saying who sees it. The world that is walked is made once
for all tests here (every_address/world.py), and whatever a test writes is undone.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
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
from tests.personas import PEOPLE, person
from victims.models import Victim

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=True)
    user = User.objects.filter(username=username).first() or person(username)
    client.force_login(user, backend="accounts.backends.RoleBackend")
    return client


def ask(client: Client, method: str, address: str) -> Any:
    """The answer to a request whose writes are undone."""
    with transaction.atomic():
        options: dict[str, Any] = {}
        if address.startswith("/api/") and method != "get":
            options = {"data": "{}", "content_type": "application/json"}
        response = getattr(client, method)(address, **options)
        transaction.set_rollback(True)
    return response


def answer(client: Client, method: str, address: str) -> int:
    """The status of a request whose writes are undone."""
    return int(ask(client, method, address).status_code)


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) - PUBLIC == set(RULES)


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_read(case: Case, username: str) -> None:
    client = signed_in(username)
    wrong = {}
    for route, allowed in RULES.items():
        if allowed.read is None:
            continue
        status = answer(client, "get", case.address(route))
        good = {200, 302} if username in allowed.read else {403, 404}
        if status not in good:
            wrong[route] = status
    assert not wrong, sorted(wrong.items())


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_write(case: Case, username: str) -> None:
    client = signed_in(username)
    wrong = {}
    for route, allowed in RULES.items():
        method = "patch" if route in PATCHED else "post"
        status = answer(client, method, case.address(route))
        writers = allowed.write or frozenset()
        refused = {403, 404, 405}
        if (username in writers) == (status in refused) or status >= 500:
            wrong[route] = status
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


def test_from_whom_it_is_withheld_nothing_is_there(case: Case) -> None:
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
        if parts - OF_NO_VICTIM and response.status_code not in {403, 404, 405}:
            wrong[route] = str(response.status_code)
        words = b"".join(response).decode(errors="replace")
        if response.status_code == 200 and victim.reference in words:
            wrong[route] = "names the victim"
    assert not wrong, sorted(wrong.items())


def test_nobody_sees_anything(case: Case) -> None:
    client = Client()
    wrong = {}
    for route in RULES:
        for method in ("get", "post"):
            status = answer(client, method, case.address(route))
            if status not in ({401} if route.startswith("api/") else {302}):
                wrong[method, route] = status
    assert not wrong, sorted(wrong.items())
    assert all(client.get(case.address(route)).status_code in {200, 503} for route in PUBLIC)


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


@pytest.mark.parametrize("username", sorted(EVERYBODY - POLICE - ADVISER))
def test_what_is_not_seen_is_not_told_from_what_is_not_there(case: Case, username: str) -> None:
    """An outsider gets the same answer for a record that exists and for one that does not."""
    client = signed_in(username)
    nothing = case.of_nothing()
    for route, allowed in RULES.items():
        if "<" not in route or allowed.read is None or username in allowed.read:
            continue
        # Of a meeting or a case that they see they are told that something is not theirs to do.
        if any(route.startswith(seen) for seen in seen_by(username)):
            continue
        there = answer(client, "get", case.address(route))
        assert there == answer(client, "get", nothing.address(route)), route

"""API tokens: shown once, kept as a hash, ended by their date and with their person."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from core import clock

ADDRESS = "/api/v1/deadlines/"


def issue(username: str, *options: str) -> str:
    out = StringIO()
    call_command("issue_api_token", username, *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def get(token: str) -> int:
    return Client().get(ADDRESS, headers={"Authorization": f"Token {token}"}).status_code


def test_a_token_opens_the_api_and_is_not_kept_as_such(people: Callable[[str], User]) -> None:
    people("officer")
    token = issue("officer")
    assert get(token) == 200
    assert token not in str(AuthToken.objects.values_list()[0])


def test_no_token_and_a_wrong_one_are_refused_alike(people: Callable[[str], User]) -> None:
    people("officer")
    answer = Client().get(ADDRESS)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert get("0" * 64) == 401


def test_a_token_ends_on_its_day(people: Callable[[str], User]) -> None:
    people("officer")
    token = issue("officer", "--days", "1")
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        assert get(token) == 401


def test_a_token_ends_with_its_person(people: Callable[[str], User]) -> None:
    people("officer")
    token = issue("officer")
    User.objects.filter(username="officer").update(is_active=False)
    assert get(token) == 401


@pytest.mark.parametrize("username", ["system-sweep", "no-such-person"])
def test_nobody_else_gets_one(people: Callable[[str], User], username: str) -> None:
    with pytest.raises(CommandError):
        issue(username)

"""Signing in and out, idle sessions, and that nobody sees anything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from tests.personas import PASSWORD

SignIn = Callable[[str], Client]


def test_sign_in_with_user_name_and_password(people: Callable[[str], User]) -> None:
    people("officer")
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": "officer", "password": PASSWORD}, follow=True
    )
    assert answer.wsgi_request.user.is_authenticated
    assert answer.redirect_chain[0][0] == "/"


@pytest.mark.parametrize(
    ("login", "password"), [("officer", "wrong"), ("nobody-such", PASSWORD), ("system-sweep", "!")]
)
def test_a_wrong_pair_signs_nobody_in_and_does_not_say_which(
    people: Callable[[str], User], login: str, password: str
) -> None:
    people("officer")
    answer = Client().post(reverse("account_login"), {"login": login, "password": password})
    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated
    assert "The user name or the password is not right" in answer.content.decode()


def test_nobody_signs_up(db: None) -> None:
    answer = Client().post(
        reverse("account_signup"),
        {"username": "intruder", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(username="intruder").exists()
    assert answer.status_code == 200


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    client = sign_in("officer")
    client.post(reverse("account_logout"))
    assert client.get("/waiting/").status_code == 302


def test_an_idle_session_ends_and_an_active_one_does_not(sign_in: SignIn) -> None:
    start = clock.now()
    step = timedelta(seconds=settings.IDLE_TIMEOUT_SECONDS - 60)
    with time_machine.travel(start, tick=False) as traveller:
        client = sign_in("officer")
        client.get("/waiting/")
        traveller.move_to(start + step)
        assert client.get("/waiting/").status_code == 200
        traveller.move_to(start + 2 * step)
        assert client.get("/waiting/").status_code == 200
        traveller.move_to(start + 3 * step + timedelta(seconds=121))
        assert client.get("/waiting/").status_code == 302


def test_somebody_made_inactive_is_out_at_once(
    sign_in: SignIn, people: Callable[[str], User]
) -> None:
    client = sign_in("officer")
    assert client.get("/waiting/").status_code == 200
    User.objects.filter(username="officer").update(is_active=False)
    assert client.get("/waiting/").status_code == 302


def test_background_requests_get_401_and_not_a_page(db: None) -> None:
    answer = Client().get("/waiting/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["sign_in"] == reverse("account_login")


def test_a_deep_link_survives_signing_in(people: Callable[[str], User]) -> None:
    people("officer")
    client = Client()
    first = client.get("/waiting/?page=2")
    assert first.headers["Location"] == "/account/login/?next=%2Fwaiting%2F%3Fpage%3D2"

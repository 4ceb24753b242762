"""A handover as its pages show it, from its beginning to its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marac.models import MaracCase, Transfer
from tests.factories import advising, marac, victims

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
SAID = {"other_area": "Northshire", "contact": "J. Okafor, 01632 960411", "reason": "She moves."}


@pytest.fixture
def case(db: None, at: datetime) -> MaracCase:
    case = marac.case(at - 3 * DAY)
    advising.accepted(at - DAY, victim=case.victim)
    return case


def begin_url(case: MaracCase) -> str:
    return reverse("marac:begin_transfer", args=[case.reference])


def url(row: Transfer, name: str = "transfer") -> str:
    return reverse(f"marac:{name}", args=[row.reference])


def begun(client: Client, case: MaracCase) -> Transfer:
    assert client.post(begin_url(case), SAID).status_code == 302
    return Transfer.objects.get()


def check(client: Client, row: Transfer, what: str, **said: str) -> Any:
    row.refresh_from_db()
    said = {"what": what, "version": str(row.version), **said}
    return client.post(url(row, "check_transfer"), said)


def test_begun_checked_and_handed_over(case: MaracCase, sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    row = begun(coordinator, case)
    page = coordinator.get(url(row)).content.decode()
    assert page.count("not done") == 4 and "Northshire" in page
    assert check(coordinator, row, "heard", heard_there="no").status_code == 302
    assert check(coordinator, row, "plan").status_code == 302
    early = coordinator.post(url(row, "finish_transfer"), {"version": "3"})
    assert early.status_code == 409
    assert "Not done yet: minutes sent; adviser spoke" in early.content.decode()
    assert check(coordinator, row, "minutes").status_code == 302
    assert check(sign_in("idva"), row, "adviser", words="We spoke.").status_code == 302
    row.refresh_from_db()
    done = coordinator.post(url(row, "finish_transfer"), {"version": str(row.version)})
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.state == "moved"
    over = coordinator.get(reverse("marac:transfers"), {"show": "over"}).content.decode()
    assert row.reference in over


def test_what_was_typed_stays_when_it_is_refused(case: MaracCase, sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    refused = coordinator.post(begin_url(case), {**SAID, "contact": ""})
    assert refused.status_code == 400 and "She moves." in refused.content.decode()
    row = begun(coordinator, case)
    refused = check(coordinator, row, "heard", words="In May.")
    assert refused.status_code == 400 and "In May." in refused.content.decode()
    check(coordinator, row, "plan")
    said = {"what": "adviser", "version": "1", "words": "They spoke on Monday."}
    stale = coordinator.post(url(row, "check_transfer"), said)
    page = stale.content.decode()
    assert stale.status_code == 409 and page.count("They spoke on Monday.") >= 2
    refused = coordinator.post(url(row, "cancel_transfer"), {"version": "2"})
    assert refused.status_code == 400 and "This is needed." in refused.content.decode()


def test_from_another_area(db: None, at: datetime, sign_in: SignIn) -> None:
    marac.conference()
    victim = victims.victim(grade="high")
    page = f"{reverse('marac:receive_transfer')}?victim={victim.reference}"
    coordinator = sign_in("coordinator")
    assert coordinator.get(page).status_code == 200
    assert victim.reference in coordinator.get(page).content.decode()
    refused = coordinator.post(page, {**SAID, "victim": "V-2026-999999"})
    assert refused.status_code == 400 and "No victim is on record" in refused.content.decode()
    assert coordinator.post(page, {**SAID, "victim": victim.reference}).status_code == 302
    assert Transfer.objects.get().case.source == "transfer"


def test_who_opens_it(case: MaracCase, sign_in: SignIn) -> None:
    row = begun(sign_in("coordinator"), case)
    for who, status in (("chair", 200), ("idva", 200), ("worker", 200), ("agency", 404)):
        assert sign_in(who).get(url(row)).status_code == status
    for who in ("worker", "head"):
        assert sign_in(who).get(begin_url(case)).status_code == 403
        assert check(sign_in(who), row, "plan").status_code == 403
    assert "Hand it over" not in sign_in("idva").get(url(row)).content.decode()


def test_the_list_costs_the_same_however_long(
    case: MaracCase, at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("coordinator")
    begun(client, case)
    for number in range(4):
        who = victims.victim(given_name="B", family_name=f"Other {number}", grade="high")
        client.post(begin_url(marac.case(at - DAY, victim=who)), SAID)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("marac:transfers"))
    assert page.content.decode().count("Northshire") == 5

"""The pages of responsibility: who sees and does what, what is refused, and what is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Absence, User
from core import clock
from deadlines.models import Deadline
from tests.factories import victims
from tests.personas import person
from tests.victims.helpers import due
from victims import services
from victims.models import Handover, Victim
from victims.services.absences import stamp as stamp_of

SignIn = Callable[[str], Client]
People = Callable[[str], User]
State = Handover.State
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people: People) -> Victim:
    """The officer's victim; the team has a leader."""
    people("supervisor"), people("officer_b"), people("worker")
    found = victims.victim(grade="high")
    officer = people("officer")
    services.set_responsible(
        victim_id=found.pk, person=officer, actor=officer, at=clock.now() - DAY
    )
    found.refresh_from_db()
    return found


def offered(row: Victim, to: str = "officer_b") -> Handover:
    return services.hand_over(
        victim_id=row.pk,
        duty="risk",
        to=person(to),
        words="Court on Friday.",
        actor=person("officer"),
        at=clock.now(),
    )


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_victim_page_names_all_three_and_why(
    row: Victim, sign_in: SignIn, people: People
) -> None:
    address = f"/victims/{row.reference}/"
    page = body(sign_in("officer"), address)
    for duty in ("Contact:", "Risk:", "Safety plan:"):
        assert duty in page
    assert page.count("has it, Fenwick response") == 3
    assert f"{address}handover/?duty=plan" in page
    assert f"{address}handover/?duty=plan" not in body(sign_in("worker"), address)
    now = clock.now()
    Absence.objects.create(
        person=people("officer"),
        cover=people("officer_b"),
        from_at=now - DAY,
        until_at=now + DAY,
        recorded_by=people("officer"),
        recorded_at=now,
    )
    page = body(sign_in("officer_b"), address)
    assert page.count("stands in for PC 2210 T. Hale until") == 3
    assert f"{address}handover/?duty=plan" in page
    User.objects.filter(username="officer").update(is_active=False)
    page = body(sign_in("supervisor"), address)
    assert page.count("leads Fenwick response; PC 2210 T. Hale has left") == 3


def test_offered_taken_and_named(row: Victim, sign_in: SignIn) -> None:
    address = f"/victims/{row.reference}/handover/"
    giver = sign_in("officer")
    assert giver.get(address + "?duty=risk").status_code == 200
    said = {"duty": "risk", "to": "officer_b", "words": "Court on Friday."}
    assert giver.post(address, said).status_code == 302
    offer = Handover.objects.get()
    page = body(sign_in("officer_b"), f"/victims/{row.reference}/")
    assert "offered to you: answer" in page
    assert "Court on Friday." in body(sign_in("officer_b"), "/duties/")
    taker = sign_in("officer_b")
    answer = taker.post(f"{address}{offer.pk}/answer/", {"takes": "no", "words": ""})
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.risk_owner == person("officer")
    assert taker.post(f"{address}{offer.pk}/answer/", {"takes": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.risk_owner == person("officer_b")
    # Pressed twice: it says that it is over, and nothing changes.
    assert taker.post(f"{address}{offer.pk}/answer/", {"takes": "yes"}).status_code == 400


def test_what_is_typed_stays_when_it_is_refused(row: Victim, sign_in: SignIn) -> None:
    said = {"duty": "risk", "to": "", "words": "Her brother is dangerous."}
    answer = sign_in("officer").post(f"/victims/{row.reference}/handover/", said)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Her brother is dangerous." in page
    assert "Choose somebody." in page
    offered(row)
    said["to"] = "worker"
    answer = sign_in("officer").post(f"/victims/{row.reference}/handover/", said)
    assert "offered to PC 3015 L. Moss already" in answer.content.decode()


def test_a_leader_gives_at_once_and_nobody_else(row: Victim, sign_in: SignIn) -> None:
    said = {"duty": "risk", "to": "worker", "words": "He is ill.", "at_once": "on"}
    sign_in("officer").post(f"/victims/{row.reference}/handover/", said)
    row.refresh_from_db()
    assert row.risk_owner == person("officer")
    assert Handover.objects.open().count() == 1
    sign_in("supervisor").post(f"/victims/{row.reference}/handover/", said)
    row.refresh_from_db()
    assert row.risk_owner == person("worker")


def test_an_offer_is_withdrawn_with_words(row: Victim, sign_in: SignIn) -> None:
    offer = offered(row)
    address = f"/victims/{row.reference}/handover/{offer.pk}/"
    assert sign_in("officer").post(address + "withdraw/", {"reason": ""}).status_code == 400
    assert sign_in("worker").post(address + "withdraw/", {"reason": "x"}).status_code == 403
    assert sign_in("worker").post(address + "answer/", {"takes": "yes"}).status_code == 403
    sign_in("officer").post(address + "withdraw/", {"reason": "She is on leave."})
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    assert "She is on leave." in body(sign_in("officer"), address)


def test_my_duties_and_those_of_whom_i_stand_in_for(
    row: Victim, sign_in: SignIn, people: People
) -> None:
    due(row, 5)
    assert row.reference in body(sign_in("officer"), "/duties/")
    assert row.reference not in body(sign_in("worker"), "/duties/")
    offered(row)
    now = clock.now()
    for who in ("officer", "officer_b"):
        Absence.objects.create(
            person=people(who),
            cover=people("worker"),
            from_at=now - DAY,
            until_at=now + DAY,
            recorded_by=people(who),
            recorded_at=now,
        )
    page = body(sign_in("worker"), "/duties/")
    assert "for PC 2210 T. Hale" in page
    assert "to PC 3015 L. Moss" in page


def test_my_duties_cost_the_same_however_many(
    row: Victim, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for name in ("Ada", "Bea", "Cy", "Di"):
        other = victims.victim(given_name=name, date_of_birth=None)
        services.set_responsible(
            victim_id=other.pk, person=person("officer"), actor=person("officer"), at=clock.now()
        )
    client = sign_in("officer")
    with django_assert_max_num_queries(12):
        client.get("/duties/")


def test_what_somebody_still_has_is_passed_on_exactly_as_ticked(
    row: Victim, sign_in: SignIn, people: People
) -> None:
    User.objects.filter(username="officer").update(is_active=False)
    page = body(sign_in("supervisor"), "/people-here/")
    assert "Not here, and still has something" in page
    address = "/people-here/officer/duties/"
    holder = people("officer").pk
    lines = [f"{row.pk}:{duty}:{holder}" for duty in ("contact", "risk", "plan")]
    page = body(sign_in("supervisor"), address)
    assert all(f'value="{line}"' in page for line in lines)
    said = {"rows": lines[:2], "to": "officer_b", "words": "He left on Friday."}
    assert sign_in("supervisor").post(address, said).status_code == 302
    row.refresh_from_db()
    assert row.contact_owner == row.risk_owner == people("officer_b")
    assert row.plan_owner == people("officer")
    # Sent again, as shown before: one of them has passed since, so none is given.
    said = {"rows": lines, "to": "worker", "words": "All of them."}
    answer = sign_in("supervisor").post(address, said)
    assert answer.status_code == 400
    assert "since you opened the list" in answer.content.decode()
    assert "All of them." in answer.content.decode()
    row.refresh_from_db()
    assert row.plan_owner == people("officer")
    said = {"rows": lines[2:], "to": "worker", "words": "The plan."}
    sign_in("manager").post(address, said)
    assert "Everything has been passed on" in body(sign_in("supervisor"), address)
    assert "Nobody who has left" in body(sign_in("supervisor"), "/people-here/")


def test_a_line_of_nobody_on_record_is_refused_and_what_was_typed_stays(
    row: Victim, sign_in: SignIn
) -> None:
    said = {"rows": ["999999:contact:1"], "to": "officer_b", "words": "He left on Friday."}
    answer = sign_in("supervisor").post("/people-here/officer/duties/", said)
    assert answer.status_code == 400
    assert "not on record" in answer.content.decode()
    assert "He left on Friday." in answer.content.decode()


def test_the_rest_of_what_somebody_has_is_listed(row: Victim, sign_in: SignIn) -> None:
    Deadline.objects.filter(pk=due(row, 5).pk).update(owner=person("officer"))
    page = body(sign_in("supervisor"), "/people-here/officer/duties/")
    assert "Processing of the referral" in page
    assert "RF-2026-000005" in page


@pytest.mark.parametrize("who", ["officer", "worker", "handler", "auditor", "idva", "nobody"])
def test_only_leaders_see_what_others_have(row: Victim, sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/people-here/officer/duties/").status_code == 404
    assert sign_in(who).get("/people-here/").status_code == 403


@pytest.mark.parametrize("username", ["nobody-here", "%00", "x" * 500])
def test_nobody_of_a_name_is_not_found(row: Victim, sign_in: SignIn, username: str) -> None:
    assert sign_in("supervisor").get(f"/people-here/{username}/duties/").status_code == 404


def test_another_teams_people_are_not_mine_until_they_have_left(
    row: Victim, sign_in: SignIn
) -> None:
    assert sign_in("manager").get("/people-here/officer/duties/").status_code == 404
    User.objects.filter(username="officer").update(is_active=False)
    assert sign_in("manager").get("/people-here/officer/duties/").status_code == 200


def test_a_case_is_closed_and_opened_again_on_its_page(row: Victim, sign_in: SignIn) -> None:
    address, leader = f"/victims/{row.reference}/case/", sign_in("supervisor")
    assert sign_in("officer").get(address).status_code == 403
    open_row = due(row, 5)
    assert "cannot be closed while" in body(leader, address)
    refused = leader.post(address, {"do": "close", "reason": "She moved abroad."})
    assert refused.status_code == 400
    assert "She moved abroad." in refused.content.decode()
    Deadline.objects.filter(pk=open_row.pk).update(state="met", settled_at=clock.now())
    leader.post(address, {"do": "close", "reason": "She moved abroad."})
    page = body(leader, f"/victims/{row.reference}/")
    assert "case closed" in page
    assert "hand over" not in page
    # The page that was open still says "close": it is closed already.
    assert leader.post(address, {"do": "close", "reason": "Again."}).status_code == 400
    leader.post(address, {"do": "open", "reason": "She is back."})
    row.refresh_from_db()
    assert row.closed_at is None


def test_absences_on_their_pages(row: Victim, sign_in: SignIn, people: People) -> None:
    begins, ends = clock.local(clock.now() + DAY), clock.local(clock.now() + 3 * DAY)
    people("officer_b")
    said = {
        "person": "officer",
        "cover": "officer_b",
        "from_at": f"{begins:%Y-%m-%dT%H:%M}",
        "until_at": f"{ends:%Y-%m-%dT%H:%M}",
        "reason": "Leave",
    }
    refused = sign_in("officer").post("/absences/", said | {"cover": "officer"})
    assert "Nobody stands in for themselves" in refused.content.decode()
    assert sign_in("officer").post("/absences/", said).status_code == 302
    absence = Absence.objects.get()
    address = f"/absences/{absence.pk}/"
    assert "Leave" in body(sign_in("officer_b"), "/absences/")
    assert sign_in("officer_b").get(address).status_code == 404
    page = body(sign_in("supervisor"), address)
    assert stamp_of(absence) in page
    people("worker")
    seen = stamp_of(absence)
    said = {key: said[key] for key in ("from_at", "until_at", "reason")}
    changed = said | {"cover": "worker", "seen": seen}
    assert sign_in("supervisor").post(address, changed).status_code == 302
    stale = sign_in("officer").post(address, said | {"cover": "officer_b", "seen": seen})
    assert stale.status_code == 409
    assert "M. Castellanos stands in" in stale.content.decode()
    assert sign_in("officer").post(address + "end/").status_code == 302
    assert not Absence.objects.exists()


def test_my_duties_say_when_there_are_more(
    row: Victim, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "No more than 1 are listed"
    assert words not in body(sign_in("officer"), "/duties/")
    monkeypatch.setattr("victims.holdings.MOST", 1)
    assert words in body(sign_in("officer"), "/duties/")

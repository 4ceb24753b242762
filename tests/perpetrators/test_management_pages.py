"""The list of serial perpetrators, a person's plan page, and what other pages say of both."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.models import User
from core import clock
from deadlines.models import Deadline
from perpetrators.deadlines.management import PLAN_DUE
from perpetrators.models import ManagementPlan, NotTheSame, SerialRecognition
from perpetrators.services import serial
from tests.factories.incidents import DARREN
from tests.factories.management import day, plan_for
from tests.factories.serial import (
    ANGELA,
    JANE,
    PRIYA,
    accused,
    complained_of,
    harmed,
    serial_darren,
    woman,
)
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
LIST = reverse("perpetrators:serial")


def find() -> None:
    serial.find_all(at=clock.now(), actor=User.objects.system())


@pytest.fixture
def darren() -> Person:
    for planner in ("investigator", "neighbourhood"):
        person(planner)
    found = serial_darren(clock.now() - timedelta(hours=1))
    find()
    return found


def plan_of(who: Person, step: str = "") -> str:
    return reverse("perpetrators:plan", args=[who.reference]) + (f"{step}/" if step else "")


def typed(**changes: Any) -> dict[str, Any]:
    at = clock.now()
    fields = {
        "aims": "He keeps away.",
        "review_on": day(at, 28).isoformat(),
        "owner": "investigator",
        "measure_0_words": "Visit each week",
        "measure_0_who": "PC 1904 B. Ferris",
        "measure_0_by": day(at, 7).isoformat(),
        "measure_0_done": "",
    }
    return {**fields, **changes}


# --- The list -------------------------------------------------------------------------------------


def test_the_list_says_who_how_many_since_when_and_that_a_plan_is_missing(
    sign_in: SignIn, darren: Person
) -> None:
    shown = sign_in("neighbourhood").get(LIST).content.decode()
    assert darren.reference in shown and "Jane Marlow" in shown and "Priya Nair" in shown
    assert "2 unconnected victims since" in shown
    assert '<span class="tag r">none</span>' in shown


def test_the_list_with_a_plan_says_whose_and_can_be_narrowed(
    sign_in: SignIn, darren: Person
) -> None:
    plan_for(darren, clock.now())
    client = sign_in("investigator")
    assert "DC 0877 W. Lewis" in client.get(LIST).content.decode()
    assert darren.reference not in client.get(LIST, {"plan": "none"}).content.decode()
    assert darren.reference in client.get(LIST, {"plan": "mine"}).content.decode()
    assert darren.reference not in sign_in("head").get(LIST, {"plan": "mine"}).content.decode()


def test_records_of_one_human_being_are_one_line(sign_in: SignIn) -> None:
    first = accused(complained_of(JANE, at=clock.now()))
    second = accused(complained_of(PRIYA, {**DARREN, "given_name": "Daren"}, at=clock.now()))
    find()
    answer = sign_in("head").get(LIST)
    assert [row.person for row, _ in answer.context["rows"]] == [first]
    assert "also on record as" in answer.content.decode()
    assert second.reference in answer.content.decode()


def test_the_list_asks_as_much_for_many_as_for_few(
    sign_in: SignIn, darren: Person, django_assert_num_queries: Any
) -> None:
    client = sign_in("head")
    plan_for(darren, clock.now())
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    for n in range(3):
        other = {"given_name": "Lee", "family_name": f"Marsh{'abc'[n]}"}
        one = accused(complained_of(woman("Ann", "Other"), other, at=clock.now()))
        complained_of(woman("Bea", "Another"), one.pk, at=clock.now())
    find()
    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["rows"]) == 4


@pytest.mark.parametrize("who", ["idva", "agency", "analyst", "administrator", "nobody"])
def test_who_sees_no_list_and_no_plan(sign_in: SignIn, darren: Person, who: str) -> None:
    client = sign_in(who)
    assert client.get(LIST).status_code == 403
    assert client.get(plan_of(darren)).status_code in {403, 404}
    assert client.get("/api/v1/serial/").status_code == 403


# --- The plan -------------------------------------------------------------------------------------


def test_a_box_of_no_row_that_there_is_counts_for_nothing(sign_in: SignIn, darren: Person) -> None:
    sent = urlencode({**typed(), "measure_" + "9" * 5_000 + "_words": "x"})
    kind = "application/x-www-form-urlencoded"
    answer = sign_in("investigator").post(plan_of(darren), sent, content_type=kind)
    assert answer.status_code == 302
    assert len(ManagementPlan.objects.get().measures) == 1


def test_a_plan_is_written_shown_and_the_clock_is_met(sign_in: SignIn, darren: Person) -> None:
    client = sign_in("investigator")
    before = client.get(plan_of(darren)).content.decode()
    assert "missing" in before and "Write a plan" in before
    assert client.post(plan_of(darren), typed()).status_code == 302
    shown = client.get(plan_of(darren)).content.decode()
    assert "He keeps away." in shown and "Visit each week" in shown and "not yet" in shown
    assert Deadline.objects.get(kind=PLAN_DUE).state == "met"


def test_a_refused_plan_keeps_what_was_typed(sign_in: SignIn, darren: Person) -> None:
    rows = {"measure_2_words": "Tag fitted", "measure_2_who": "", "measure_2_by": "2030-01-01"}
    answer = sign_in("worker").post(plan_of(darren), typed(**rows))
    shown = answer.content.decode()
    assert answer.status_code == 400 and not ManagementPlan.objects.exists()
    assert "He keeps away." in shown and "Tag fitted" in shown
    assert "measure_2_who" in answer.context["write"].errors
    again = sign_in("worker").post(plan_of(darren), typed(review_on="2020-01-01"))
    assert "review_on" in again.context["write"].errors


def test_who_reads_may_not_write(sign_in: SignIn, darren: Person) -> None:
    client = sign_in("officer")
    assert "Write a plan" not in client.get(plan_of(darren)).content.decode()
    assert client.post(plan_of(darren), typed()).status_code == 403
    plan_for(darren, clock.now())
    for step in ("edit", "review", "pass-on", "end"):
        assert client.post(plan_of(darren, step), {}).status_code == 403


def test_each_step_of_a_plan(sign_in: SignIn, darren: Person) -> None:
    plan, client, at = plan_for(darren, clock.now()), sign_in("head"), clock.now()
    edited = {**typed(aims="He is away.", measure_0_done=day(at, 0).isoformat()), "version": 1}
    assert client.post(plan_of(darren, "edit"), edited).status_code == 302
    looked = {"version": 2, "words": "Seen.", "review_on": day(at, 60).isoformat()}
    assert client.post(plan_of(darren, "review"), looked).status_code == 302
    given = {"version": 3, "owner": "neighbourhood", "reason": "Lives there."}
    assert client.post(plan_of(darren, "pass-on"), given).status_code == 302
    plan.refresh_from_db()
    assert (plan.aims, plan.review_on, plan.owner) == (
        "He is away.",
        day(at, 60),
        person("neighbourhood"),
    )
    assert client.post(plan_of(darren, "end"), {"version": 4}).status_code == 400
    ended = client.post(plan_of(darren, "end"), {"version": 4, "reason": "In prison."})
    assert ended.status_code == 302
    shown = client.get(plan_of(darren)).content.decode()
    assert "In prison." in shown and "missing" in shown
    assert client.post(plan_of(darren, "end"), {"version": 5}).status_code == 404


def test_a_stale_edit_shows_both_and_loses_nothing(sign_in: SignIn, darren: Person) -> None:
    plan_for(darren, clock.now())
    client = sign_in("head")
    client.post(plan_of(darren, "edit"), {**typed(aims="Theirs."), "version": 1})
    stale = client.post(plan_of(darren, "edit"), {**typed(aims="Mine."), "version": 1})
    shown = stale.content.decode()
    assert stale.status_code == 409 and "Theirs." in shown and "Mine." in shown
    form = dict(stale.context["steps"])
    [edit] = [one for step, one in form.items() if step.name == "edit"]
    assert edit.data["version"] == "2"


# --- Parts of other pages -------------------------------------------------------------------------


def test_the_page_of_a_person_shows_both_and_sets_records_apart(sign_in: SignIn) -> None:
    at = clock.now()
    first = accused(complained_of(JANE, at=at))
    second = accused(complained_of(PRIYA, {**DARREN, "given_name": "Daren"}, at=at))
    find()
    page = reverse("perpetrators:person", args=[first.reference])
    client = sign_in("investigator")
    shown = client.get(page).content.decode()
    assert "2 victims" in shown and "missing" in shown and second.reference in shown
    assert "Darren Pike sounds like Daren Pike, same birth date" in shown
    apart = reverse("perpetrators:apart", args=[first.reference, second.reference])
    assert client.post(apart, {"words": ""}).status_code == 400
    assert sign_in("officer").post(apart, {"words": "Two men."}).status_code == 403
    assert client.post(apart, {"words": "Two men."}).status_code == 302
    assert NotTheSame.objects.count() == 1
    assert not SerialRecognition.objects.standing().exists()
    assert "Not the same as" in client.get(page).content.decode()
    back = reverse("perpetrators:apart_back", args=[second.reference, first.reference])
    assert client.post(back, {"words": "One man."}).status_code == 302
    assert client.post(back, {"words": "One man."}).status_code == 409
    assert SerialRecognition.objects.listed().count() == 1


def test_a_victims_page_says_how_many_others_and_never_whom(sign_in: SignIn) -> None:
    at = clock.now()
    first = complained_of(JANE, at=at)
    darren = accused(first)
    complained_of(PRIYA, darren.pk, at=at)
    complained_of(ANGELA, darren.pk, at=at)
    find()
    jane: Victim = harmed(first)
    assign_perm("victims.view_victim", person("idva"), jane)
    page = reverse("victims:detail", args=[jane.reference])
    link = reverse("perpetrators:person", args=[darren.reference])
    for who, is_linked in (("idva", False), ("worker", True)):
        shown = sign_in(who).get(page).content.decode()
        assert "complained of by 2 others" in shown
        assert "Nair" not in shown and "Stubbs" not in shown
        assert (link in shown) == is_linked
    alone = harmed(complained_of(woman("Una", "Beck"), {"family_name": "Roe"}, at=at))
    page = reverse("victims:detail", args=[alone.reference])
    assert "complained of by" not in sign_in("worker").get(page).content.decode()


# --- The API --------------------------------------------------------------------------------------


def test_the_list_over_the_api(sign_in: SignIn, darren: Person) -> None:
    [row] = sign_in("investigator").get("/api/v1/serial/").json()["results"]
    assert (row["person"], row["victim_count"], row["has_plan"]) == (darren.reference, 2, False)
    assert len(row["victims"]) == 2 and row["plan_due_at"]
    plan_for(darren, clock.now())
    assert sign_in("head").get("/api/v1/serial/?plan=none").json()["results"] == []


def test_a_plan_over_the_api(sign_in: SignIn, darren: Person) -> None:
    address, client = f"/api/v1/people/{darren.reference}/plan/", sign_in("investigator")
    at = clock.now()
    assert client.get(address).status_code == 404
    said = {
        "aims": "He keeps away.",
        "measures": [{"words": "Visit", "who": "PC Ferris", "by": day(at, 7).isoformat()}],
        "review_on": day(at, 28).isoformat(),
        "owner": "neighbourhood",
    }
    send: dict[str, Any] = {"content_type": "application/json"}
    refused = client.post(address, {**said, "owner": "somebody"}, **send)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["owner"])
    written = client.post(address, said, **send, headers={"Idempotency-Key": "k"})
    assert (written.status_code, written.json()["owner"]) == (201, "PC 1904 B. Ferris")
    assert client.post(address, {**said, "aims": "Other."}, **send).status_code == 409
    assert client.get(address).json() == written.json()
    assert sign_in("officer").post(address, said, **send).status_code == 403

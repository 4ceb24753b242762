"""The pages and the API of the safety plan."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import RecordRead
from core import clock
from tests.factories import victims as make
from tests.personas import person
from victims import safety_plan, services
from victims.models import PlanStep, SafetyPlan, Victim
from victims.services import Step

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db

SHARED = Step("Code word with the school", owner_words="Siobhán", is_shared=True)
OURS = Step("Watch the house of Darren Pike", owner_words="Neighbourhood team")


@pytest.fixture
def victim(db: None) -> Victim:
    return make.victim(grade="high")


def write(victim: Victim, *steps: Step, version: int = 0, reason: str = "First plan") -> SafetyPlan:
    return services.write_plan(
        victim_id=victim.pk,
        steps=steps or (SHARED, OURS),
        reason=reason,
        words="Her sister knows.",
        version=version,
        actor=person("officer"),
        at=clock.now(),
    )


def url(name: str, victim: Victim, **more: Any) -> str:
    return reverse(f"victims:{name}", kwargs={"reference": victim.reference, **more})


def typed(*rows: dict[str, Any], version: int = 0, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "reason": "First plan",
        "words": "",
        "version": version,
        "steps-TOTAL_FORMS": len(rows),
        "steps-INITIAL_FORMS": 0,
        **more,
    }
    for place, row in enumerate(rows):
        said |= {f"steps-{place}-{name}": value for name, value in row.items()}
    return said


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_high_risk_without_a_plan_is_plain_to_see(victim: Victim, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    for name in ("detail", "plan"):
        page = shown(officer, url(name, victim))
        assert "No safety plan." in page
        assert url("write_plan", victim) in page
    assert url("write_plan", victim) not in shown(sign_in("auditor"), url("plan", victim))
    write(victim)
    assert "No safety plan." not in shown(officer, url("detail", victim))


def test_standard_risk_without_a_plan_is_said_calmly(sign_in: SignIn) -> None:
    page = shown(sign_in("officer"), url("detail", make.victim(grade="standard")))
    assert "No safety plan." not in page
    assert "Nobody has written a safety plan yet" in page


def test_a_version_is_written_from_the_page(victim: Victim, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    soon = clock.local(clock.now()).date() + timedelta(days=3)
    assert "Who does it" in shown(officer, url("write_plan", victim))
    answer = officer.post(
        url("write_plan", victim),
        typed(
            {"words": "Visit her", "owner": "officer", "due_on": soon.isoformat()},
            {"words": ""},
            {"words": "Locks changed", "owner": "", "owner_words": "Housing", "is_shared": "on"},
        ),
    )
    assert answer.status_code == 302
    plan = SafetyPlan.objects.get(victim=victim)
    assert [(one.words, one.owner, one.owner_words, one.is_shared) for one in plan.steps.all()] == [
        ("Visit her", person("officer"), "", False),
        ("Locks changed", None, "Housing", True),
    ]
    page = shown(officer, url("plan", victim))
    assert page.index("Visit her") < page.index("Locks changed")


def test_nothing_typed_is_lost_when_a_step_is_refused(victim: Victim, sign_in: SignIn) -> None:
    answer = sign_in("officer").post(
        url("write_plan", victim),
        typed(
            {"words": ""},
            {"words": "Locks changed", "owner_words": "Housing", "due_on": "2020-01-01"},
            reason="She moved",
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This day is past" in page
    assert 'href="#id_steps-1-due_on"' in page
    assert "She moved" in page and "Locks changed" in page
    assert not SafetyPlan.objects.exists()


def test_more_rows_keep_what_was_typed(victim: Victim, sign_in: SignIn) -> None:
    answer = sign_in("officer").post(
        url("write_plan", victim), typed({"words": "Locks changed"}, more="1")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Locks changed" in page
    assert 'name="steps-3-words"' in page


def test_a_step_is_left_out_and_a_done_one_stays_done(victim: Victim, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    write(victim)
    mark = {"version": 1, "is_done": "yes"}
    assert officer.post(url("mark_step", victim, position=1), mark).status_code == 302
    rows = (
        {"words": SHARED.words, "owner_words": "Siobhán", "is_shared": "on", "carries": 1},
        {"words": OURS.words, "owner_words": "Team", "carries": 2, "leave_out": "on"},
    )
    officer.post(url("write_plan", victim), typed(*rows, version=1, reason="Quiet now"))
    [step] = SafetyPlan.objects.get(victim=victim, version=2).steps.all()
    assert (step.words, step.done_by) == (SHARED.words, person("officer"))


def test_a_stale_version_shows_both_and_can_be_sent_again(victim: Victim, sign_in: SignIn) -> None:
    write(victim)
    sent = typed({"words": "Mine", "owner_words": "She", "carries": 9}, version=0, reason="Mine")
    client = sign_in("officer_b")
    answer = client.post(url("write_plan", victim), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Both versions", SHARED.words, 'name="version" value="1"', ">\nMine</textarea>"):
        assert words in page, words
    assert 'value="9"' not in page
    again = {**sent, "version": 1, "steps-0-carries": ""}
    assert client.post(url("write_plan", victim), again).status_code == 302
    assert victim.plans.current().get().version == 2


def test_the_victim_is_given_only_what_is_shared(victim: Victim, sign_in: SignIn) -> None:
    write(victim)
    page = shown(sign_in("officer"), url("shared_plan", victim))
    assert SHARED.words in page
    for words in ("Darren", "Her sister knows", "Lodestar", "high", "First plan", "police"):
        assert words not in page, words


def test_a_review_from_the_page(victim: Victim, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    write(victim)
    services.owe_plan_review(
        victim_id=victim.pk,
        because="risk now very high, was high",
        actor=person("officer"),
        at=clock.now(),
    )
    assert "risk now very high, was high" in shown(officer, url("plan", victim))
    assert "to be looked at again" in shown(officer, url("detail", victim))
    refused = officer.post(url("review_plan", victim), {"version": 1, "words": " "})
    assert (refused.status_code, "This is needed" in refused.content.decode()) == (400, True)
    stale = officer.post(url("review_plan", victim), {"version": 7, "words": "Right"})
    assert (stale.status_code, "Right" in stale.content.decode()) == (409, True)
    done = officer.post(url("review_plan", victim), {"version": 1, "words": "Right: at her sister"})
    assert done.status_code == 302
    assert "Right: at her sister" in shown(officer, url("plan", victim))


def test_what_changed_between_two_versions(victim: Victim, sign_in: SignIn) -> None:
    write(victim)
    write(
        victim,
        Step(SHARED.words, owner_words="Her mother", is_shared=True),
        Step("Watch the house of Darren Pike at night", owner_words="Neighbourhood team"),
        Step("New telephone", owner_words="IDVA"),
        version=1,
        reason="He is out",
    )
    page = shown(sign_in("auditor"), url("plan_version", victim, version=2))
    for words in ("was for Siobhán", f"was: {OURS.words}", "added", "He is out"):
        assert words in page, words
    first = shown(sign_in("auditor"), url("plan_version", victim, version=1))
    assert "The first version" in first


def test_changes_find_steps_again() -> None:
    def step(position: int, words: str, **more: Any) -> PlanStep:
        return PlanStep(position=position, words=words, owner_words="She", **more)

    before = [step(1, "Locks changed"), step(2, "Ring the school", due_on=date(2026, 12, 1))]
    after = [step(1, "Ring the school", is_shared=True), step(2, "Dog")]
    found = {(one.what, one.step.words): one.how for one in safety_plan.changes(before, after)}
    assert found == {
        ("changed", "Ring the school"): ("was by 01 Dec 2026", "shared now"),
        ("added", "Dog"): (),
        ("left out", "Locks changed"): (),
    }


@pytest.mark.parametrize("name", ["plan", "write_plan", "shared_plan"])
def test_every_opening_is_kept(victim: Victim, sign_in: SignIn, name: str) -> None:
    sign_in("officer").get(url(name, victim))
    assert RecordRead.objects.get(victim_id=victim.pk).path == url(name, victim)


def test_over_the_api(victim: Victim, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    address = f"/api/v1/victims/{victim.reference}/plan/"
    assert officer.get(address).json() == {"plan": None, "is_missing": True}
    body: dict[str, Any] = {
        "reason": "First plan",
        "version": 0,
        "steps": [{"words": "Visit", "owner": "officer", "due_on": "2099-01-01"}],
    }

    def post(path: str, sent: dict[str, Any]) -> Any:
        return officer.post(address + path, sent, content_type="application/json")

    refused = post("", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["steps.0.due_on"])
    body["steps"][0] |= {"due_on": None, "owner": "nobody_here"}
    assert list(post("", body).json()["errors"]) == ["steps.0.owner"]
    body["steps"][0]["owner"] = "officer"
    assert post("", body).json()["version"] == 1
    stale = post("", {**body, "reason": "Another"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    done = post("steps/", {"version": 1, "position": 1, "is_done": True})
    assert done.json()["done_at"]
    assert post("steps/", {"version": 1, "position": 5, "is_done": True}).status_code == 400
    looked = post("review/", {"version": 1, "words": "Right"})
    assert looked.json()["review_words"] == "Right"
    assert officer.get(address).json()["plan"]["steps"][0]["owner"] == "officer"


def test_a_step_is_marked_by_whoever_does_it(
    victim: Victim, sign_in: SignIn, people: Callable[[str], User]
) -> None:
    write(victim, Step("Tell us before he is let out", owner=people("custody")))
    custody = sign_in("custody")
    assert "Done" in shown(custody, url("plan", victim))
    sent = {"version": 1, "is_done": "yes"}
    assert custody.post(url("mark_step", victim, position=1), sent).status_code == 302
    assert PlanStep.objects.get(plan__victim=victim).done_by == people("custody")
    handler = sign_in("handler").post(url("mark_step", victim, position=1), sent)
    assert handler.status_code == 403

"""The force's table of triggers: read, changed from a day on, and its history."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock, policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.models import PolicyVersion
from core.trigger_rules import GRADES, Trigger, rule_for
from core.working_time import Clock
from risk import services, trigger_table
from risk.services.triggers import Fired, fire
from tests.factories import victims as make

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
TABLE = "/policy/trigger-rules/"
pytestmark = pytest.mark.django_db


def rows(amount: int = 12, unit: str = "hours", **changes: Any) -> dict[str, dict[str, Any]]:
    row = {"amount": amount, "unit": unit, "who": "risk", "tell_victim": True, **changes}
    return {grade: dict(row) for grade in GRADES}


def change(people: People, at: datetime, trigger: str = "release", **more: Any) -> PolicyVersion:
    said: dict[str, Any] = {
        "rows": rows(),
        "from_day": None,
        "reason": "Too long",
        "seen": 0,
        "actor": people("head"),
        **more,
    }
    return services.change_trigger_rule(trigger=trigger, at=at, **said)


def rule(at: datetime, trigger: Trigger = Trigger.RELEASE, grade: str = "high") -> Any:
    return rule_for(policy.at(at).trigger_rules, trigger, grade)


def test_a_row_changes_from_an_instant_on(people: People, at: datetime) -> None:
    version = change(people, at)
    assert rule(at - timedelta(seconds=1)).amount == 4
    assert {rule(at, grade=grade).amount for grade in GRADES} == {12}
    assert rule(at, Trigger.BAIL).amount == 4
    assert len(version.values["trigger_rules"]) == 4


def test_from_a_day_on_it_begins_at_midnight_here(people: People, at: datetime) -> None:
    day = local(at).date() + 3 * DAY
    version = change(people, at, from_day=day)
    assert local(version.effective_from).isoformat() == f"{day}T00:00:00+00:00"
    assert rule(at).amount == 4


def test_what_is_fired_then_has_the_new_time(people: People, at: datetime) -> None:
    change(people, at)
    victim = make.victim(grade="high")
    [row] = fire(
        fired=[
            Fired(
                victim_id=victim.pk,
                trigger=Trigger.RELEASE,
                happened_at=at,
                words="Released from custody",
                source_type="victims.victim",
                source_id=victim.pk,
            )
        ],
        actor=people("custody"),
        at=at,
    )
    assert row.due_at == at + timedelta(hours=12)


def test_other_numbers_of_the_policy_stay(people: People, at: datetime) -> None:
    policy.change(
        actor=people("head"),
        changes={"quiet_days": 60},
        effective_from=at,
        reason="Sooner",
        at=at,
    )
    change(people, at + DAY, seen=PolicyVersion.objects.get().pk)
    assert policy.at(at + DAY).quiet_days == 60


def test_the_clock_follows_from_unit_and_trigger(people: People, at: datetime) -> None:
    change(people, at, rows=rows(2, "working days"))
    assert rule(at).clock is Clock.WORKING_DAYS
    seen = PolicyVersion.objects.get().pk
    change(people, at, "court_date", rows=rows(3, "working days"), seen=seen)
    assert rule(at, Trigger.COURT_DATE).clock is Clock.FIXED


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"rows": rows(-1)}, "amount_standard"),
        ({"rows": {**rows(), "high": {**rows()["high"], "amount": 10_001}}}, "amount_high"),
        ({"rows": {**rows(), "high": {**rows()["high"], "unit": "moons"}}}, "amount_high"),
        ({"rows": {**rows(), "high": {**rows()["high"], "who": "nobody"}}}, "amount_high"),
        ({"rows": {"high": rows()["high"]}}, "trigger"),
        ({"trigger": "full_moon"}, "trigger"),
        ({"from_day": datetime(2026, 11, 22).date()}, "from_day"),
    ],
)
def test_what_is_no_rule_is_refused_at_its_field(
    people: People, at: datetime, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(people, at, **more)
    assert refused.value.field == field
    assert not PolicyVersion.objects.exists()


def test_only_who_keeps_the_policy_changes_it(people: People, at: datetime) -> None:
    with pytest.raises(PermissionDenied):
        change(people, at, actor=people("manager"))


def test_the_same_rules_change_nothing(people: People, at: datetime) -> None:
    change(people, at)
    with pytest.raises(DomainError, match="nothing changes"):
        change(people, at, seen=PolicyVersion.objects.get().pk)


def test_nobody_undoes_what_another_changed_unseen(people: People, at: datetime) -> None:
    first = change(people, at)
    with pytest.raises(Stale) as stale:
        change(people, at + DAY, rows=rows(8))
    assert stale.value.version == first.pk
    assert stale.value.theirs["High"] == "12 hours, whoever has the risk; the victim is told"
    assert stale.value.yours["High"].startswith("8 hours")
    # Another row was not touched: it may be changed by whoever read the table before.
    change(people, at + DAY, "bail", rows=rows(8))
    assert rule(at + DAY).amount == 12


def test_a_version_to_come_is_not_undone_by_one_before_it(people: People, at: datetime) -> None:
    first = change(people, at, from_day=local(at).date() + 10 * DAY)
    with pytest.raises(InvalidInput, match="takes effect on 3 Dec 2026") as refused:
        change(people, at, "bail", seen=first.pk)
    assert refused.value.field == "from_day"


def test_history_tells_what_changed(people: People, at: datetime) -> None:
    first = change(people, at)
    change(people, at + DAY, rows=rows(8), seen=first.pk)
    policy.change(
        actor=people("head"),
        changes={"quiet_days": 60},
        effective_from=at + 2 * DAY,
        reason="Other",
        at=at + 2 * DAY,
    )
    newest, oldest = trigger_table.history(at + 3 * DAY)
    assert [one.before.split(",")[0] for one in oldest.changes] == [
        "24 hours",
        "24 hours",
        "4 hours",
        "4 hours",
    ]
    assert {one.after.split(",")[0] for one in newest.changes} == {"8 hours"}


# --- Pages --------------------------------------------------------------------------------------


def typed(amount: int = 6, seen: int = 0, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"reason": "Too long", "from_day": "", "seen": seen, **more}
    for grade in GRADES:
        said |= {
            f"amount_{grade}": said.get(f"amount_{grade}", amount),
            f"unit_{grade}": "hours",
            f"who_{grade}": "risk",
            f"tell_{grade}": "on",
        }
    return said


def address(trigger: str = "release") -> str:
    return reverse("risk:change_trigger_rule", args=[trigger])


def test_every_trigger_is_plain_to_read(sign_in: SignIn) -> None:
    page = sign_in("officer").get(TABLE).content.decode()
    for trigger in Trigger:
        assert trigger.words.capitalize() in page, trigger
    for words in ("7 days before", "before it happens", "365 days", "neighbourhood team"):
        assert words in page, words
    assert address() not in page
    assert address() in sign_in("head").get(TABLE).content.decode()
    assert sign_in("analyst").get(TABLE).status_code == 403


def test_looked_at_before_and_then_put_in_force(sign_in: SignIn) -> None:
    head = sign_in("head")
    looked = head.post(address(), {**typed(), "preview": "1"})
    page = looked.content.decode()
    assert looked.status_code == 200
    assert "Nothing is changed yet" in page
    assert "4 hours, whoever has the risk; the victim is told" in page
    assert 'value="6"' in page
    assert not PolicyVersion.objects.exists()
    assert head.post(address(), typed()).status_code == 302
    page = head.get(TABLE).content.decode()
    assert "6 hours" in page
    assert "Too long" in page
    assert rule(clock.now()).amount == 6


def test_to_come_is_said_on_the_table(sign_in: SignIn) -> None:
    head = sign_in("head")
    day = local(clock.now()).date() + 5 * DAY
    head.post(address(), typed(from_day=day.isoformat()))
    page = head.get(TABLE).content.decode()
    assert "to come" in page
    assert rule(clock.now()).amount == 4


def test_refused_at_the_field_with_what_was_typed(sign_in: SignIn) -> None:
    head = sign_in("head")
    for said, words in (
        (typed(amount_high=20_000), "10000"),
        (typed(reason=""), "This is needed"),
        (typed(from_day="2020-01-01"), "cannot change the past"),
    ):
        answer = head.post(address(), said)
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (400, True), words
        assert 'value="6"' in page
    assert head.get(address("full_moon")).status_code == 404
    assert not PolicyVersion.objects.exists()


def test_a_stale_change_shows_both(sign_in: SignIn, people: People) -> None:
    head = sign_in("head")
    first = change(people, clock.now())
    answer = head.post(address(), typed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Both versions" in page and f'name="seen" value="{first.pk}"' in page
    assert head.post(address(), typed(seen=first.pk)).status_code == 302

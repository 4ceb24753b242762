"""Concluding a reassessment: every outcome, what is refused, and who concludes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Absence, User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.trigger_rules import Trigger
from deadlines.models import Notification
from risk import services
from risk.models import GradeJudgement, Reassessment
from risk.services.triggers import fire, withdraw
from tests.marks import committed
from tests.personas import person
from tests.risk.helpers_reassessing import LATER, conclude, opened
from tests.risk.test_races import at_once
from tests.risk.test_triggers import HEARD, clock_of, fired
from victims.services import set_responsible


@pytest.fixture
def people_here(people: Callable[[str], User]) -> None:
    """Who leads, so that somebody is named; and who acts."""
    for username in ("supervisor", "officer", "officer_b", "worker", "custody", "head"):
        people(username)


#: Outcome, grade before, grade judged, and then: the victim's grade, and what became of the
#: judgement.
OUTCOMES = [
    ("kept", "standard", "", "standard", ""),
    ("kept", "high", "", "high", ""),
    ("kept", "very_high", "", "very_high", ""),
    ("raised", "", "standard", "standard", "counts"),
    ("raised", "standard", "medium", "medium", "counts"),
    ("raised", "standard", "high", "high", "counts"),
    ("raised", "medium", "high", "high", "counts"),
    ("lowered", "high", "medium", "high", "waiting"),
    ("lowered", "high", "standard", "high", "waiting"),
    ("lowered", "medium", "standard", "medium", "waiting"),
]


@pytest.mark.usefixtures("people_here")
@pytest.mark.parametrize(("outcome", "before", "grade", "after", "judged"), OUTCOMES)
def test_one_row_per_outcome(
    outcome: str, before: str, grade: str, after: str, judged: str
) -> None:
    row = opened(before)
    conclude(row, outcome, grade=grade)
    row.refresh_from_db()
    victim = row.victim
    victim.refresh_from_db()
    assert (row.state, row.outcome, row.done_at) == ("done", outcome, LATER)
    assert row.done_by == person("officer")
    assert victim.grade == after
    assert victim.last_assessed_at == LATER
    # In time, though the higher grade would have allowed less of it.
    assert clock_of(row).state == "met"
    states = list(GradeJudgement.objects.filter(reassessment=row).values_list("state", flat=True))
    assert states == ([judged] if judged else [])
    assert AuditEvent.objects.filter(verb="reassessment.done", subject=row.reference).count() == 1


@pytest.mark.usefixtures("people_here")
@pytest.mark.parametrize(
    ("before", "said", "field"),
    [
        ("high", {"outcome": "kept", "words": " "}, "words"),
        ("high", {"outcome": "assessed"}, "outcome"),
        ("high", {"outcome": ""}, "outcome"),
        ("", {"outcome": "kept"}, "outcome"),
        ("high", {"outcome": "raised", "grade": "high"}, "grade"),
        ("high", {"outcome": "raised", "grade": "medium"}, "grade"),
        ("medium", {"outcome": "lowered", "grade": "high"}, "grade"),
        ("medium", {"outcome": "raised", "grade": ""}, "grade"),
        ("medium", {"outcome": "raised", "grade": "very_high"}, "grade"),
        ("medium", {"outcome": "raised", "grade": "enormous"}, "grade"),
        ("very_high", {"outcome": "lowered", "grade": "high"}, "outcome"),
    ],
)
def test_what_is_refused_changes_nothing(before: str, said: dict[str, str], field: str) -> None:
    row = opened(before)
    with pytest.raises(InvalidInput) as refused:
        conclude(row, **said)
    assert refused.value.field == field
    row.refresh_from_db()
    assert row.state == "open"
    assert clock_of(row).state == "running"
    assert not GradeJudgement.objects.exists()


@pytest.mark.usefixtures("people_here")
def test_said_twice_it_is_said_once() -> None:
    row = opened()
    version = Reassessment.objects.get(pk=row.pk).version
    for _ in range(2):
        conclude(row, "raised", grade="high", version=version)
    assert GradeJudgement.objects.count() == 1
    assert AuditEvent.objects.filter(verb="reassessment.done").count() == 1
    with pytest.raises(AlreadyTaken, match="Hale"):
        conclude(row, "kept")


@pytest.mark.usefixtures("people_here")
def test_a_reason_that_came_since_is_read_first() -> None:
    row = opened()
    row.refresh_from_db()
    seen = row.version
    one = fired(row.victim, Trigger.CHARGE, source_id=2, words="Charged with assault")
    fire(fired=[one], actor=person("custody"), at=HEARD)
    with pytest.raises(Stale) as stale:
        conclude(row, version=seen)
    assert "charged: Charged with assault" in stale.value.theirs["reasons"]
    assert stale.value.yours["words"].startswith("She has moved")
    assert Reassessment.objects.open().count() == 1


@pytest.mark.usefixtures("people_here")
def test_what_fell_away_is_not_concluded() -> None:
    row = opened()
    withdraw(
        source_type="perpetrators.custodyevent",
        source_ids=[1],
        because="Recorded for somebody else",
        actor=person("custody"),
        at=HEARD,
    )
    with pytest.raises(DomainError, match="Recorded for somebody else"):
        conclude(row)


@pytest.mark.usefixtures("people_here")
@pytest.mark.parametrize(
    ("username", "may"),
    [
        ("officer", True),
        ("supervisor", True),
        ("manager", True),
        ("head", True),
        ("officer_b", False),
        ("worker", False),
        ("handler", False),
        ("custody", False),
        ("auditor", False),
    ],
)
def test_who_concludes(username: str, may: bool) -> None:
    row = opened()
    if may:
        assert conclude(row, actor=person(username)).state == "done"
        return
    with pytest.raises(PermissionDenied):
        conclude(row, actor=person(username))


@pytest.mark.usefixtures("people_here")
def test_who_stands_in_concludes_while_the_owner_is_away() -> None:
    row = opened()
    cover = person("officer_b")
    Absence.objects.create(
        person=person("officer"),
        cover=cover,
        from_at=HEARD,
        until_at=HEARD + timedelta(hours=1),
        recorded_by=person("supervisor"),
        recorded_at=HEARD,
    )
    with pytest.raises(PermissionDenied):
        conclude(row, actor=cover, at=HEARD + timedelta(hours=2))
    assert conclude(row, actor=cover).done_by == cover


@pytest.mark.usefixtures("people_here")
def test_a_colleague_takes_it_over_by_name_and_the_owner_is_told() -> None:
    row = opened()
    colleague, owner = person("officer_b"), person("officer")
    with pytest.raises(PermissionDenied):
        services.take_over(
            reassessment_id=row.pk, seen_owner_id=owner.pk, actor=person("worker"), at=LATER
        )
    for _ in range(2):
        services.take_over(
            reassessment_id=row.pk, seen_owner_id=owner.pk, actor=colleague, at=LATER
        )
    row.refresh_from_db()
    assert row.owner == clock_of(row).owner == colleague
    assert AuditEvent.objects.filter(verb="reassessment.passed").count() == 1
    assert Notification.objects.filter(user=owner, reference=row.reference).count() == 1
    with pytest.raises(AlreadyTaken, match="Moss"):
        services.take_over(
            reassessment_id=row.pk,
            seen_owner_id=owner.pk,
            actor=person("supervisor"),
            at=LATER,
        )


@pytest.mark.usefixtures("people_here")
def test_it_goes_with_the_duty_that_it_is_of() -> None:
    row = opened()
    colleague = person("officer_b")
    for duty, owner in (("contact", person("officer")), ("risk", colleague)):
        set_responsible(
            victim_id=row.victim_id,
            person=colleague,
            duties=[duty],
            actor=person("supervisor"),
            at=LATER,
        )
        row.refresh_from_db()
        assert row.owner == clock_of(row).owner == owner
    # Back with the team: whoever leads it is named.
    set_responsible(
        victim_id=row.victim_id, person=None, duties=["risk"], actor=person("head"), at=LATER
    )
    row.refresh_from_db()
    assert row.owner == clock_of(row).owner == person("supervisor")


@committed
def test_two_conclude_at_once() -> None:
    for username in ("supervisor", "officer", "custody"):
        person(username)
    row = opened("medium")
    officer, supervisor = person("officer"), person("supervisor")
    version = Reassessment.objects.get(pk=row.pk).version

    def by(actor: User, outcome: str, grade: str) -> Callable[[], Any]:
        return lambda: services.conclude(
            reassessment_id=row.pk,
            outcome=outcome,
            grade=grade,
            words="Heard from her sister.",
            version=version,
            actor=actor,
            at=LATER,
        )

    results = at_once(by(officer, "kept", ""), by(supervisor, "raised", "high"))
    assert [type(one) for one in results if isinstance(one, Exception)] == [AlreadyTaken]
    row.refresh_from_db()
    assert GradeJudgement.objects.count() == (1 if row.outcome == "raised" else 0)
    assert AuditEvent.objects.filter(verb="reassessment.done").count() == 1


@committed
def test_a_conclusion_against_another_event() -> None:
    """Whoever is first: no event is concluded without having been read."""
    for username in ("supervisor", "officer", "custody"):
        person(username)
    row = opened("medium")
    version = Reassessment.objects.get(pk=row.pk).version
    one = fired(row.victim, Trigger.CHARGE, source_id=2)
    results = at_once(
        lambda: conclude(row, version=version),
        lambda: fire(fired=[one], actor=person("custody"), at=LATER),
    )
    assert {type(one) for one in results if isinstance(one, Exception)} <= {Stale}
    left = Reassessment.objects.open().get()
    assert "charge" in left.reasons.standing().values_list("trigger", flat=True)

"""What an adviser does for a client: needs, court, looking at the risk; and who sees it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from referrals import services
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising.reviewing import window_open
from risk.models import GradeJudgement, Reassessment
from tests.factories.advising import accepted, referred
from tests.personas import PEOPLE, person
from victims import timeline
from victims.services import set_grade

People = Callable[[str], User]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WORDS = "He has a key to the back door."
WORKERS = {"idva", "idva_manager"}


@pytest.fixture
def case(db: None, at: datetime) -> IdvaCase:
    return accepted(at)


def need(case: IdvaCase, at: datetime, **changes: Any) -> SupportNeed:
    said: dict[str, Any] = {"kind": "housing", "words": WORDS, "actor": person("idva")}
    return services.add_need(case_id=case.pk, at=at, **{**said, **changes})


def settled(row: SupportNeed, at: datetime, **changes: Any) -> SupportNeed:
    said: dict[str, Any] = {"state": "met", "outcome": "New locks.", "actor": person("idva")}
    return services.settle_need(need_id=row.pk, at=at, **{**said, **changes})


def court(case: IdvaCase, at: datetime, **changes: Any) -> CourtSupport:
    said: dict[str, Any] = {
        "court": "family",
        "hearing_at": at + 10 * DAY,
        "about": "Non-molestation order",
        "measures": ["screen", "entrance"],
        "actor": person("idva"),
    }
    return services.plan_court(case_id=case.pk, at=at, **{**said, **changes})


def heard(row: CourtSupport, at: datetime, **changes: Any) -> CourtSupport:
    said: dict[str, Any] = {"state": "supported", "outcome": "Granted.", "actor": person("idva")}
    return services.settle_court(court_id=row.pk, at=at, **{**said, **changes})


def reviewed(case: IdvaCase, at: datetime, **changes: Any) -> CaseReview:
    said: dict[str, Any] = {
        "would_be": "high",
        "safety": "same",
        "words": WORDS,
        "actor": person("idva"),
    }
    return services.review_case(case_id=case.pk, at=at, **{**said, **changes})


def test_only_those_who_work_on_the_case_write(case: IdvaCase, at: datetime) -> None:
    later = at + DAY
    written, planned = need(case, later), court(case, later)
    for who in PEOPLE:
        actor = person(who)
        if who in WORKERS:
            need(case, later, actor=actor)
            continue
        for act in (
            lambda: need(case, later, actor=actor),  # noqa: B023
            lambda: settled(written, later, actor=actor),  # noqa: B023
            lambda: court(case, later, actor=actor),  # noqa: B023
            lambda: heard(planned, later, actor=actor),  # noqa: B023
            lambda: reviewed(case, later, actor=actor),  # noqa: B023
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_none_of_it_stands_where_the_police_look(case: IdvaCase, at: datetime) -> None:
    settled(need(case, at + HOUR), at + HOUR)
    heard(court(case, at + HOUR), at + 11 * DAY)
    reviewed(case, at + HOUR)
    police = person("officer")
    for model in (SupportNeed, CourtSupport, CaseReview):
        assert not model.objects.visible_to(police).exists()
        assert model.objects.visible_to(person("idva")).exists()
        assert model.objects.visible_to(person("idva_manager")).exists()
        assert not model.objects.visible_to(person("idva_b")).exists()
    kept = AuditEvent.objects.filter(verb__startswith="idva_work.")
    assert kept.count() == 5
    assert set(kept.values_list("victim_id", flat=True)) == {None}
    assert WORDS not in str(list(AuditEvent.objects.values_list("headline", "detail")))
    shown = [event.verb for event in timeline.events_of(case.victim, police)]
    assert not [verb for verb in shown if verb.startswith("idva_work.")]
    # That a hearing comes is told to nobody but whoever has the case.
    clock = Deadline.objects.get(kind="court_support")
    assert clock.victim_id is None
    assert not Deadline.objects.visible_to(police).filter(kind="court_support").exists()


@pytest.mark.parametrize(
    ("act", "changes", "field"),
    [
        (need, {"kind": "holiday"}, "kind"),
        (need, {"words": " "}, "words"),
        (need, {"words": "x" * 1_001}, "words"),
        (court, {"court": "tennis"}, "court"),
        (court, {"about": ""}, "about"),
        (court, {"measures": ["sword"]}, "measures"),
        (court, {"hearing_at": datetime.fromisoformat("2026-11-01T10:00+00:00")}, "hearing_at"),
        (court, {"hearing_at": datetime.fromisoformat("2036-11-01T10:00+00:00")}, "hearing_at"),
        (reviewed, {"would_be": "fine"}, "would_be"),
        (reviewed, {"would_be": "very_high"}, "would_be"),
        (reviewed, {"safety": ""}, "safety"),
        (reviewed, {"feels_safe": 6}, "feels_safe"),
        (reviewed, {"words": ""}, "words"),
        (reviewed, {"would_be": "medium"}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    case: IdvaCase, at: datetime, act: Callable[..., Any], changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        act(case, at + HOUR, **changes)
    assert refused.value.field == field
    assert not SupportNeed.objects.exists()
    assert not CourtSupport.objects.exists()
    assert not CaseReview.objects.exists()


@pytest.mark.parametrize("act", [need, court, reviewed])
def test_a_form_sent_twice_is_done_once(
    case: IdvaCase, at: datetime, act: Callable[..., Any]
) -> None:
    key = uuid4()
    assert act(case, at + HOUR, key=key) == act(case, at + HOUR, key=key)
    other = {"about": "Other"} if act is court else {"words": "Other"}
    with pytest.raises(DomainError, match="said something else"):
        act(case, at + HOUR, key=key, **other)


def test_a_need_is_settled_once_and_with_words(case: IdvaCase, at: datetime) -> None:
    row = need(case, at + HOUR)
    for wrong in ({"state": "open"}, {"state": "gone"}, {"outcome": " "}):
        with pytest.raises(InvalidInput):
            settled(row, at + HOUR, **wrong)
    done = settled(row, at + 2 * HOUR)
    assert (done.state, done.settled_by, done.settled_at) == (
        "met",
        person("idva"),
        at + 2 * HOUR,
    )
    assert settled(row, at + DAY).settled_at == at + 2 * HOUR
    with pytest.raises(AlreadyTaken, match=r"R\. Amadi has settled this already: met"):
        settled(row, at + DAY, state="not_met", actor=person("idva_manager"))


def test_support_at_court_is_reminded_of_and_settled(case: IdvaCase, at: datetime) -> None:
    row = court(case, at)
    clock = Deadline.objects.get(kind="court_support")
    assert clock.owner == person("idva")
    assert clock.due_at == row.hearing_at + DAY
    assert clock.step_times[:2] == [row.hearing_at - 7 * DAY, row.hearing_at - DAY]
    with pytest.raises(InvalidInput) as refused:
        heard(row, at + DAY)
    assert refused.value.field == "state"
    heard(row, row.hearing_at + HOUR)
    clock.refresh_from_db()
    assert clock.state == "met"
    assert heard(row, at + 20 * DAY).settled_at == row.hearing_at + HOUR
    with pytest.raises(AlreadyTaken):
        heard(row, at + 20 * DAY, state="moved")


def test_the_reminder_goes_to_whoever_has_the_case(case: IdvaCase, at: datetime) -> None:
    court(case, at)
    services.allocate_idva_case(
        case_id=case.pk,
        to=person("idva_b"),
        words="She is away.",
        version=case.version,
        actor=person("idva_manager"),
        at=at + HOUR,
    )
    assert Deadline.objects.get(kind="court_support").owner == person("idva_b")
    assert Deadline.objects.get(kind="idva_review").owner == person("idva_b")


def test_the_review_is_due_after_six_to_eight_weeks(case: IdvaCase, at: datetime) -> None:
    clock = Deadline.objects.get(kind="idva_review")
    assert clock.owner == person("idva")
    assert clock.due_at == at + 8 * WEEK
    assert clock.step_times[:2] == [at + 6 * WEEK, at + 7 * WEEK]
    assert not window_open(case, at + 6 * WEEK - HOUR)
    early = reviewed(case, at + 5 * WEEK)
    clock.refresh_from_db()
    assert (early.occasion, clock.state) == ("between", "running")
    assert reviewed(case, at + 6 * WEEK).occasion == "weeks"
    clock.refresh_from_db()
    assert clock.state == "met"
    assert reviewed(case, at + 7 * WEEK).occasion == "between"
    assert Deadline.objects.filter(kind="idva_review").count() == 1


def test_a_late_review_is_met_late(case: IdvaCase, at: datetime) -> None:
    assert reviewed(case, at + 9 * WEEK).occasion == "weeks"
    assert Deadline.objects.get(kind="idva_review").state == "met_late"


def test_a_higher_view_counts_at_once(db: None, at: datetime) -> None:
    from tests.factories import victims

    victim = victims.victim(grade="medium", at=at - DAY)
    case = accepted(at, victim=victim, lower_risk_words="He is out on Friday.")
    reviewed(case, at + HOUR, would_be="high", reason="Threats to kill since Monday.")
    victim.refresh_from_db()
    assert victim.grade == "high"
    judgement = GradeJudgement.objects.get()
    assert (judgement.reason, judgement.by) == ("Threats to kill since Monday.", person("idva"))


def test_a_lower_view_waits_for_a_supervisor(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, would_be="medium", reason="He has moved away.")
    judgement = GradeJudgement.objects.get()
    assert (judgement.state, judgement.grade) == ("waiting", "medium")
    case.victim.refresh_from_db()
    assert case.victim.grade == "high"


def test_where_no_judgement_can_be_made_the_risk_is_looked_at_again(
    case: IdvaCase, at: datetime
) -> None:
    set_grade(
        victim_id=case.victim_id,
        grade="very_high",
        reason="The conference",
        actor=person("supervisor"),
        at=at,
    )
    reviewed(case, at + HOUR, would_be="medium", reason="He has moved away.")
    assert not GradeJudgement.objects.exists()
    [again] = Reassessment.objects.filter(victim=case.victim, state="open")
    assert "He has moved away." in again.reasons.get().words


def test_the_grade_read_must_be_the_grade_now(case: IdvaCase, at: datetime) -> None:
    with pytest.raises(Stale):
        reviewed(case, at + HOUR, seen="medium")
    assert reviewed(case, at + HOUR, seen="high").grade == "high"


def test_before_it_is_accepted_there_is_nothing_to_work_on(db: None, at: datetime) -> None:
    waiting = referred(at)
    for act in (need, court, reviewed):
        with pytest.raises(DomainError, match="Accept it first"):
            act(waiting, at + HOUR, actor=person("idva_manager"))

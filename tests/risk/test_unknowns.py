"""What was not known or not asked: owed at submission, found out, or asked anew."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline
from risk import conference, services
from risk.models import Assessment, UnknownAnswer
from risk.services.unknowns import Settled
from tests.factories import risk as make
from tests.marks import committed
from tests.personas import person, team
from tests.risk.test_races import at_once
from victims.models import Duty, Victim
from victims.services import set_responsible

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
WORDS = "Her sister says so."


def with_unknowns(
    at: datetime, *yes: str, victim: Victim | None = None, **others: str
) -> Assessment:
    """Submitted, with q18 not known and q19 not asked unless other answers are named."""
    given = make.answers(*yes, **(others or {"q18": "dont_know", "q19": "not_asked"}))
    for answer in given.values():
        if answer["answer"] == "not_asked":
            answer["words"] = "His mother was in the room."
    row = make.draft(at, victim=victim)
    row = services.keep_answers(
        assessment_id=row.pk, actor=row.officer, answers=given, version=row.version, at=at
    )
    return submit(row, at)


def submit(row: Assessment, at: datetime) -> Assessment:
    return services.submit_assessment(
        assessment_id=row.pk,
        actor=row.officer,
        judged_grade=row.suggested_grade,
        judged_reason="Her account.",
        version=row.version,
        at=at,
    )


def settled(
    row: Assessment,
    topic: str,
    found: str,
    at: datetime,
    *,
    by: str = "officer",
    words: str = WORDS,
) -> Settled:
    unknown = row.unknowns.get(topic=topic)
    return services.find_out(
        unknown_id=unknown.pk, found=found, words=words, actor=person(by), at=at
    )


def clock_of(row: Assessment) -> Deadline:
    return Deadline.objects.of(row).get(kind="find_out")


def states(row: Assessment) -> dict[str, str]:
    return dict(row.unknowns.order_by("topic").values_list("topic", "state"))


def verbs(row: Assessment) -> list[str]:
    rows = AuditEvent.objects.filter(subject=row.reference, verb__startswith="unknown")
    return [one.verb for one in rows.order_by("pk")]


# --- Owed at submission --------------------------------------------------------------------------


def test_submission_owes_each_topic_and_one_deadline(people: People, at: datetime) -> None:
    row = with_unknowns(at)
    found = row.unknowns.order_by("topic").values_list("topic", "answer", "state", "owner", "team")
    officer = people("officer")
    assert list(found) == [
        ("q18", "dont_know", "open", officer.pk, team("response").pk),
        ("q19", "not_asked", "open", officer.pk, team("response").pk),
    ]
    clock = clock_of(row)
    assert (clock.owner, clock.due_at) == (officer, at + timedelta(days=7))
    assert verbs(row) == ["unknown.owed"]


def test_nothing_unknown_owes_nothing(at: datetime) -> None:
    row = make.submitted(at, "q18")
    assert not row.unknowns.exists()
    assert not Deadline.objects.filter(kind="find_out").exists()


def test_whoever_has_the_risk_finds_out(people: People, at: datetime) -> None:
    victim = make.a_victim(at)
    worker = people("worker")
    pass_risk(victim, worker, at)
    row = with_unknowns(at, victim=victim)
    assert clock_of(row).owner == worker
    assert set(row.unknowns.values_list("owner", "team")) == {(worker.pk, worker.team_id)}


def pass_risk(victim: Victim, to: User, at: datetime) -> None:
    set_responsible(
        victim_id=victim.pk,
        person=to,
        team=to.team,
        duties=[Duty.RISK],
        actor=person("supervisor"),
        at=at,
    )


def test_what_is_open_passes_with_the_risk(people: People, at: datetime) -> None:
    row = with_unknowns(at)
    settled(row, "q18", "no", at)
    worker = people("worker")
    pass_risk(row.victim, worker, at + timedelta(hours=1))
    assert row.unknowns.get(topic="q19").owner == worker
    assert row.unknowns.get(topic="q18").owner == people("officer")
    assert (clock_of(row).owner, clock_of(row).team) == (worker, worker.team)


# --- Found out -----------------------------------------------------------------------------------


def test_found_out_one_by_one(at: datetime) -> None:
    row = with_unknowns(at)
    later = at + timedelta(days=1)
    answer = settled(row, "q18", "no", later)
    assert not answer.raises
    one = answer.unknown
    assert (one.state, one.found, one.words, one.settled_by) == (
        "found",
        "no",
        WORDS,
        person("officer"),
    )
    assert clock_of(row).state == "running"
    settled(row, "q19", "cannot", later, words="She will not speak of it.")
    assert states(row) == {"q18": "found", "q19": "cannot"}
    assert (clock_of(row).state, clock_of(row).settled_at) == ("met", later)
    assert verbs(row) == ["unknown.owed", "unknown.found", "unknown.cannot"]


def test_a_yes_that_would_raise_the_suggestion_says_so(at: datetime) -> None:
    row = with_unknowns(at)
    answer = settled(row, "q18", "yes", at)
    assert answer.raises
    assert (answer.suggestion.grade, answer.suggestion.reasons) == ("high", ("strangulation",))
    event = AuditEvent.objects.get(verb="unknown.found")
    assert event.headline.endswith("yes; the answers now suggest high")
    assert event.is_grave
    row.refresh_from_db()
    assert (row.grade, row.answers["q18"]["answer"]) == ("standard", "dont_know")
    assert Victim.objects.get(pk=row.victim_id).grade == "standard"


def test_a_yes_below_the_grade_raises_nothing(at: datetime) -> None:
    row = with_unknowns(at, "q17")
    assert not settled(row, "q18", "yes", at).raises


def test_what_was_found_counts_for_the_conference(at: datetime) -> None:
    thirteen = (f"q{number:02d}" for number in range(1, 15) if number != 8)
    row = with_unknowns(at, *thirteen, q19="not_asked")
    assert row.yes_count == 13
    settled(row, "q19", "yes", at + timedelta(hours=1))
    assert "yes_answers" in {one.code for one in conference.met(row.victim_id, at + timedelta(1))}
    assert "yes_answers" not in {one.code for one in conference.met(row.victim_id, at)}


def test_late_is_late(at: datetime) -> None:
    row = with_unknowns(at, q18="dont_know")
    settled(row, "q18", "no", at + timedelta(days=8))
    assert clock_of(row).state == "met_late"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"found": "perhaps"}, "found"),
        ({"found": "dont_know"}, "found"),
        ({"found": ""}, "found"),
        ({"words": " "}, "words"),
        ({"found": "cannot", "words": ""}, "words"),
        ({"words": "a\x00"}, "words"),
        ({"words": "x" * 1_001}, "words"),
    ],
)
def test_refused_at_its_field(at: datetime, given: dict[str, str], field: str) -> None:
    row = with_unknowns(at)
    said: dict[str, Any] = {"found": "yes", "words": WORDS, **given}
    with pytest.raises(InvalidInput) as refused:
        settled(row, "q18", said["found"], at, words=said["words"])
    assert refused.value.field == field
    assert states(row)["q18"] == "open"


@pytest.mark.parametrize("name", ["handler", "inspector", "custody", "auditor", "agency", "nobody"])
def test_who_may_not(at: datetime, name: str) -> None:
    row = with_unknowns(at)
    with pytest.raises(PermissionDenied):
        settled(row, "q18", "no", at, by=name)


def test_said_twice_is_once_and_another_is_told(at: datetime) -> None:
    row = with_unknowns(at)
    settled(row, "q18", "yes", at)
    assert settled(row, "q18", "yes", at + timedelta(seconds=2)).raises
    assert verbs(row) == ["unknown.owed", "unknown.found"]
    with pytest.raises(AlreadyTaken, match=r"T\. Hale has settled this already: yes"):
        settled(row, "q18", "no", at, by="worker")


# --- Asked anew ----------------------------------------------------------------------------------


def test_a_later_assessment_asks_anew(at: datetime) -> None:
    victim, later = make.a_victim(at), at + timedelta(days=2)
    row = with_unknowns(at, victim=victim)
    again = with_unknowns(later, victim=victim, q18="dont_know")
    assert states(row) == {"q18": "asked_anew", "q19": "asked_anew"}
    assert states(again) == {"q18": "open"}
    assert clock_of(row).state == "met"
    assert clock_of(again).state == "running"
    with pytest.raises(DomainError, match="asked this anew"):
        settled(row, "q18", "no", later)


def test_an_older_one_submitted_later_settles_nothing(at: datetime) -> None:
    victim = make.a_victim(at)
    older = make.kept(make.draft(at - timedelta(days=1), victim=victim), at=at)
    newer = with_unknowns(at, victim=victim)
    submit(older, at + timedelta(hours=1))
    assert states(newer) == {"q18": "open", "q19": "open"}


def test_another_victims_stay(at: datetime) -> None:
    row = with_unknowns(at)
    make.submitted(at + timedelta(days=1), victim=make.a_victim(at, given_name="Rosa"))
    assert states(row) == {"q18": "open", "q19": "open"}


def test_returned_and_answered_it_was_found_out(at: datetime) -> None:
    row = with_unknowns(at)
    row = make.reviewed(row, at, decision="return", rationale="Ask her about this.")
    row = services.keep_answers(
        assessment_id=row.pk,
        actor=row.officer,
        answers={"q18": {"answer": "no", "words": "She says never."}},
        version=row.version,
        at=at,
    )
    submit(row, at + timedelta(hours=1))
    assert states(row) == {"q18": "found", "q19": "open"}
    assert row.unknowns.get(topic="q18").words == "She says never."
    assert Deadline.objects.of(row).filter(kind="find_out").count() == 1
    assert clock_of(row).due_at == at + timedelta(days=7)


@committed
def test_finding_out_against_asking_anew(at: datetime) -> None:
    """Whoever is second sees what the first wrote; the deadline is met once."""
    victim = make.a_victim(at)
    row = with_unknowns(at, victim=victim, q18="dont_know")
    again = make.kept(make.draft(at + timedelta(days=1), victim=victim), at=at)
    at_once(
        lambda: settled(row, "q18", "no", at + timedelta(days=1)),
        lambda: submit(again, at + timedelta(days=1)),
    )
    unknown = UnknownAnswer.objects.get(assessment=row)
    assert (unknown.state, unknown.found) in {("found", "no"), ("asked_anew", "")}
    assert clock_of(row).state == "met"

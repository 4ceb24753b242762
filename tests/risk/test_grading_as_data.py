"""Grade rules stand in the questionnaire; where it says nothing, force policy counts."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import risk
from core.errors import InvalidInput
from core.policy import ForcePolicy
from risk import instruments, services
from risk.grades import Suggestion, suggest
from risk.instruments import Grading, Questionnaire
from risk.models import GradeChange, Instrument
from tests.factories import risk as make
from tests.personas import person

FOLDER = Path(risk.__file__).parent / "content"
POLICY = ForcePolicy()


def shipped(code: str) -> Questionnaire:
    return instruments.parse(code, 1, code, content(code))


def content(code: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{code}_1.json").read_text("utf-8"))


def of(read: Questionnaire, *yes: str, escalation: bool = False) -> Suggestion:
    return suggest(read, {code: {"answer": "yes"} for code in yes}, escalation, POLICY)


def test_no_rule_means_force_policy() -> None:
    assert shipped("dash_police").grading == Grading("count", None, None, escalation=True)


def test_numbers_of_its_own_go_before_policy() -> None:
    changed = content("dash_police") | {"grading": {"medium_from": 2, "high_from": 3}}
    read = instruments.parse("x", 1, "x", changed)
    assert [
        of(read, *codes).grade for codes in (["q01"], ["q01", "q04"], ["q01", "q04", "q05"])
    ] == [
        "standard",
        "medium",
        "high",
    ]
    assert of(read, "q01", "q04").reasons == ("2 yes answers (medium from 2)",)


def test_escalation_may_be_left_to_the_whole_assessment() -> None:
    assert of(shipped("dash_partner"), escalation=True).grade == "high"
    assert of(shipped("stalking"), escalation=True).grade == "standard"


@pytest.mark.parametrize(
    ("code", "yes", "grade"),
    [
        ("stalking", ["s01"], "medium"),
        ("stalking", ["s01", "s02"], "medium"),
        ("stalking", ["s01", "s02", "s03"], "high"),
        ("honour", ["h01"], "medium"),
        ("honour", ["h04"], "high"),
        ("dash_partner", ["q18"], "high"),
        ("dash_young", ["y01", "y02"], "standard"),
    ],
)
def test_what_ships_suggests(code: str, yes: list[str], grade: str) -> None:
    assert of(shipped(code), *yes).grade == grade


def test_without_a_score_nothing_is_counted_and_no_grade_suggested() -> None:
    read = shipped("judgement")
    plain = [topic.code for topic in read.topics if not topic.high_because]
    assert of(read, *plain, escalation=True) == Suggestion("", 0, ())
    assert of(read, "j12", *plain) == Suggestion("high", 0, ("strangulation",))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ([], "grading holds"),
        ({"from": 3}, "grading holds"),
        ({"by": "dice"}, "count or judgement"),
        ({"by": ["count"]}, "count or judgement"),
        ({"by": "judgement", "high_from": 3}, "Without a score"),
        ({"medium_from": 4, "high_from": 4}, "below high_from"),
        ({"medium_from": 0}, "medium_from must be"),
        ({"high_from": True}, "high_from must be"),
        ({"escalation": 1}, "true or false"),
    ],
)
def test_a_wrong_rule_is_refused(rule: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        instruments.parse("x", 1, "x", content("stalking") | {"grading": rule})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "purpose", "topics"),
    [
        ("dash_police", "police", 27),
        ("dash_partner", "partner", 24),
        ("stalking", "stalking", 11),
        ("honour", "honour", 10),
        ("dash_young", "young", 32),
        ("judgement", "other", 20),
    ],
)
def test_what_ships_is_published_in_use_and_in_our_own_words(
    code: str, purpose: str, topics: int
) -> None:
    row = Instrument.objects.get(code=code, in_use=True)
    read = instruments.questionnaire(row)
    assert (row.version, row.purpose, len(read.topics)) == (1, purpose, topics)
    assert row.published_at is not None
    assert not row.is_official_wording
    assert "not the official wording" in read.note


def test_the_partner_checklist_is_the_police_one_without_three() -> None:
    police, partner = shipped("dash_police"), shipped("dash_partner")
    left_out = {topic.number for topic in police.topics if topic.code not in partner.by_code}
    assert left_out == {"10", "11", "12"}
    for topic in partner.topics:
        assert topic.text == police.by_code[topic.code].text


@pytest.mark.django_db
def test_without_a_score_no_page_speaks_of_yes_answers(at: datetime, client: Client) -> None:
    victim = make.a_victim(at)
    officer = person("officer")
    incident = make.an_incident(at, victim, officer=officer)
    for code in ("judgement", "dash_police"):
        row = services.open_assessment(
            incident_id=incident.pk, victim_id=victim.pk, actor=officer, at=at, instrument=code
        )
        topics = instruments.questionnaire(row.instrument).topics
        kept = services.keep_answers(
            assessment_id=row.pk,
            actor=officer,
            answers={topic.code: {"answer": "no"} for topic in topics},
            version=row.version,
            at=at,
        )
        services.submit_assessment(
            assessment_id=row.pk,
            actor=officer,
            judged_grade="medium",
            judged_reason="She is afraid of him.",
            version=kept.version,
            at=at,
        )
    assert GradeChange.objects.get().reason == "the officer's judgement, no score"
    client.force_login(person("supervisor"), backend="accounts.backends.RoleBackend")
    for address in (f"/victims/{victim.reference}/risk/", "/reviews/"):
        html = client.get(address).content.decode()
        assert html.count("no score</span>") == 1
        assert html.count(">0 yes</span>") == 1

"""The results in numbers: equal to a plain count, and nothing is told of too few answers."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Team
from referrals.models import Survey
from referrals.services.voice.questions import QUESTIONS
from referrals.voice_results import Results, Wanted, results, words_for
from tests.factories import victims
from tests.personas import PEOPLE, person, team

SignIn = Callable[[str], Client]
FEWEST = 5
VIEWERS = {
    *("head", "superintendent", "supervisor", "manager", "idva_manager", "inspector"),
    "analyst",
}
BOTH = ("police", "adviser")


def wanted(at: datetime) -> Wanted:
    return Wanted(date(2026, 11, 1), date(2026, 11, 30), BOTH)


def surveys(at: datetime, number: int, seed: int) -> list[Survey]:
    """Many ends of one victim, of both sides and three teams, in every state."""
    chance = random.Random(seed)
    victim = victims.victim(victims.person("Ada", f"Number {seed}"), at=at)
    teams = [team("response"), team("maru"), team("daisu")]
    rows = []
    for count in range(number):
        about, state = (
            chance.choice(BOTH),
            chance.choice(["answered"] * 4 + ["declined", "not_safe"]),
        )
        given = {
            question.code: chance.randint(1, 5)
            for question in QUESTIONS[about]
            if chance.random() < 0.8
        }
        rows.append(
            Survey(
                victim=victim,
                about=about,
                team=chance.choices(teams, weights=[6, 3, 1])[0],
                state=state,
                closed_at=at - timedelta(days=chance.randint(0, 40)),
                opened_at=at,
                due_at=at,
                settled_at=at,
                reason="He reads it" if state == "not_safe" else "",
                answers=given if state == "answered" else {},
                words=f"Words {about} {count}" if state == "answered" else "",
            )
        )
    return Survey.objects.bulk_create(rows)


def inside(rows: list[Survey], about: str, of: Team | None = None) -> list[Survey]:
    first = datetime.fromisoformat("2026-11-01T00:00+00:00")
    return [
        row
        for row in rows
        if row.about == about and row.closed_at >= first and (of is None or row.team == of)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_numbers_are_those_of_a_plain_count(db: None, at: datetime, seed: int) -> None:
    rows = surveys(at, 20 + 15 * seed, seed)
    found = results(wanted(at), FEWEST)
    for group in [*found.wholes, *found.teams]:
        of = Team.objects.get(name=group.team) if group.team else None
        here = inside(rows, group.about, of)
        answered = [row for row in here if row.state == "answered"]
        assert group.closed == len(here)
        assert group.asked == sum(row.state in {"answered", "declined"} for row in here)
        assert group.answered == len(answered)
        for told in group.questions:
            given = [row.answers.get(told.question.code) for row in answered]
            given = [value for value in given if value]
            if not group.is_shown or len(given) < FEWEST:
                assert not told.is_shown
            if not group.team and group.is_shown:
                assert told.is_shown == (len(given) >= FEWEST)
            if not told.is_shown:
                assert told.mean is None
                assert told.counts == (0,) * 5
                continue
            assert told.counts == tuple(given.count(value) for value in range(1, 6))
            assert told.mean == pytest.approx(sum(given) / len(given))
        if group.answered < FEWEST:
            assert not group.is_shown


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_is_not_to_be_worked_out(db: None, at: datetime, seed: int) -> None:
    surveys(at, 30, seed)
    found = results(wanted(at), FEWEST)
    for about in BOTH:
        hidden = [
            group.answered
            for group in found.teams
            if group.about == about and not group.is_shown and group.answered
        ]
        shown = [g for g in found.teams if g.about == about and g.is_shown]
        assert not hidden or sum(hidden) >= FEWEST or not shown


@pytest.mark.parametrize("seed", range(6))
def test_nor_is_a_question_that_some_passed_over(db: None, at: datetime, seed: int) -> None:
    """The whole less the teams that are told leaves nobody recognisable, question by question."""
    rows = surveys(at, 150, seed)
    found, told = results(wanted(at), FEWEST), 0
    for about in BOTH:
        teams = [group for group in found.teams if group.about == about]
        for place, question in enumerate(QUESTIONS[about]):
            hidden = 0
            for group in teams:
                here = inside(rows, about, Team.objects.get(name=group.team))
                given = sum(question.code in row.answers for row in here)
                hidden += 0 if group.questions[place].is_shown else given
                told += group.questions[place].is_shown
            any_told = any(group.questions[place].is_shown for group in teams)
            assert hidden == 0 or hidden >= FEWEST or not any_told, question.code
    assert told


def test_words_are_for_the_side_that_they_are_about(db: None, at: datetime) -> None:
    surveys(at, 60, 1)
    found: Results = results(wanted(at), FEWEST)
    for who in sorted(VIEWERS):
        read = words_for(person(who), wanted(at), found.wholes)
        sides = {words.split()[1] for words in read}
        expected = {"adviser"} if who == "idva_manager" else {"police"}
        assert sides == (set() if who == "analyst" else expected), who


def test_of_too_few_answers_no_words_are_told(db: None, at: datetime) -> None:
    surveys(at, 60, 1)
    assert words_for(person("head"), wanted(at), results(wanted(at), 1_000).wholes) == []


def test_page_table_and_api_for_those_who_lead(db: None, at: datetime, sign_in: SignIn) -> None:
    surveys(at, 60, 2)
    period = "?since=2026-11-01&until=2026-11-30"
    for who in sorted(PEOPLE):
        client = sign_in(who)
        for address in ("/voice/", "/voice/export/", "/api/v1/voice/"):
            status = client.get(address + period).status_code
            assert status == (200 if who in VIEWERS else 403), (who, address)
    client = sign_in("analyst")
    found = results(wanted(at), FEWEST)
    police = client.get(f"/api/v1/voice/{period}").json()["wholes"][0]
    assert police["answered"] == found.wholes[0].answered
    assert police["questions"][0]["mean"] == pytest.approx(found.wholes[0].questions[0].mean)
    table = client.get(f"/voice/export/{period}").content.decode().splitlines()
    assert len(table) == 1 + 5 * (len(found.wholes) + len(found.teams))
    shown = client.get(f"/voice/{period}").content.decode()
    assert f"{found.wholes[0].answered} answered of {found.wholes[0].asked} asked" in shown
    assert "Words police" not in shown


def test_a_period_of_nothing_says_so(db: None, sign_in: SignIn) -> None:
    shown = sign_in("head").get("/voice/?since=1999-01-01&until=1999-02-01&about=police")
    assert "Fewer than 5 answers" in shown.content.decode()
    assert sign_in("head").get("/voice/?since=nonsense").status_code == 200

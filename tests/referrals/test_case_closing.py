"""A case of the IDVA service closes with everything settled, and with it ends what it allowed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from referrals import services
from referrals.models import IdvaCase, Survey
from referrals.services.advising.closing import NotReady
from referrals.services.advising.outcomes import TOPICS
from tests.factories.advising import accepted, referred
from tests.personas import PEOPLE, person, team
from tests.referrals.test_case_work import DAY, HOUR, court, heard, need, reviewed, settled
from victims.models import Duty, Victim, VictimAccess

OUTCOMES = {topic.code: topic.answers[0][0] for topic in TOPICS}
SignIn = Callable[[str], Client]


@pytest.fixture
def case(db: None, at: datetime) -> IdvaCase:
    return accepted(at)


def closed(case: IdvaCase, at: datetime, **changes: Any) -> IdvaCase:
    said: dict[str, Any] = {
        "because": "done",
        "words": "She is settled.",
        "outcomes": OUTCOMES,
        "version": case.version,
        "actor": person("idva"),
    }
    return services.close_idva_case(case_id=case.pk, at=at, **{**said, **changes})


def test_closed_it_ends_access_duties_and_clocks(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, closing=True)
    done = closed(case, at + 2 * HOUR)
    assert (done.state, done.closed_by, done.outcomes) == ("closed", person("idva"), OUTCOMES)
    assert not VictimAccess.objects.filter(ended_at=None).exists()
    for who in ("idva", "idva_manager", "idva_b"):
        assert not Victim.objects.visible_to(person(who)).exists()
    victim = Victim.objects.get()
    teams = {duty: getattr(victim, f"{duty.value}_team") for duty in Duty}
    assert team("idva") not in teams.values()
    assert teams[Duty.CONTACT] == team("maru")
    open_ones = Deadline.objects.open().filter(kind__startswith="idva_")
    assert not open_ones.exists()


def test_everything_that_is_missing_is_named_at_its_field(case: IdvaCase, at: datetime) -> None:
    need(case, at + HOUR)
    court(case, at + HOUR)
    with pytest.raises(NotReady) as refused:
        closed(case, at + HOUR)
    assert [one.field for one in refused.value.missing] == ["review", "needs", "courts"]
    case.refresh_from_db()
    assert case.state == "accepted"
    # A look at the risk that was none for the end, or long before it, is not enough.
    reviewed(case, at + HOUR)
    reviewed(case, at + 2 * HOUR, closing=True, words="At the end.")
    with pytest.raises(NotReady) as late:
        closed(case, at + 20 * DAY)
    assert late.value.missing[0].field == "review"


def test_once_all_is_settled_it_closes(case: IdvaCase, at: datetime) -> None:
    settled(need(case, at + HOUR), at + HOUR)
    heard(court(case, at + HOUR), at + 2 * HOUR, state="moved")
    reviewed(case, at + HOUR, closing=True)
    assert closed(case, at + DAY).state == "closed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"because": "bored"}, "because"),
        ({"words": " "}, "words"),
        *[({"outcomes": {**OUTCOMES, topic.code: ""}}, topic.field) for topic in TOPICS],
        ({"outcomes": {**OUTCOMES, "abuse": "maybe"}}, "outcome_abuse"),
    ],
)
def test_what_must_be_said_is_asked_for_at_its_field(
    case: IdvaCase, at: datetime, changes: dict[str, Any], field: str
) -> None:
    reviewed(case, at + HOUR, closing=True)
    with pytest.raises(InvalidInput) as refused:
        closed(case, at + 2 * HOUR, **changes)
    assert refused.value.field == field


def test_only_those_who_work_on_it_close_it(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, closing=True)
    for who in set(PEOPLE) - {"idva", "idva_manager"}:
        with pytest.raises(PermissionDenied):
            closed(case, at + 2 * HOUR, actor=person(who))
    assert closed(case, at + 2 * HOUR, actor=person("idva_manager")).state == "closed"


def test_closed_twice_it_is_closed_once(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, closing=True)
    with pytest.raises(Stale):
        closed(case, at + HOUR, version=case.version - 1)
    first = closed(case, at + 2 * HOUR)
    assert closed(case, at + DAY).closed_at == first.closed_at
    with pytest.raises(AlreadyTaken, match="R. Amadi has closed"):  # noqa: RUF043
        closed(case, at + DAY, actor=person("idva_manager"))
    with pytest.raises((DomainError, PermissionDenied)):
        need(case, at + DAY)
    assert Survey.objects.count() == 1


def test_a_case_that_was_never_accepted_is_not_closed(db: None, at: datetime) -> None:
    with pytest.raises(DomainError, match="Accept it first"):
        closed(referred(at), at, actor=person("idva_manager"))


def test_closing_opens_the_survey_for_whoever_still_sees_them(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, closing=True)
    closed(case, at + 2 * HOUR)
    survey = Survey.objects.get()
    assert (survey.about, survey.idva_case, survey.state) == ("adviser", case, "to_ask")
    assert survey.owner not in {person("idva"), person("idva_manager")}
    assert survey.team == team("maru")
    clock = Deadline.objects.get(kind="survey")
    assert clock.due_at == survey.due_at == at + 2 * HOUR + timedelta(days=14)


def test_nobody_is_asked_after_a_death(case: IdvaCase, at: datetime) -> None:
    reviewed(case, at + HOUR, closing=True, safety="not_known")
    closed(case, at + 2 * HOUR, because="died")
    assert not Survey.objects.exists()


def page(case: IdvaCase, name: str) -> str:
    return f"/idva-cases/{case.reference}/{name}/"


def test_by_the_page_refused_names_all_and_keeps_what_was_typed(
    case: IdvaCase, at: datetime, sign_in: SignIn
) -> None:
    need(case, at + HOUR)
    client = sign_in("idva")
    said = {"because": "done", "words": "Not to be lost.", "version": str(case.version)}
    said |= {f"outcome_{code}": value for code, value in OUTCOMES.items()}
    answer = client.post(page(case, "close"), said)
    shown = answer.content.decode()
    assert answer.status_code == 400
    for words in ("Look at the risk for the closing first", "housing", "Not to be lost."):
        assert words in shown


def test_by_the_page_closed_leads_where_the_adviser_may_be(
    case: IdvaCase, at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.now", lambda: at + 2 * HOUR)
    reviewed(case, at + HOUR, closing=True)
    client = sign_in("idva")
    said = {"because": "done", "words": "She is settled.", "version": str(case.version)}
    said |= {f"outcome_{code}": value for code, value in OUTCOMES.items()}
    for _ in range(2):
        answer = client.post(page(case, "close"), said)
        assert (answer.status_code, answer["Location"]) == (302, "/clients/")
    assert client.get("/clients/").status_code == 200
    for gone in (f"/victims/{case.victim.reference}/", page(case, "close"), page(case, "needs")):
        assert client.get(gone).status_code == 404


def test_by_the_pages_needs_court_and_reviews_are_written_and_settled(
    case: IdvaCase, at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.now", lambda: at + HOUR)
    client = sign_in("idva")

    def sent(name: str, **said: Any) -> int:
        form = client.get(page(case, name)).context["form"]
        key = str(form["key"].value()) if "key" in form.fields else ""
        return client.post(page(case, name), {"key": key, **said}).status_code

    assert sent("needs", kind="housing", words="") == 400
    assert sent("needs", kind="housing", words="New locks") == 302
    row = case.needs.get()
    assert sent("needs", need=row.pk, state="", outcome="Done") == 400
    assert sent("needs", need=row.pk, state="met", outcome="Done") == 302
    assert sent("needs", need=999_999, state="met", outcome="Done") == 404
    hearing = {"court": "family", "hearing_at": "2026-12-24T10:00", "about": "Order"}
    assert sent("courts", **{**hearing, "hearing_at": ""}) == 400
    assert sent("courts", **hearing, measures=["screen"]) == 302
    held = case.courts.get()
    assert sent("courts", hearing=held.pk, state="supported", outcome="Won") == 400
    assert sent("courts", hearing=held.pk, state="moved", outcome="To May") == 302
    look = {"would_be": "high", "safety": "same", "words": "As before", "seen": "high"}
    assert sent("review", **{**look, "would_be": "medium"}) == 400
    assert sent("review", **look, feels_safe="3", closing="on") == 302
    assert case.reviews.get().feels_safe == 3
    for name in ("needs", "courts", "review", "close"):
        assert client.get(page(case, name)).status_code == 200

"""What victims thought: opened at the end, asked by the safe way or a link, settled once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from referrals.models import Survey
from referrals.services import voice
from referrals.services.voice.asking import digest_of
from referrals.services.voice.questions import QUESTIONS
from tests.personas import PEOPLE, person, team
from tests.victims.telling import known_victim, logged
from victims.models import Contact, Victim
from victims.services import close_case, open_again, record_safe_contact

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ANSWERS = {question.code: 4 for question in QUESTIONS["police"]}
WORDS = "Nightjar over the weir."
ASKERS = {
    *("officer", "officer_b", "supervisor", "worker", "worker_b", "manager", "investigator"),
    *("neighbourhood", "idva", "idva_b", "idva_manager"),
}


@pytest.fixture
def survey(people: People, at: datetime) -> Survey:
    """About the police: an officer spoke with her last, then her case was closed."""
    team("maru")
    victim = known_victim()
    logged(victim, at=at - 2 * DAY, actor=people("officer_b"))
    return ended(victim, at)


def ended(victim: Victim, at: datetime) -> Survey:
    close_case(victim_id=victim.pk, reason="Settled", actor=person("supervisor"), at=at)
    return Survey.objects.get(victim=victim, state="to_ask")


def how(**changes: Any) -> voice.How:
    return voice.How(**{"way": "text", "seen": 1, "key": uuid4(), **changes})


def asked(row: Survey, at: datetime, result: str = "answered", **changes: Any) -> voice.Asked:
    said: dict[str, Any] = {"how": how(), "answers": ANSWERS, "actor": person("officer_b")}
    return voice.ask(survey_id=row.pk, result=result, at=at, **{**said, **changes})


def link(row: Survey, at: datetime) -> str:
    return asked(row, at, "link").secret


def test_whoever_spoke_with_them_last_asks(survey: Survey, at: datetime) -> None:
    assert (survey.about, survey.owner, survey.team) == (
        "police",
        person("officer_b"),
        team("response"),
    )
    clock = Deadline.objects.get(kind="survey")
    assert (clock.owner, clock.due_at) == (person("officer_b"), at + 14 * DAY)


def test_open_again_before_it_is_asked_it_falls_away(survey: Survey, at: datetime) -> None:
    victim = survey.victim
    open_again(victim_id=victim.pk, reason="A call", actor=person("supervisor"), at=at + DAY)
    survey.refresh_from_db()
    assert (survey.state, survey.reason) == ("no_answer", "The case is open again")
    assert not Deadline.objects.open().filter(kind="survey").exists()
    again = ended(victim, at + 2 * DAY)
    assert again != survey


def test_what_waits_to_be_asked_holds_no_closing_up(survey: Survey, at: datetime) -> None:
    Survey.objects.filter(pk=survey.pk).update(about="adviser")
    open_again(victim_id=survey.victim_id, reason="A call", actor=person("supervisor"), at=at + DAY)
    assert Deadline.objects.open().filter(kind="survey").exists()
    assert ended_about_police(survey.victim, at + 2 * DAY)


def ended_about_police(victim: Victim, at: datetime) -> bool:
    close_case(victim_id=victim.pk, reason="Settled", actor=person("supervisor"), at=at)
    return Survey.objects.filter(victim=victim, about="police", state="to_ask").exists()


def test_answered_in_a_contact(survey: Survey, at: datetime) -> None:
    done = asked(survey, at + DAY, words=WORDS).survey
    done.refresh_from_db()
    assert (done.state, done.answers, done.words) == ("answered", ANSWERS, WORDS)
    contact = Contact.objects.latest("pk")
    assert (done.contact, contact.outcome) == (contact, "reached")
    assert Deadline.objects.get(kind="survey").state == "met"
    kept = list(AuditEvent.objects.values_list("headline", "detail"))
    assert WORDS not in str(kept)
    with pytest.raises(AlreadyTaken):
        asked(survey, at + 2 * DAY, actor=person("worker"))


def test_the_gate_of_the_safe_contact_holds_here_too(survey: Survey, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(survey, at + DAY, how=how(way="call"))
    assert refused.value.field == "other_way_reason"
    record_safe_contact(
        victim_id=survey.victim_id,
        method="none",
        number="",
        hours="",
        code_word="",
        may_leave_voicemail=False,
        notes="",
        version=1,
        actor=person("officer"),
        at=at + HOUR,
    )
    with pytest.raises(Stale):
        asked(survey, at + DAY)
    survey.refresh_from_db()
    assert survey.state == "to_ask"
    assert survey.answers == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": "perhaps"}, "result"),
        ({"answers": {}}, "heard"),
        ({"answers": {"told": 6}}, "told"),
        ({"answers": {"told": "4"}}, "told"),
        ({"answers": {"told": True}}, "told"),
        ({"words": "x" * 3_001}, "words"),
        ({"result": "not_reached"}, "outcome"),
        ({"how": voice.How(way="third_party", seen=1)}, "way"),
    ],
)
def test_what_is_no_answer_is_refused(
    survey: Survey, at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(survey, at + DAY, **changes)
    assert refused.value.field == field
    assert Contact.objects.count() == 1


def test_not_reached_it_is_asked_again(survey: Survey, at: datetime) -> None:
    asked(survey, at + DAY, "not_reached", how=how(outcome="no_answer"))
    survey.refresh_from_db()
    assert survey.state == "to_ask"
    assert Contact.objects.latest("pk").outcome == "no_answer"
    assert asked(survey, at + 2 * DAY, "declined").survey.state == "declined"


def test_a_form_sent_twice_asks_once(survey: Survey, at: datetime) -> None:
    once = how()
    first = asked(survey, at + DAY, how=once).survey
    assert asked(survey, at + DAY, how=once).survey == first
    assert Contact.objects.count() == 2


def test_not_asked_says_why(survey: Survey, at: datetime) -> None:
    said: dict[str, Any] = {"survey_id": survey.pk, "actor": person("officer_b"), "at": at + DAY}
    with pytest.raises(InvalidInput):
        voice.not_asked(state="not_safe", reason=" ", **said)
    with pytest.raises(InvalidInput):
        voice.not_asked(state="answered", reason="So.", **said)
    for _ in range(2):
        voice.not_asked(state="not_safe", reason="He reads her telephone.", **said)
    survey.refresh_from_db()
    assert (survey.state, survey.reason) == ("not_safe", "He reads her telephone.")
    with pytest.raises(DomainError):
        voice.not_asked(state="no_answer", reason="Other", **said)


def test_who_may_ask(survey: Survey, at: datetime) -> None:
    for who in set(PEOPLE) - ASKERS:
        with pytest.raises(PermissionDenied):
            asked(survey, at + DAY, actor=person(who))
        with pytest.raises(PermissionDenied):
            voice.not_asked(
                survey_id=survey.pk, state="not_safe", reason="No", actor=person(who), at=at
            )


# --- The link ------------------------------------------------------------------------------------


def test_of_the_links_secret_only_a_digest_is_kept(survey: Survey, at: datetime) -> None:
    secret = link(survey, at + DAY)
    survey.refresh_from_db()
    assert len(secret) >= 22
    assert (survey.state, survey.link_digest) == ("link_given", digest_of(secret))
    assert survey.link_until == at + DAY + timedelta(days=28)
    kept = [*AuditEvent.objects.values(), *Contact.objects.values(), *Survey.objects.values()]
    assert secret not in str(kept)
    assert Deadline.objects.get(kind="survey").state == "met"
    other = link(survey, at + 2 * DAY)
    assert voice.behind_link(secret, at + 2 * DAY) is None
    assert voice.behind_link(other, at + 2 * DAY) == survey


def test_answered_by_the_link_once_and_in_time(survey: Survey, at: datetime) -> None:
    secret = link(survey, at + DAY)
    answer = {"secret": secret, "answers": ANSWERS, "words": WORDS}
    assert voice.answer_by_link(**answer, at=at + 30 * DAY) is None  # type: ignore[arg-type]
    assert voice.answer_by_link(secret="x", answers=ANSWERS, words="", at=at + DAY) is None
    done = voice.answer_by_link(**answer, at=at + 2 * DAY)  # type: ignore[arg-type]
    assert done is not None
    again = voice.answer_by_link(secret=secret, answers={}, words="Other", at=at + 3 * DAY)
    assert again is not None
    again.refresh_from_db()
    assert (again.words, again.settled_at, again.settled_by) == (WORDS, at + 2 * DAY, None)


def test_links_whose_time_is_over_are_settled(survey: Survey, at: datetime) -> None:
    link(survey, at + DAY)
    actor = User.objects.system()
    assert voice.end_links_over(actor=actor, at=at + 28 * DAY) == 0
    assert voice.end_links_over(actor=actor, at=at + 30 * DAY) == 1
    survey.refresh_from_db()
    assert survey.state == "no_answer"


def test_the_page_behind_the_link_tells_nothing(
    survey: Survey, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = link(survey, at + DAY)
    monkeypatch.setattr("core.clock.now", lambda: at + 2 * DAY)
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/v/{secret}/")
    shown = page.content.decode().lower()
    victim = survey.victim
    telling = ["police", "abuse", "victim", "lodestar -", "officer", "adviser", victim.reference]
    telling += [victim.person.given_name, victim.person.family_name]
    assert not [word for word in telling if word.lower() in shown]
    assert "<title>a few questions</title>" in shown
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    assert client.post(f"/v/{secret}/", {}).status_code == 400
    for _ in range(2):
        done = client.post(f"/v/{secret}/", {"heard": "5", "said": WORDS})
        assert (done.status_code, done.cookies) == (200, {})
        assert "Thank you" in done.content.decode()
    survey.refresh_from_db()
    assert survey.answers == {"heard": 5}
    unknown, over = client.get("/v/nothing/"), client.get(f"/v/{'x' * 400}/")
    assert (unknown.status_code, unknown.content) == (over.status_code, over.content)
    monkeypatch.setattr("core.clock.now", lambda: at + 40 * DAY)
    assert "Thank you" in client.get(f"/v/{secret}/").content.decode()


# --- Pages ---------------------------------------------------------------------------------------


def test_by_the_page_it_is_listed_asked_and_the_link_is_shown_once(
    survey: Survey, at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.now", lambda: at + DAY)
    client = sign_in("officer_b")
    assert survey.victim.reference in client.get("/voice/asked/?whose=mine").content.decode()
    page = f"/voice/asked/{survey.victim.reference}/"
    form = client.get(page).context["form"]
    said = {"key": str(form["key"].value()), "seen": "1", "way": "text", "survey": survey.pk}
    refused = client.post(page, {**said, "result": "", "said": "Not to be lost."})
    assert refused.status_code == 400
    assert "Not to be lost." in refused.content.decode()
    given = client.post(page, {**said, "result": "link"})
    assert given.status_code == 200
    secret = given.context["address"].rstrip("/").rsplit("/", 1)[1]
    assert Client().get(f"/v/{secret}/").status_code == 200
    assert "is shown this once" in given.content.decode()
    assert client.post(page, {**said, "result": "link"}).status_code == 302
    assert Contact.objects.count() == 2


def test_by_the_page_it_is_not_asked(
    survey: Survey, at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.now", lambda: at + DAY)
    client = sign_in("officer_b")
    page = f"/voice/asked/{survey.victim.reference}/"
    said = {"act": "not_asked", "survey": survey.pk, "state": "not_safe"}
    assert client.post(page, {**said, "reason": ""}).status_code == 400
    assert client.post(page, {**said, "reason": "He reads it."}).status_code == 302
    assert survey.victim.reference not in client.get("/voice/asked/?whose=all").content.decode()

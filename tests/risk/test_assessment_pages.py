"""The officer's page of an assessment, with script and without, and its autosave."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from core import clock
from risk.models import Assessment
from tests.factories import risk as make
from tests.risk.helpers_pages import text, typed, url

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


@pytest.fixture
def now() -> datetime:
    """An hour ago: pages read the real clock."""
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def draft(now: datetime) -> Assessment:
    return make.draft(now)


# --- The officer's page --------------------------------------------------------------------------


def test_the_page_says_why_and_how_long(draft: Assessment, sign_in: SignIn) -> None:
    words = text(sign_in("officer").get(url("assess", draft)))
    assert "Due because: every domestic incident. 6 h 59 min left" in words
    assert "0 of 27" in words
    assert "not the official wording" in words
    for title in ("1-5 Now", "16-20 Violence and threats", "Stalking and harassment"):
        assert title in words


def test_without_script_everything_is_there(draft: Assessment, sign_in: SignIn) -> None:
    page = sign_in("officer").get(url("assess", draft)).content.decode()
    assert page.count('type="radio"') == 4 * (27 + 11 + 10 + 6) + 3
    assert 'data-opens-when="q04=yes,q20=yes"' in page
    assert 'data-opens-when="q18=yes"' in page
    assert "Offer medical help even with no marks." in page
    assert "hidden>" not in page.split("<form id")[1].split("</form>")[0]


def test_what_was_yes_last_time_is_marked(now: datetime, sign_in: SignIn) -> None:
    victim = make.a_victim(now)
    then = now - timedelta(days=70)
    make.submitted(then, "q18", victim=victim)
    row = make.draft(now, victim=victim)
    page = sign_in("officer").get(url("assess", row)).content.decode()
    assert page.count(f"yes in {clock.local(then):%B}") == 1


def test_saving_without_script(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    answer = client.post(
        url("assess", draft), typed(draft, "q18", q18_words="Both hands.", judged_grade="high")
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.answers["q18"]["words"]) == ("draft", "Both hands.")
    words = text(client.get(url("assess", draft)))
    assert "1 yes so far. Suggests at least High because of strangulation" in words
    assert "27 of 27" in words


def test_submitting(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    sent = typed(draft, "q17", judged_grade="high", judged_reason="She believes him.")
    done = client.post(url("submit", draft), sent, follow=True)
    draft.refresh_from_db()
    assert (draft.state, draft.grade) == ("submitted", "high")
    words = text(done)
    assert "Submitted: High counts from now on." in words
    assert "<textarea" not in done.content.decode()
    again = client.post(url("submit", draft), sent, follow=True)
    assert "waits for review" in text(again)


def test_a_refused_submission_keeps_what_was_typed(draft: Assessment, sign_in: SignIn) -> None:
    sent = typed(draft, "q17", q17_words="I'll finish it", judged_reason="")
    sent.pop("q09")
    refused = sign_in("officer").post(url("submit", draft), sent)
    assert refused.status_code == 400
    words = text(refused)
    assert "3 things need putting right" in words
    assert "9 Pregnant, or a baby under 18 months: Not answered yet" in words
    assert "I'll finish it" in words
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert draft.answers["q17"]["words"] == "I'll finish it"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"q01": "perhaps"}, "Answer with one of"),
        ({"q01_words": "a\x08b"}, "cannot be typed"),
        ({"q01_words": "x" * 5_000}, "the most is 4,000"),
        ({"q01_source": "rumour"}, "The source is one of"),
        ({"q99": "yes"}, "no topic of this code"),
        ({"judged_grade": "very_high"}, "Judge standard, medium or high"),
        ({"judged_reason": "x" * 10_001}, "the most is 10,000"),
        ({"version": "many"}, "changed in another window"),
        ({"version": ""}, "changed in another window"),
    ],
)
@pytest.mark.parametrize("name", ["assess", "submit", "keep"])
def test_bad_input_is_refused_with_words(
    draft: Assessment, sign_in: SignIn, name: str, change: dict[str, str], words: str
) -> None:
    sent = typed(draft, q02_words="Kept as typed.") | change
    refused = sign_in("officer").post(url(name, draft), sent)
    assert refused.status_code in {400, 409}
    if name == "keep":
        assert words in refused.json()["detail"]
    else:
        assert words in text(refused)
        assert "Kept as typed." in text(refused)
    draft.refresh_from_db()
    assert (draft.answers, draft.version) == ({}, 1)


def test_a_stale_page_shows_both_versions(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    client.post(f"{url('keep', draft)}?page=one", typed(draft, "q22"))
    refused = client.post(f"{url('assess', draft)}?page=two", typed(draft, "q23"))
    assert refused.status_code == 409
    words = text(refused)
    assert "22 Has harmed an animal Yes No" in words
    assert 'name="version" value="2"' in refused.content.decode()


# --- Autosave ------------------------------------------------------------------------------------


def test_autosave_answers_with_what_follows(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    answer = client.post(
        f"{url('keep', draft)}?page=one",
        {"version": 1, "q18": "yes", "q18_words": "", "q04": "dont_know"},
        headers={"Accept": "application/json"},
    )
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"kept_at", "version", "fragments"}
    assert body["version"] == 2
    assert datetime.fromisoformat(body["kept_at"]).tzinfo is not None
    assert "strangulation" in body["fragments"]["#suggestion"]
    assert "find out: 4" in body["fragments"]["#suggestion"]
    assert "2 of 27" in body["fragments"]["#answered"]


def test_the_same_page_may_try_again_and_another_may_not(
    draft: Assessment, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    for page, status in (("one", 200), ("one", 200), ("two", 409), ("one", 200)):
        answer = client.post(f"{url('keep', draft)}?page={page}", {"version": 1, "q01": "yes"})
        assert answer.status_code == status
    draft.refresh_from_db()
    assert draft.version == 4


def test_autosave_after_submission_is_told(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    before = row.answers
    answer = sign_in("officer").post(url("keep", row), {"version": row.version, "q18": "no"})
    assert answer.status_code == 409
    assert "waits for review" in answer.json()["detail"]
    row.refresh_from_db()
    assert row.answers == before


def test_autosave_by_somebody_else_is_refused(draft: Assessment, sign_in: SignIn) -> None:
    answer = sign_in("officer_b").post(url("keep", draft), {"version": 1, "q18": "no"})
    assert answer.status_code == 403
    assert "were there" in answer.json()["detail"]

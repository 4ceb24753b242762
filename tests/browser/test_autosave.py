"""What is typed stays: reloads, lost signal, ended sessions, second windows, double presses."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from deadlines.sweep import sweep
from incidents.models import CallDraft, Incident
from risk.models import Assessment
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer, answer_the_rest, wait_until_kept, write
from tests.factories import risk
from tests.marks import committed
from tests.personas import PASSWORD, person

pytestmark = [pytest.mark.browser, committed]

STATUS = "[data-autosave-status]"
COPIES = "Object.keys(localStorage).filter(name => name.startsWith('lodestar:autosave:'))"


@pytest.fixture
def assessment(transactional_db: None) -> Assessment:
    """One that PC Hale has before them."""
    made = risk.draft(timezone.now(), officer=person("officer"))
    sweep(at=timezone.now())
    return made


@pytest.fixture
def on_the_form(as_person: SignIn, assessment: Assessment) -> Callable[[], Page]:
    """Opens the assessment in a browser of its own, on a telephone."""

    def opened() -> Page:
        page = as_person("officer", size=TELEPHONE)
        page.goto(f"/assessments/{assessment.reference}/")
        return page

    return opened


def words_on_record(assessment: Assessment) -> str:
    assessment.refresh_from_db()
    return str(assessment.answers.get("q18", {}).get("words", ""))


def wait_on_record(page: Page, assessment: Assessment, words: str) -> None:
    """Wait until the server holds these words about topic 18."""
    for _ in range(50):
        if words_on_record(assessment) == words:
            return
        page.wait_for_timeout(100)
    assert words_on_record(assessment) == words


def test_no_signal_while_typing(
    on_the_form: Callable[[], Page], assessment: Assessment, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = on_the_form()
    answer(page, re.compile("^18 "), "Yes")
    wait_until_kept(page)
    page.context.set_offline(True)
    page.locator("#id_q18_words").fill("By the neck, in March.")
    expect(page.locator(STATUS)).to_contain_text("no connection")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(STATUS)).to_contain_text("was not sent")
    assert words_on_record(assessment) == ""
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text(re.compile("Kept .*: the signal is back"))
    assert words_on_record(assessment) == "By the neck, in March."
    assert page.evaluate(COPIES) == []


def test_reload_in_the_middle_of_a_word(
    on_the_form: Callable[[], Page], assessment: Assessment, complaints: Complaints
) -> None:
    complaints.expect("status of 409")  # what the page before sent may arrive first
    page = on_the_form()
    answer(page, re.compile("^18 "), "Yes")
    for words in ("By the ne", "By the neck, in Ma", "By the neck, in March."):
        page.locator("#id_q18_words").fill(words)
        page.reload()
        expect(page.locator("#id_q18_words")).to_have_value(words)
    page.locator("#id_q18_words").fill("By the neck, in March, twice.")
    wait_on_record(page, assessment, "By the neck, in March, twice.")
    wait_until_kept(page)
    assert page.evaluate(COPIES) == []


def test_reload_before_the_last_words_arrived(
    on_the_form: Callable[[], Page], assessment: Assessment, complaints: Complaints
) -> None:
    """The new page is there before what the old one sent on leaving: nobody else wrote it."""
    complaints.expect("ERR_FAILED")
    complaints.expect("status of 409")
    page = on_the_form()
    page.context.route("**/keep/**", lambda route: route.abort())
    answer(page, re.compile("^18 "), "Yes")
    page.locator("#id_q18_words").fill("By the neck.")
    page.reload()
    expect(page.locator("#id_q18_words")).to_have_value("By the neck.")
    wait_on_record(page, assessment, "By the neck.")
    page.context.unroute("**/keep/**")
    page.locator("#id_q18_words").fill("By the neck, in March.")
    wait_on_record(page, assessment, "By the neck, in March.")


def test_an_ended_session_keeps_a_copy(
    on_the_form: Callable[[], Page], assessment: Assessment, complaints: Complaints
) -> None:
    complaints.expect("status of 401")
    page = on_the_form()
    answer(page, re.compile("^18 "), "Yes")
    wait_until_kept(page)
    Session.objects.all().delete()
    page.locator("#id_q18_words").fill("By the neck, in March.")
    expect(page.locator(STATUS)).to_contain_text("your session has ended")
    assert words_on_record(assessment) == ""
    page.locator(STATUS).get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("officer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#id_q18_words")).to_have_value("By the neck, in March.")
    wait_on_record(page, assessment, "By the neck, in March.")


def test_a_second_window_is_told_and_overwrites_nothing(
    on_the_form: Callable[[], Page], assessment: Assessment, complaints: Complaints
) -> None:
    complaints.expect("status of 409")
    first, second = on_the_form(), on_the_form()
    answer(first, re.compile("^18 "), "Yes")
    first.locator("#id_q18_words").fill("Written in the first window.")
    wait_until_kept(first)
    answer(second, re.compile("^18 "), "No")
    expect(second.locator(STATUS)).to_contain_text("Not kept")
    assert words_on_record(assessment) == "Written in the first window."
    second.reload()
    expect(second.get_by_text("Compare before you choose")).to_be_visible()
    expect(second.locator("#id_q18_words")).to_have_value("Written in the first window.")


def test_two_presses_submit_once(on_the_form: Callable[[], Page], assessment: Assessment) -> None:
    page = on_the_form()
    answer_the_rest(page)
    answer(page, re.compile("judgement"), "Medium")
    page.locator("#id_judged_reason").fill("She is afraid to go home.")
    page.get_by_role("button", name="Submit").dblclick()
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    assessment.refresh_from_db()
    assert assessment.state == "submitted"
    assert page.evaluate(COPIES) == []


def test_two_presses_log_one_call_and_back_leads_to_it(as_person: SignIn) -> None:
    sweep(at=timezone.now())
    page = as_person("handler")
    page.goto("/calls/new/")
    write(page, "What is happening, in their words", "Shouting next door.")
    page.get_by_role("button", name="Log call and send").dblclick()
    page.wait_for_url(re.compile(r"/incidents/DA-"))
    logged = Incident.objects.get()
    page.go_back()
    page.wait_for_url(re.compile(f"/incidents/{logged.reference}/"))
    assert Incident.objects.count() == 1
    assert CallDraft.objects.count() == 1


def test_keys_answer_search_and_log(as_person: SignIn) -> None:
    sweep(at=timezone.now())
    page = as_person("handler")
    page.goto("/calls/new/")
    page.locator("#id_q_danger_1").focus()
    page.keyboard.press("y")
    expect(page.locator("#id_q_danger_0")).to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#id_q_danger_2")).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.locator("#id_narrative").press_sequentially("Y/n? Shouting.")
    expect(page.locator("#id_narrative")).to_have_value("Y/n? Shouting.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/incidents/DA-"))
    assert Incident.objects.get().answers["danger"] == "dont_know"

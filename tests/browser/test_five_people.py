"""One call as five people live it: logged, attended, assessed, reviewed, referred and finished.

Each of them signs in through the real page, in a browser of their own.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deadlines.models import Deadline, Notification, Sweep
from deadlines.sweep import sweep
from incidents.models import CallDraft, Incident
from referrals.models import Referral
from risk.models import Assessment
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer, answer_the_rest, row_of, wait_until_kept, write
from tests.browser.records import history
from tests.browser.scene import all_but_the_allegation, unfold
from tests.factories import referrals
from tests.factories.dispatch import on_duty
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]

NARRATIVE = "He's back, he's outside banging on the door, he said he'd finish it."


@pytest.fixture
def county(transactional_db: None) -> list[Incident]:
    """Three earlier calls of Siobhán O'Neill about Darren Pike; the clocks are watched."""
    for username in PEOPLE:
        person(username)
    earlier = history(timezone.now())
    on_duty(at=timezone.now())
    sweep(at=timezone.now())
    referrals.an_agency()
    return earlier


def test_five_people_and_one_call(
    enter: SignIn, county: list[Incident], complaints: Complaints
) -> None:
    complaints.expect("status of 400")  # the call without words for another grade
    complaints.expect("status of 409")  # the worker who comes second
    reference = log_the_call(enter("handler"), county)
    officer = enter("officer", size=TELEPHONE)
    attend(officer, reference)
    assess(officer, reference)
    review(enter("supervisor"))
    work_on_the_referral(enter("worker"), enter("worker_b"))


def log_the_call(page: Page, county: list[Incident]) -> str:
    """The call handler's part. Gives the incident's reference."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Log a call")
    write(page, "Telephone", "07700 900417")
    write(page, "Caller's name", "Shevaun Oneil")
    before = page.locator("#before")
    expect(before).to_contain_text(county[-1].reference)
    expect(before).to_contain_text("same number")
    expect(before).to_contain_text("O'Neill sounds like Oneil")
    expect(before).to_contain_text("High")
    write(page, "What is happening, in their words", NARRATIVE)
    answer(page, "Are you, or is anyone, in danger now?", "Yes")
    answer(page, "Where is the person you are afraid of?", "Here")
    expect(page.locator("#known .grade.g-v")).to_have_text("Immediate")
    expect(page.locator("#known")).to_contain_text("fourth incident in 12 months")
    wait_until_kept(page)

    page.reload()
    expect(page.locator("main").get_by_label("Caller's name")).to_have_value("Shevaun Oneil")
    expect(page.locator("#id_narrative")).to_have_value(NARRATIVE)
    expect(page.locator("#id_q_danger_0")).to_be_checked()
    expect(page.locator("#before")).to_contain_text(county[-1].reference)

    name_the_people(page)
    page.get_by_text("Choose another grade and say why").click()
    page.locator("#id_grade").select_option("priority")
    page.get_by_role("button", name="Log call and send").click()
    expect(page.locator("[data-errors]")).to_contain_text("Say why")
    expect(page.locator("#id_narrative")).to_have_value(NARRATIVE)
    write(page, "Why another grade", "A patrol is in the street and reports that he has gone.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/incidents/DA-\d{4}-\d{6}/"))
    logged = Incident.objects.latest("pk")
    expect(page.get_by_text("Suggested was immediate")).to_be_visible()
    send_officers(page, logged)
    return logged.reference


def name_the_people(page: Page) -> None:
    """The victim is recognised and said to be the same; the other is named anew."""
    victim = page.locator("#person-0")
    victim.get_by_label("Given name").fill("Shevaun")
    victim.get_by_label("Family name").fill("Oneil")
    expect(victim.get_by_text("Siobhán O'Neill")).to_be_visible()
    victim.get_by_label(re.compile("Siobhán O'Neill")).check()
    other = page.locator("#person-1")
    other.get_by_label("Given name").fill("Darren")
    other.get_by_label("Family name").fill("Pike")
    other.get_by_label(re.compile("Darren Pike")).check()
    wait_until_kept(page)


def send_officers(page: Page, incident: Incident) -> None:
    page.get_by_label(re.compile("PC 2210 T. Hale")).check()
    page.get_by_label(re.compile("PC 3015 L. Moss")).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Sent: PC 2210 T. Hale, PC 3015 L. Moss.")).to_be_visible()
    assert (
        list(incident.involvements.order_by("pk").values_list("recognised_by", flat=True))
        == ["the call handler said who this is"] * 2
    )


def attend(page: Page, reference: str) -> None:
    """The officer reads the briefing on the way, arrives, and records what was done."""
    expect(page.get_by_role("heading", level=1)).to_have_text("My incidents")
    card = page.locator("section.card").filter(has_text=reference)
    card.get_by_role("link", name=re.compile("riefing")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Briefing")
    expect(page.locator("main")).to_contain_text(NARRATIVE)
    expect(page.locator("main")).to_contain_text("Darren Pike")
    page.get_by_role("button", name="I have arrived").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First response")
    all_but_the_allegation(page)
    wait_until_kept(page)
    page.reload()
    unfold(page, "People and what they said")
    expect(page.locator("#id_account")).to_have_value("A chair lay on the floor.")
    unfold(page, "Counter-allegation")
    answer(page, re.compile("accuses the victim"), "No")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The first response is recorded.")).to_be_visible()


def assess(page: Page, reference: str) -> None:
    """The officer asks, the follow-up set opens, the suggestion runs along, judgement is theirs."""
    page.goto("/my-incidents/")
    card = page.locator("section.card").filter(has_text=reference)
    card.get_by_role("link", name=re.compile("[Rr]isk")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Risk assessment")
    expect(page.get_by_text("Due because")).to_be_visible()
    stalking = page.locator("#section-stalking")
    expect(stalking).to_be_hidden()
    answer(page, re.compile("^8 "), "Yes")
    expect(stalking).to_be_visible()
    answer(page, re.compile("^18 "), "Yes")
    expect(page.locator("#suggestion")).to_contain_text("because of strangulation")
    page.locator("#id_q18_words").fill("He held her by the neck in March.")
    wait_until_kept(page)
    page.reload()
    expect(page.locator("#id_q18_0")).to_be_checked()
    expect(page.locator("#id_q18_words")).to_have_value("He held her by the neck in March.")
    expect(page.locator("#suggestion")).to_contain_text("2 yes so far")

    answered = answer_the_rest(page)
    assert answered >= 25 + 11, "every topic, and the eleven about stalking"
    answer(page, re.compile("judgement"), "High")
    page.locator("#id_judged_reason").fill("Strangled once, followed since she left.")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    submitted = Assessment.objects.get(incident__reference=reference)
    assert (submitted.state, submitted.grade) == ("submitted", "high")
    assert Referral.objects.get(assessment=submitted).submitted_at == submitted.submitted_at


def review(page: Page) -> None:
    """The supervisor finds it in the queue, sees what came before, and agrees."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Reviews waiting")
    row = row_of(page, "Siobhán O'Neill")
    expect(row).to_contain_text("strangulation")
    row.get_by_role("link").first.click()
    beside = page.locator("main")
    expect(beside).to_contain_text("Earlier assessments")
    expect(beside).to_contain_text("Since the last assessment")
    expect(beside).to_contain_text("4 in all")
    answer(page, re.compile("Decision"), "Accept")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reviews waiting")
    expect(row_of(page, "Siobhán O'Neill")).to_have_count(0)


def work_on_the_referral(page: Page, late_comer: Page) -> None:
    """It is in the queue by itself; one worker has it, the other is told who."""
    row = row_of(page, "Siobhán O'Neill")
    expect(row).to_contain_text(re.compile(r"71 h \d\d min left"))
    expect(row).to_contain_text("High")
    expect(row_of(late_comer, "Siobhán O'Neill")).to_contain_text("nobody")
    row.get_by_role("button", name=re.compile("^Claim")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siobhán O'Neill")
    row_of(late_comer, "Siobhán O'Neill").get_by_role("button", name=re.compile("^Claim")).click()
    expect(late_comer.get_by_text(re.compile("M. Castellanos has"))).to_be_visible()

    page.get_by_role("link", name="Share with an agency").click()
    page.get_by_label("Agency").select_option(label="Fenwick Housing")
    page.get_by_label("What happened").check()
    page.get_by_label("Risk grade and reasons").check()
    page.get_by_label("Why they need to know").fill("She asks to be moved.")
    page.get_by_label("Lawful basis").select_option("public_task")
    page.get_by_label("Given", exact=True).check()
    page.get_by_role("button", name="Record as shared").click()
    expect(page.locator("main")).to_contain_text("Fenwick Housing")
    page.get_by_label("Shared, and offered an IDVA").check()
    page.get_by_label("What was decided").fill("R. Amadi rings her tomorrow at ten.")
    page.get_by_role("button", name="Finish this referral").click()
    expect(page.locator("main")).to_contain_text("Finished")
    finished = Referral.objects.latest("pk")
    assert (finished.state, finished.sharings.count()) == ("completed", 1)
    assert Deadline.objects.get(kind="referral", subject_id=finished.pk).state == "met"


def test_a_breach_reaches_named_people_and_met_late_stays(
    enter: SignIn, complaints: Complaints
) -> None:
    complaints.expect("status of 400")  # finished late without words
    now = timezone.now()
    for username in PEOPLE:
        person(username)
    late = referrals.claimed(referrals.a_referral(now - timedelta(hours=80)), now)
    sweep(at=now)
    assert Notification.objects.filter(user=person("manager"), level="breach").count() == 1
    manager = enter("manager")
    manager.get_by_role("link", name=re.compile("Waiting for you")).click()
    new = manager.locator("section").filter(has=manager.get_by_role("heading", name="New"))
    expect(new).to_contain_text("Out of time")
    expect(new).to_contain_text(late.reference)

    worker = enter("worker")
    worker.goto(f"/referrals/{late.reference}/")
    worker.get_by_label("Named owner for contact and safety plan").check()
    worker.get_by_label("What was decided").fill("D. Marsh rings her each Monday.")
    worker.get_by_role("button", name="Finish this referral").click()
    expect(worker.locator("[data-errors]")).to_contain_text("It is over its time")
    worker.get_by_label("What made it late").select_option("other")
    worker.get_by_label("Why it took longer").fill("Nobody was on duty.")
    worker.get_by_role("button", name="Finish this referral").click()
    expect(worker.locator("main")).to_contain_text("Finished late")
    assert Deadline.objects.get(kind="referral").state == "met_late"


def test_every_page_says_when_nobody_watches_the_clocks(enter: SignIn) -> None:
    sweep(at=timezone.now())
    page = enter("worker")
    banner = page.get_by_text("Deadlines are not being watched")
    for address in ("/referrals/", "/waiting/", "/incidents/"):
        page.goto(address)
        expect(banner).to_have_count(0)
    Sweep.objects.all().delete()
    sweep(at=timezone.now() - timedelta(minutes=4))
    for address in ("/referrals/", "/waiting/", "/incidents/"):
        page.goto(address)
        expect(banner).to_be_visible()


def test_what_was_logged_leaves_no_draft(enter: SignIn) -> None:
    page = enter("handler")
    write(page, "What is happening, in their words", NARRATIVE)
    wait_until_kept(page)
    page.get_by_role("button", name="Log only").click()
    expect(page.get_by_text("is logged.")).to_be_visible()
    assert Incident.objects.get().draft == CallDraft.objects.get()
    expect(page.locator("#id_narrative")).to_have_value("")
    expect(page.get_by_text("Calls that you began and did not log")).to_have_count(0)

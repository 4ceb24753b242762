"""Takes the pictures of the README from a running demo: ``make demo``, then ``make screenshots``.

Signs in as the demo's people with Debian's Chromium, finds work in the state that each picture
needs by following the pages' own links, and writes PNGs into ``docs/screenshots``. The address is
the first argument, or ``LODESTAR_URL``, or the demo's own. It submits nothing; the call handler's
unfinished drafts are discarded, its own with them.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from demo.people import DEMO_PASSWORD  # noqa: E402
from tests.browser.chromium import LEFT_OUT, find_chromium  # noqa: E402

SHOTS = ROOT / "docs" / "screenshots"
DESKTOP = (1440, 1160)
TELEPHONE = (390, 844)
#: Bytes: pictures in a repository stay small.
LARGEST = 350_000

#: File name: (who, size of the window, what to do until the picture is there).
Shot = tuple[str, tuple[int, int], Callable[[Page], None]]


def _call(page: Page) -> None:
    """Prompts that follow the answers, the suggestion with its reasons, and what is known."""
    _discard_drafts(page)
    form = page.locator("#call")
    form.get_by_label("Telephone").fill("07700 900417")
    form.get_by_label("Caller's name").fill("Shevaun Oneil")
    page.get_by_text("Been here before").wait_for()
    for answer in ("#id_q_danger_0", "#id_q_whereabouts_0", "#id_q_strangled_0"):
        page.locator(f"label[for='{answer[1:]}']").click()
    page.get_by_text("Is your voice changed").wait_for()
    page.get_by_text("perpetrator present, danger now").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")


def _discard_drafts(page: Page) -> None:
    """Put the calls away that were begun for a picture."""
    page.goto("/calls/new/")
    while page.get_by_role("button", name="Discard").count():
        page.get_by_role("button", name="Discard").first.click()
        page.wait_for_load_state()


def _queue(page: Page) -> None:
    page.goto("/referrals/")


def _victim(page: Page) -> None:
    page.goto("/search/?q=07700+900417")
    victims = page.locator("main a[href^='/victims/']")
    victims.filter(has_text="Siobhán").first.click()


def _dash(page: Page) -> None:
    page.goto("/my-incidents/")
    page.locator("main a[href^='/assessments/']").first.click()


def _review(page: Page) -> None:
    page.goto("/reviews/?grade=high")
    links = page.locator("main tbody a[href^='/reviews/']")
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        page.goto(address)
        # One with something to compare: not the first assessment of its victim.
        if not page.get_by_text("This is the first one.").count():
            return


def _waiting(page: Page) -> None:
    page.goto("/waiting/")


def _board(page: Page) -> None:
    page.goto("/incidents/")


def _first_response(page: Page) -> None:
    """On the telephone, at the part where each accuses the other, with the aid in sight."""
    page.goto("/my-incidents/")
    links = page.locator("main a[href$='/first-response/']")
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        page.goto(address)
        part = page.locator("#section-counter")
        # The one that is not recorded yet.
        if page.get_by_role("button", name="Record", exact=True).count():
            break
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    part.locator("label").get_by_text("Yes", exact=True).first.click()
    page.locator("#aid").wait_for()
    part.scroll_into_view_if_needed()
    part.evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top + window.scrollY)")


def _resources(page: Page) -> None:
    page.goto("/resources/")


def _closures(page: Page) -> None:
    page.goto("/closures/")


def _closure(page: Page) -> None:
    """What an inspector decides on: the newest request about a victim who rang before."""
    page.goto("/closures/")
    rows = page.locator("main tbody tr")
    repeats = rows.filter(has_text="repeat:")
    chosen = repeats if repeats.count() else rows
    chosen.last.locator("a[href^='/incidents/']").first.click()
    page.wait_for_load_state()
    if not page.url.endswith("/closure/"):
        page.goto(f"{page.url.rstrip('/')}/closure/")


def _supervision(page: Page) -> None:
    page.goto("/supervision/")


def _non_crime(page: Page) -> None:
    page.goto("/non-crime-reviews/")
    page.locator("main tbody a[href^='/non-crime-reviews/']").first.click()


def _learning(page: Page) -> None:
    page.goto("/learning/results/")


def _exhibits(page: Page) -> None:
    """Those of yesterday at Tanglewood Court, whose closure was refused."""
    page.goto("/my-incidents/")
    cards = page.locator("main").locator("a[href^='/incidents/']")
    home = cards.filter(has_text="Tanglewood Court").first.get_attribute("href") or ""
    reference = home.split("/")[2]
    page.goto(f"/incidents/{reference}/exhibits/")


def _custody(page: Page) -> None:
    page.goto("/custody/")


def _reassess(page: Page) -> None:
    """Hers, after Darren Pike was bailed."""
    _victim(page)
    page.wait_for_load_state()
    page.locator("main a[href^='/reassessments/']").first.click()


def _contacts(page: Page) -> None:
    _victim(page)
    page.wait_for_load_state()
    page.get_by_role("link", name="Contacts").first.click()


def _serial(page: Page) -> None:
    page.goto("/serial/")


def _trigger_rules(page: Page) -> None:
    page.goto("/policy/trigger-rules/")


def _clients(page: Page) -> None:
    page.goto("/clients/")


def _case(page: Page) -> None:
    """A client who was reached already."""
    page.goto("/clients/")
    page.locator("main a[href^='/idva-cases/']").last.click()


def _shared(page: Page) -> None:
    """The newest thing that the agency was told."""
    page.goto("/shared/")
    page.locator("main a[href^='/shared/SH-']").first.click()


def _backlog(page: Page) -> None:
    page.goto("/backlog/?more=2")


def _voice(page: Page) -> None:
    page.goto("/voice/")


def _meeting(page: Page, part: str) -> None:
    """A part of the meeting that is under way: it stands first in the list."""
    page.goto("/marac/")
    first = page.locator("main tbody a[href^='/marac/meetings/']").first
    page.goto(f"{first.get_attribute('href')}{part}/")
    page.wait_for_load_state()


def _live(page: Page) -> None:
    _meeting(page, "live")


def _agenda(page: Page) -> None:
    _meeting(page, "agenda")


def _research(page: Page) -> None:
    _meeting(page, "research")


def _actions(page: Page) -> None:
    page.goto("/marac/actions/")


def _return(page: Page) -> None:
    page.goto("/marac/return/")


def _schools(page: Page) -> None:
    page.goto("/schools/")


SHOT_LIST: dict[str, Shot] = {
    "call": ("handler", DESKTOP, _call),
    "board": ("handler", DESKTOP, _board),
    "resources": ("handler", DESKTOP, _resources),
    "closures": ("inspector", DESKTOP, _closures),
    "closure": ("inspector", DESKTOP, _closure),
    "supervision": ("supervisor", DESKTOP, _supervision),
    "non-crime-review": ("supervisor", DESKTOP, _non_crime),
    "exhibits": ("officer", DESKTOP, _exhibits),
    "learning": ("head", DESKTOP, _learning),
    "queue": ("worker", DESKTOP, _queue),
    "victim": ("officer", DESKTOP, _victim),
    "dash": ("officer", TELEPHONE, _dash),
    "first-response": ("officer", TELEPHONE, _first_response),
    "review": ("supervisor", DESKTOP, _review),
    "custody": ("custody", DESKTOP, _custody),
    "reassess": ("officer", DESKTOP, _reassess),
    "contacts": ("officer", TELEPHONE, _contacts),
    "serial": ("investigator", DESKTOP, _serial),
    "trigger-rules": ("head", DESKTOP, _trigger_rules),
    "clients": ("idva", DESKTOP, _clients),
    "case": ("idva", TELEPHONE, _case),
    "shared": ("agency", DESKTOP, _shared),
    "backlog": ("manager", DESKTOP, _backlog),
    "voice": ("head", DESKTOP, _voice),
    "marac": ("chair", DESKTOP, _live),
    "agenda": ("coordinator", DESKTOP, _agenda),
    "research": ("coordinator", DESKTOP, _research),
    "actions": ("coordinator", DESKTOP, _actions),
    "return": ("analyst", DESKTOP, _return),
    "schools": ("worker", DESKTOP, _schools),
    "waiting": ("manager", DESKTOP, _waiting),
}


def sign_in(browser: Browser, address: str, username: str, size: tuple[int, int]) -> Page:
    """A window of this size in which the person is signed in."""
    width, height = size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/account/login/" not in url)
    return page


def take(browser: Browser, address: str, name: str) -> Path:
    """Take one picture; its path. Raises RuntimeError when it is too large to keep."""
    username, size, prepare = SHOT_LIST[name]
    page = sign_in(browser, address, username, size)
    prepare(page)
    page.wait_for_load_state("networkidle")
    if page.get_by_text("Something went wrong on our side").count():
        raise RuntimeError(f"{page.url} cannot be shown: see the log of the web server.")
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    if name == "call":
        _discard_drafts(page)
    page.context.close()
    if path.stat().st_size > LARGEST:
        raise RuntimeError(f"{path.name} has {path.stat().st_size} bytes; at most {LARGEST}.")
    return path


def main(arguments: list[str]) -> int:
    """Take all pictures. Returns the exit code."""
    address = arguments[0] if arguments else os.environ.get("LODESTAR_URL", "http://127.0.0.1:8000")
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(f"{LEFT_OUT}\n")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        for name in SHOT_LIST:
            path = take(browser, address, name)
            sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

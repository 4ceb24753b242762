"""What every page must be: free of axe's findings, named, and no wider than a small telephone."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: CSS pixels: WCAG 2.2's reflow width, the telephones that officers carry, a control-room screen.
WIDTHS = (1440, 390, 320)
AXE_WIDTHS = (1440, 320)
OPTIONS = {"resultTypes": ["violations"]}

_SCRIPT = Axe().axe_script
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What sticks out, to be named in the message; scrolling boxes may hold wide tables.
_STICKING_OUT = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(-3).map(one => one.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a page, in words that say where."""

    address: str
    width: int
    what: str

    def __str__(self) -> str:
        return f"{self.address} at {self.width} px: {self.what}"


def look_at(page: Page, address: str, *, axe_at: tuple[int, ...] = AXE_WIDTHS) -> list[Finding]:
    """Everything wrong with the page that is open, at every width; axe's findings at some."""
    found = [Finding(address, 0, words) for words in _unnamed(page)]
    page.evaluate(_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (pixels := page.evaluate(_WIDER)) > 0:
            which = page.evaluate(_STICKING_OUT)
            found.append(Finding(address, width, f"{pixels} px wider than the screen: {which}"))
        if width in axe_at:
            found += [Finding(address, width, words) for words in _violations(page)]
    return found


def _unnamed(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    wrong = [] if headings == 1 else [f"{headings} level-one headings"]
    if page.title().strip().startswith("-") or not page.title().strip():
        wrong.append(f"title is {page.title()!r}")
    return wrong


def _violations(page: Page) -> list[str]:
    result = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in result["violations"]
    ]

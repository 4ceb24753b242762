"""What is wrong on a page is summed up once, by the layout: no page says it a second time."""

from pathlib import Path

from django.conf import settings

SUMMARY = "components/errors.html"
#: The layout itself.
LAYOUT = "base.html"


def test_only_the_layout_sums_up_what_is_wrong() -> None:
    [folder] = [Path(one) for one in settings.TEMPLATES[0]["DIRS"]]
    twice = [
        str(page.relative_to(folder))
        for page in folder.rglob("*.html")
        if page.name != LAYOUT
        and SUMMARY in (words := page.read_text())
        and f'extends "{LAYOUT}"' in words
        and "block error_summary" not in words
    ]
    assert twice == []

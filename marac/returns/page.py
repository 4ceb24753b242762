"""The return as its page shows it."""

from typing import Any

from marac.returns import charts, tables
from marac.returns.shapes import Return


def of(found: Return) -> dict[str, Any]:
    """The context of the page. No query."""
    return {
        "now": found.at,
        "found": found,
        "year_lines": tables.year_lines(found.parts),
        "period_lines": tables.period_lines(found.parts),
        "whole": found.parts[0] if found.parts else found.whole,
        "kinds": [
            (tables.KINDS[kind], number)
            for kind, number in sorted(
                found.whole.year.by_kind.items(), key=lambda one: (-one[1], one[0])
            )
        ],
        "quarters_chart": charts.by_quarter(found.quarters),
        "rates_chart": charts.by_rate(found.conferences),
        "kinds_chart": charts.by_kind(found.whole),
        "completion_chart": charts.by_completion(found.agencies),
        "attendance_chart": charts.by_attendance(found.agencies),
    }

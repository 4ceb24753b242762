"""Areas and the teams that answer for them."""

from django.db import connection

from accounts.models import Area, Team
from core.prepared import Statement

_AREA = ("id", "name", "is_rural")
_TEAM = ("id", "name", "kind", "agency_id", "area_id", "supervisor_id")
_WITH_RESPONSE = Statement(
    "accounts_area_with_response",
    """
    SELECT a.id, a.name, a.is_rural, t.id, t.name, t.kind, t.agency_id, t.area_id, t.supervisor_id
    FROM accounts_area a LEFT JOIN accounts_team t ON t.area_id = a.id AND t.kind = %(kind)s
    WHERE a.id = %(area)s ORDER BY t.id LIMIT 1
    """,
    {"area": "bigint", "kind": "text"},
)


def with_response(area_id: int) -> tuple[Area, Team | None] | None:
    """An area and its response team, where it has one; none where there is no such area."""
    rows = _WITH_RESPONSE.rows({"area": area_id, "kind": Team.Kind.RESPONSE.value})
    if not rows:
        return None
    [row] = rows
    area = Area.from_db(connection.alias, _AREA, row[: len(_AREA)])
    if row[len(_AREA)] is None:
        return area, None
    return area, Team.from_db(connection.alias, _TEAM, row[len(_AREA) :])

"""What conferences ask of a partner agency, where its people begin."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from accounts.models import Agency, User
from marac import research
from marac.models import MaracAction
from referrals import agency_panels

ORDER = 10


def asked_of(agency: Agency, reader: User, at: datetime) -> dict[str, Any] | None:
    """Requests to return, actions due and statements to sign; None where there is nothing.

    Each with the first instant that it is due. Four queries at most.
    """
    to_return = (
        research.asked_of(reader).order_by().aggregate(count=Count("pk"), first=Min("due_at"))
    )
    actions = MaracAction.objects.visible_to(reader).open().filter(agency=agency)
    to_do = actions.aggregate(count=Count("pk"), first=Min("due_at"))
    unsigned = research.unsigned(reader)
    if not (to_return["count"] or to_do["count"] or unsigned):
        return None
    return {"to_return": to_return, "to_do": to_do, "unsigned": unsigned, "now": at}


agency_panels.register("main", ORDER, "marac/research/agency_panel.html", asked_of)

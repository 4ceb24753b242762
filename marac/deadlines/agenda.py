"""An agenda is out so many working days before its meeting."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import Meeting
from marac.services.agenda.watching import AGENDA


def still_owed(meeting_ids: Sequence[int]) -> set[int]:
    """Of these meetings, those that lie ahead and whose agenda is not out."""
    rows = Meeting.objects.filter(pk__in=meeting_ids, state=Meeting.State.PLANNED)
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=AGENDA,
        name="Agenda of a conference",
        subject_type="marac.meeting",
        url_name="marac:agenda",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(working_days=policy.marac_agenda_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_owed,
        runs_from="the meeting",
    )
)

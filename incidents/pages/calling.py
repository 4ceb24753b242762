"""What the call adds to the page of its incident: why this grade, and the rest that was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels
from incidents.grading import Grounds, grouped
from incidents.models import Incident
from incidents.permissions import may_log_calls


@dataclass(frozen=True)
class WholeCall:
    """The parts of a call that stand behind its narrative."""

    incident: Incident
    grounds: list[Grounds]
    set_aside: list[str]
    may_regrade: bool

    @property
    def has_more(self) -> bool:
        """Whether anything was taken down beside the narrative."""
        one = self.incident
        return bool(
            one.verbatim
            or one.background
            or one.source_detail
            or one.communication_needs
            or self.set_aside
        )


def whole_call(incident: Incident, reader: User, at: datetime) -> dict[str, Any]:
    """The call's panel; grading again is offered to the control room until it is closed."""
    call = WholeCall(
        incident=incident,
        grounds=grouped(incident.suggested_reasons),
        set_aside=[named.partition(":")[2] for named in incident.set_aside],
        may_regrade=incident.state != Incident.State.CLOSED and may_log_calls(reader),
    )
    return {"call": call}


panels.register(10, "incidents/_whole_call.html", whole_call)

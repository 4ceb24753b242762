"""The call on the page of its incident: why this grade, and all that was said."""

from dataclasses import dataclass

from accounts.models import User
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


def whole_call(incident: Incident, reader: User) -> WholeCall:
    """The call in words; grading again is offered to the control room until it is closed."""
    return WholeCall(
        incident=incident,
        grounds=grouped(incident.suggested_reasons),
        set_aside=[named.partition(":")[2] for named in incident.set_aside],
        may_regrade=incident.state != Incident.State.CLOSED and may_log_calls(reader),
    )

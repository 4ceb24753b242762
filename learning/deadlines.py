"""What must be done by when in this app."""

from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register
from learning.owed import still_owed

TEST = "learning"


def _none(_: ForcePolicy) -> Allowance:
    """The instant itself is the deadline: the assignment says it (`learning.due`)."""
    return Allowance()


register(
    Kind(
        code=TEST,
        name="Notice read and its test passed",
        subject_type="learning.assignment",
        url_name="learning:notice",
        allowance=_none,
        clock=Clock.FIXED,
        # Reminders and the end of the time go to the person, then whoever leads the team hears.
        ladder=((OWNER,), (TEAM_SUPERVISOR,)),
        source="the notice, or force policy for who is asked later",
        still_owed=still_owed,
    )
)

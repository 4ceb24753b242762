"""Cases: proposed, answered, added to, closed."""

from marac.services.cases.closing import close_case
from marac.services.cases.deciding import decide_case
from marac.services.cases.describing import DESCRIBED, describe_case
from marac.services.cases.proposing import propose, propose_by_rule

__all__ = ["DESCRIBED", "close_case", "decide_case", "describe_case", "propose", "propose_by_rule"]

"""Cases: proposed, answered, added to, closed."""

from marac.services.cases.closing import close_case
from marac.services.cases.deciding import decide_case
from marac.services.cases.proposing import propose, propose_by_rule

__all__ = ["close_case", "decide_case", "propose", "propose_by_rule"]

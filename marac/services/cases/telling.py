"""What is written down of each step of a case, and who is told."""

from victims.services.saying import Saying

DECIDE = "marac_decide"
_saying = Saying("marac_case", DECIDE)
record, tell = _saying.record, _saying.tell

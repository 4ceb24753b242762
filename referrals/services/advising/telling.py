"""What the IDVA service writes down of each step, and whom it tells."""

from victims.services.saying import Saying

ANSWER = "idva_answer"
FIRST_CONTACT = "idva_first_contact"
_saying = Saying("idva_case", ANSWER)
record, tell = _saying.record, _saying.tell

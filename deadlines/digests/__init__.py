"""One morning's summary for each person and team, acknowledged or told to whoever leads them."""

from deadlines.digests.answering import acknowledge, escalate
from deadlines.digests.making import make, make_if_due
from deadlines.digests.reading import answers, shown

__all__ = ["acknowledge", "answers", "escalate", "make", "make_if_due", "shown"]

"""A victim whom a conference hears, with their adviser and a safe way to reach them."""

from datetime import datetime, timedelta

from marac.models import Hearing
from tests.factories import advising, marac, victims

DAY = timedelta(days=1)


def on_an_agenda(at: datetime) -> Hearing:
    """In fourteen days; the victim has an adviser and may be reached by text."""
    case = marac.case(at - 3 * DAY)
    victims.safe_contact(case.victim)
    advising.accepted(at - DAY, victim=case.victim)
    return marac.hearing(marac.meeting(at + 14 * DAY), case)


def heard_before(ahead: Hearing, at: datetime) -> Hearing:
    """The same victim, heard a day ago."""
    return marac.heard(at - DAY, case=ahead.case)

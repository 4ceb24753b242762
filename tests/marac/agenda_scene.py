"""Cases and agendas for the tests of this room."""

from datetime import datetime, timedelta
from typing import Any

from marac import services
from marac.models import Hearing, MaracCase, Meeting, ResearchRequest
from tests.factories import marac
from tests.factories import victims as people
from tests.personas import person

DAY = timedelta(days=1)


def a_case(at: datetime, name: str = "Birch", **changes: Any) -> MaracCase:
    """A case accepted ten days ago, of somebody of that family name."""
    victim = people.victim(given_name="Ada", family_name=name, at=at - 11 * DAY, grade="high")
    return marac.case(at - 10 * DAY, victim=victim, **changes)


def listed(meeting: Meeting, case: MaracCase, at: datetime, **more: str) -> Hearing:
    return services.list_case(
        meeting_id=meeting.pk, case_id=case.pk, actor=person("coordinator"), at=at, **more
    )


def out(meeting: Meeting, at: datetime, *names: str) -> list[Hearing]:
    """The agenda went out with cases of these family names; everybody invited was asked."""
    rows = [listed(meeting, a_case(at, name), at) for name in names]
    services.send_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=at)
    return rows


def request(hearing: Hearing, kind: str = "housing") -> ResearchRequest:
    """What the agency of that kind was asked."""
    return ResearchRequest.objects.get(hearing=hearing, agency__kind=kind)

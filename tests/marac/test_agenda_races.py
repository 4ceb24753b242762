"""Two at once: each step happens once, and nobody is asked who must not know."""

from datetime import datetime

import victims.services
from audit.models import AuditEvent
from core.errors import AlreadyTaken, Stale
from deadlines.models import Deadline
from marac import services
from marac.models import Hearing, ResearchRequest
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, listed, out, request
from tests.marks import committed
from tests.personas import person, team
from tests.referrals.races import together


@committed
def test_two_list_the_same_case(at: datetime) -> None:
    """For one meeting it is listed once; for two meetings the second is told who was first."""
    meeting, other = marac.meeting(at + 20 * DAY), marac.meeting(at + 50 * DAY)
    case, second = a_case(at), a_case(at, "Elm")
    same = together(*[lambda: listed(meeting, case, at)] * 2)
    assert same[0] == same[1]
    assert AuditEvent.objects.filter(verb="hearing.listed").count() == 1
    done = together(lambda: listed(meeting, second, at), lambda: listed(other, second, at))
    assert sorted(type(one).__name__ for one in done) == ["AlreadyTaken", "Hearing"]
    positions = list(meeting.hearings.values_list("position", flat=True))
    assert len(positions) == len(set(positions))


@committed
def test_two_list_two_cases(at: datetime) -> None:
    meeting = marac.meeting(at + 20 * DAY)
    one, other = a_case(at), a_case(at, "Elm")
    together(lambda: listed(meeting, one, at), lambda: listed(meeting, other, at))
    assert set(meeting.hearings.values_list("position", flat=True)) == {1, 2}


@committed
def test_the_agenda_is_sent_twice(at: datetime) -> None:
    meeting = marac.meeting(at + 20 * DAY)
    hearing = listed(meeting, a_case(at), at)
    sender = person("coordinator")
    done = together(*[lambda: services.send_agenda(meeting_id=meeting.pk, actor=sender, at=at)] * 2)
    assert sum(isinstance(one, AlreadyTaken) for one in done) == 1
    assert ResearchRequest.objects.filter(hearing=hearing).count() == 3
    assert Deadline.objects.filter(kind="marac_research").count() == 3


@committed
def test_two_of_an_agency_answer_at_once(at: datetime) -> None:
    """One is kept; the other is shown both, and loses nothing."""
    meeting, partner = marac.meeting(at + 20 * DAY), person("agency")
    marac.attendance(meeting, partner, at=at)
    (hearing,) = out(meeting, at, "Birch")
    row = request(hearing)

    def answer(words: str) -> ResearchRequest:
        return services.return_research(
            research_id=row.pk, words=words, version=row.version, actor=partner, at=at
        )

    done = together(lambda: answer("Noise"), lambda: answer("Rent"))
    (refused,) = (one for one in done if isinstance(one, Stale))
    row.refresh_from_db()
    assert {row.words, refused.yours["words"]} == {"Noise", "Rent"}
    assert refused.theirs["words"] == row.words


@committed
def test_withheld_while_the_agenda_goes_out(at: datetime) -> None:
    """Whichever is first, an agency that must not know is asked nothing in the end."""
    meeting, manager = marac.meeting(at + 20 * DAY), person("manager")
    hearing, sender = listed(meeting, a_case(at), at), person("coordinator")
    agency = team("partner").agency
    done = together(
        lambda: services.send_agenda(meeting_id=meeting.pk, actor=sender, at=at),
        lambda: victims.services.withhold(
            victim_id=hearing.victim_id,
            agency_id=agency.pk,
            reason="A cousin",
            actor=manager,
            at=at,
        ),
    )
    assert not any(isinstance(one, Exception) for one in done), done
    assert not ResearchRequest.objects.asked().filter(agency=agency).exists()
    assert ResearchRequest.objects.asked().count() == 2
    assert Hearing.objects.get().state == Hearing.State.WAITING

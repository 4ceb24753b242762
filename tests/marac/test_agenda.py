"""Listing, ordering and taking off: the agenda of a meeting before it goes out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import victims.services
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from incidents.models import Involvement
from marac import services
from marac.events import MaracCaseClosed
from marac.models import Hearing, MaracCase, MaracFlag, Meeting
from tests.factories import marac, risk
from tests.factories import victims as people
from tests.marac.agenda_scene import DAY, a_case, listed
from tests.personas import PEOPLE, person

MAY_BUILD = {"coordinator"}


@pytest.fixture
def meeting(db: None, at: datetime) -> Meeting:
    """A monthly meeting in twenty days; its cut-off is in twelve."""
    return marac.meeting(at + 20 * DAY)


def order(meeting: Meeting) -> list[str]:
    rows = Hearing.objects.filter(meeting=meeting).exclude(state="taken_off")
    return list(rows.order_by("position").values_list("case__reference", flat=True))


def test_children_first_then_adults_then_flags(meeting: Meeting, at: datetime) -> None:
    """In whatever order they are listed, and behind what is there already in their part."""
    flagged, adults = a_case(at, "Ash"), a_case(at, "Beech")
    children, more = a_case(at, "Cedar", children=2), a_case(at, "Dogwood", children=1)
    before = marac.heard(at - 350 * DAY, case=flagged)
    MaracFlag.objects.create(
        case=flagged,
        hearing=before,
        victim=flagged.victim,
        from_at=at - 350 * DAY,
        until_at=meeting.starts_at + 5 * DAY,
    )
    for case in (flagged, adults, children, more):
        listed(meeting, case, at)
    assert order(meeting) == [one.reference for one in (children, more, adults, flagged)]
    parts = Hearing.objects.filter(meeting=meeting).order_by("position")
    assert list(parts.values_list("part", flat=True)) == ["children", "children", "adults", "flags"]
    assert not Hearing.objects.get(meeting=meeting, case=flagged).is_repeat


def test_a_flag_that_ends_much_later_is_no_reason(meeting: Meeting, at: datetime) -> None:
    case = a_case(at)
    MaracFlag.objects.create(
        case=case,
        hearing=marac.heard(at - 100 * DAY, case=case),
        victim=case.victim,
        from_at=at - 100 * DAY,
        until_at=meeting.starts_at + 36 * DAY,
    )
    assert listed(meeting, case, at).part == Hearing.Part.ADULTS


def heard_before(at: datetime, days: int) -> MaracCase:
    """A case of two people whose last one, closed by now, was heard so many days ago."""
    harms = people.person("Kit", "Rowan", at=at - 400 * DAY)
    victim = people.victim(given_name="Ada", family_name="Birch", at=at - 400 * DAY)
    old = marac.case(
        at - 390 * DAY,
        victim=victim,
        perpetrator=harms,
        state="closed",
        closed_at=at - 20 * DAY,
        closed_because="done",
    )
    marac.heard(at - days * DAY, case=old)
    return marac.case(at - 10 * DAY, victim=victim, perpetrator=harms)


@pytest.mark.parametrize(("days", "is_repeat"), [(30, True), (340, True), (350, False)])
def test_a_repeat_was_heard_within_the_months(
    meeting: Meeting, at: datetime, days: int, is_repeat: bool
) -> None:
    """Twelve months before the meeting, which is in twenty days: 345 and a bit from today."""
    case = heard_before(at, days)
    assert listed(meeting, case, at).is_repeat is is_repeat


def test_abuse_within_the_months_is_a_repeat_however_late_it_is_heard(
    meeting: Meeting, at: datetime
) -> None:
    case = heard_before(at, 360)
    call = risk.an_incident(at - 2 * DAY, case.victim)
    Involvement.objects.create(
        incident=call, person=case.perpetrator, role="perpetrator", received_at=call.received_at
    )
    assert meeting.starts_at > at + 6 * DAY
    assert listed(meeting, case, at).is_repeat


def test_listing_is_on_the_timeline_and_happens_once(meeting: Meeting, at: datetime) -> None:
    case = a_case(at)
    first, again = listed(meeting, case, at), listed(meeting, case, at)
    assert first == again
    events = AuditEvent.objects.filter(verb="hearing.listed", victim_id=case.victim_id)
    assert [event.headline for event in events] == [f"Listed for {meeting.reference}"]
    assert not first.research.exists(), "nothing is asked before the agenda is out"


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_who_builds_agendas(meeting: Meeting, at: datetime, who: str) -> None:
    case, actor = a_case(at), person(who)
    kept = marac.hearing(meeting, a_case(at, "Ash"))
    steps = (
        lambda: services.list_case(meeting_id=meeting.pk, case_id=case.pk, actor=actor, at=at),
        lambda: services.put_in_order(
            meeting_id=meeting.pk, hearing_ids=[kept.pk], version=1, actor=actor, at=at
        ),
        lambda: services.take_off(hearing_id=kept.pk, words="Moved", actor=actor, at=at),
        lambda: services.pass_on_cases(
            meeting_id=meeting.pk, hearing_ids=[kept.pk], words="Room", actor=actor, at=at
        ),
        lambda: services.send_agenda(meeting_id=meeting.pk, actor=actor, at=at),
        lambda: services.ask_research(hearing_id=kept.pk, actor=actor, at=at),
    )
    for step in steps[:1] if who in MAY_BUILD else steps:
        if who in MAY_BUILD:
            step()
            continue
        with pytest.raises(PermissionDenied):
            step()


def test_what_is_withheld_from_the_coordinator_is_not_theirs(
    meeting: Meeting, at: datetime
) -> None:
    case = a_case(at)
    victims.services.withhold(
        victim_id=case.victim_id,
        person_id=person("coordinator").pk,
        reason="A cousin",
        actor=person("manager"),
        at=at,
    )
    with pytest.raises(PermissionDenied):
        listed(meeting, case, at)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state": "proposed"}, "Only accepted"),
        ({"state": "not_accepted"}, "Only accepted"),
        ({"of": "other"}, "is before Northcote"),
    ],
)
def test_what_is_not_heard_here(
    meeting: Meeting, at: datetime, changes: dict[str, Any], message: str
) -> None:
    if "of" in changes:
        changes = {"of": marac.conference("Northcote", area="Northcote")}
    with pytest.raises(InvalidInput, match=message) as refusal:
        listed(meeting, a_case(at, **changes), at)
    assert refusal.value.field == "case"


@pytest.mark.parametrize("state", ["under_way", "held", "cancelled"])
def test_nothing_is_listed_once_it_began(meeting: Meeting, at: datetime, state: str) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(
        state=state, began_at=at, ended_at=at, cancelled_reason="Snow"
    )
    with pytest.raises(DomainError, match="not changed any more"):
        listed(meeting, a_case(at), at)


def test_one_meeting_ahead_hears_it(meeting: Meeting, at: datetime) -> None:
    case = a_case(at)
    listed(meeting, case, at)
    later = marac.meeting(at + 50 * DAY)
    with pytest.raises(AlreadyTaken, match=meeting.reference):
        listed(later, case, at)
    services.take_off(
        hearing_id=Hearing.objects.get().pk, words="Ill", actor=person("coordinator"), at=at
    )
    assert listed(later, case, at).meeting == later


def test_late_needs_its_reason(meeting: Meeting, at: datetime) -> None:
    """At the cut-off itself it is in time."""
    assert meeting.cut_off_at is not None
    assert not listed(meeting, a_case(at), meeting.cut_off_at, late_reason="unneeded").is_late
    case, later = a_case(at, "Ash"), meeting.cut_off_at + timedelta(seconds=1)
    with pytest.raises(InvalidInput) as refusal:
        listed(meeting, case, later, late_reason=" ")
    assert refusal.value.field == "late_reason"
    late = listed(meeting, case, later, late_reason="He is released on Friday.")
    assert (late.is_late, late.late_reason) == (True, "He is released on Friday.")


def test_what_is_listed_once_the_agenda_is_out_is_late(meeting: Meeting, at: datetime) -> None:
    marac.agenda_out(meeting, at)
    with pytest.raises(InvalidInput):
        listed(meeting, a_case(at), at)


def test_taken_off_with_words(meeting: Meeting, at: datetime) -> None:
    case, coordinator = a_case(at), person("coordinator")
    hearing = listed(meeting, case, at)
    with pytest.raises(InvalidInput):
        services.take_off(hearing_id=hearing.pk, words="", actor=coordinator, at=at)
    off = services.take_off(hearing_id=hearing.pk, words="She moved", actor=coordinator, at=at)
    assert (off.state, off.ended_words) == ("taken_off", "She moved")
    services.take_off(hearing_id=hearing.pk, words="Again", actor=coordinator, at=at)
    assert AuditEvent.objects.filter(verb="hearing.taken_off").count() == 1
    assert listed(meeting, case, at) != off, "it may come back"


def test_the_order_within_a_part_is_free(meeting: Meeting, at: datetime) -> None:
    coordinator = person("coordinator")
    first, second = (listed(meeting, a_case(at, name), at) for name in ("Ash", "Beech"))
    child = listed(meeting, a_case(at, "Cedar", children=1), at)
    version = Meeting.objects.get(pk=meeting.pk).version

    def put(*rows: Hearing, version: int = version) -> None:
        services.put_in_order(
            meeting_id=meeting.pk,
            hearing_ids=[row.pk for row in rows],
            version=version,
            actor=coordinator,
            at=at,
        )

    with pytest.raises(InvalidInput, match="children come first"):
        put(second, child, first)
    put(child, second, first)
    assert order(meeting) == [row.case.reference for row in (child, second, first)]
    put(child, second, first)  # the same again, from a page that is older
    with pytest.raises(Stale):
        put(child, first, second)
    with pytest.raises(Stale):
        put(child, first, version=version + 1)


def test_a_closed_case_is_heard_nowhere(meeting: Meeting, at: datetime) -> None:
    case, coordinator = a_case(at), person("coordinator")
    hearing = listed(meeting, case, at)
    events.announce(MaracCaseClosed(case.pk, case.victim_id, coordinator, at))
    hearing.refresh_from_db()
    assert hearing.state == Hearing.State.TAKEN_OFF

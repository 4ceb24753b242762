"""What each agency may hold of the minutes: read back from the files that it opens."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from accounts.models import Agency
from marac.minutes_file import file_of
from marac.models import Conflict, Hearing
from marac.services import approve_minutes, open_minutes, send_minutes
from tests.factories import marac
from tests.marac.minutes_scene import (
    DAY,
    MINUTE,
    Scene,
    agency_of,
    anew,
    held,
    pages,
    there,
    withhold,
    words,
)
from tests.personas import person

NAMES = [("Ada", "First"), ("Bea", "Second"), ("Cleo", "Third"), ("Dora", "Fourth")]


def file_for(
    scene: Scene, who: str, at: datetime, *, agency: Agency | None = None, number: int | None = None
) -> bytes:
    """The file that somebody opens."""
    copy = open_minutes(
        meeting=scene.meeting, reader=anew(who), agency=agency, number=number, path="/", at=at
    )
    return file_of(copy, reader=anew(who), at=at)


def out(scene: Scene, at: datetime, **how: object) -> None:
    row = approve_minutes(meeting_id=scene.meeting.pk, actor=person("chair"), at=at, **how)  # type: ignore[arg-type]
    send_minutes(minutes_id=row.pk, actor=person("coordinator"), at=at)


@pytest.fixture
def scene(db: None, at: datetime) -> Scene:
    """Four cases; housing and children's services sit in all of them."""
    scene = held(at, NAMES)
    there(scene.meeting, "agency", at)
    there(scene.meeting, "agency_b", at)
    return scene


def test_every_page_is_stamped_with_who_opened_it_and_when(db: None, at: datetime) -> None:
    scene = held(at, [("Case", f"Number{n}") for n in range(40)])
    there(scene.meeting, "agency", at)
    for hearing in scene.hearings:
        for turn in range(4):
            said = f"Turn {turn}: " + "what was said at length and in full. " * 6
            marac.line(hearing, said, hearing.began_at or at, by=person("agency"))
    out(scene, at + DAY)
    read = pages(file_for(scene, "agency", at + DAY))
    assert len(read) > 10
    for number, page in enumerate(read, 1):
        assert page.count("OFFICIAL-SENSITIVE") == 2
        flat = " ".join(page.split())
        assert "Opened by T. Boyle, 24 November 2026 at 10:00. Copy of County housing" in flat
        assert f"{scene.meeting.reference}, page {number} of {len(read)}" in flat
    whole = " ".join(" ".join(read).split())
    assert "Cases in this copy: 40" in whole
    for number in range(40):
        assert f"{number + 1}. Case Number{number} " in whole


def test_what_is_withheld_is_absent_from_names_numbers_and_counts(
    scene: Scene, at: datetime
) -> None:
    withhold(scene.hearings[1], at, agency=agency_of("agency"))
    out(scene, at)
    copy = words(file_for(scene, "agency", at))
    for said in ("1. Ada First", "2. Cleo Third", "3. Dora Fourth", "Cases in this copy: 3"):
        assert said in copy
    assert "Second" not in copy and scene.hearings[1].case.reference not in copy
    assert "4. Dora" not in copy
    other = words(file_for(scene, "agency_b", at))
    assert "2. Bea Second" in other and "Cases in this copy: 4" in other


def test_withheld_after_they_were_sent_it_is_absent_too(scene: Scene, at: datetime) -> None:
    out(scene, at)
    assert "Bea Second" in words(file_for(scene, "agency", at))
    withhold(scene.hearings[1], at, agency=agency_of("agency"))
    copy = words(file_for(scene, "agency", at))
    assert "Second" not in copy and "Cases in this copy: 3" in copy


def test_no_longer_withheld_it_does_not_open_what_was_shut_then(scene: Scene, at: datetime) -> None:
    row = withhold(scene.hearings[1], at - DAY, agency=agency_of("agency"))
    out(scene, at)
    row.ended_at, row.ended_reason = at + DAY, "He moved away."
    row.save()
    assert "Second" not in words(file_for(scene, "agency", at + 2 * DAY))


def test_withheld_from_a_person_it_is_absent_from_what_they_open(
    scene: Scene, at: datetime
) -> None:
    out(scene, at)
    withhold(scene.hearings[0], at, person=person("coordinator"))
    copy = words(file_for(scene, "coordinator", at))
    assert "Ada First" not in copy and "1. Bea Second" in copy and "Cases in this copy: 3" in copy
    assert "Ada First" in words(file_for(scene, "head", at))


def test_where_its_only_person_left_the_room_the_agency_holds_nothing(
    scene: Scene, at: datetime
) -> None:
    marac.research(scene.hearings[2], agency_of("agency"), at - 9 * DAY)
    marac.action(scene.hearings[2], agency_of("agency"), at, words="Change the locks.")
    near(scene.hearings[2], "agency", at)
    out(scene, at)
    copy = words(file_for(scene, "agency", at))
    assert "Third" not in copy and "3. Dora Fourth" in copy and "Cases in this copy: 3" in copy
    assert "Change the locks" not in copy and "cousin" not in copy
    assert "Cleo Third" in words(file_for(scene, "agency_b", at))
    # Whoever keeps the conference reads why.
    assert "cousin" in words(file_for(scene, "coordinator", at))


def near(hearing: Hearing, who: str, at: datetime) -> None:
    Conflict.objects.create(
        hearing=hearing,
        person=person(who),
        words="Her cousin",
        declared_at=at,
        declared_by=person(who),
    )


def test_each_agency_holds_its_own_research_alone(scene: Scene, at: datetime) -> None:
    first = scene.hearings[0]
    for who, said in (
        ("agency", "Two months behind with rent."),
        ("agency_b", "A plan since May."),
    ):
        marac.research(
            first,
            agency_of(who),
            at - 9 * DAY,
            state="returned",
            words=said,
            returned_at=at - 5 * DAY,
            returned_by=person(who),
        )
    out(scene, at)
    housing, children = (words(file_for(scene, who, at)) for who in ("agency", "agency_b"))
    assert "behind with rent" in housing and "A plan since May" not in housing
    assert "A plan since May" in children and "behind with rent" not in children
    whole = words(file_for(scene, "chair", at))
    assert "behind with rent" in whole and "A plan since May" in whole


@dataclass(frozen=True)
class Sat:
    """Who sat there when: minutes after the beginning."""

    came: int
    left: int | None
    reads: tuple[str, ...]
    not_theirs: tuple[str, ...]


@pytest.mark.parametrize(
    "sat",
    [
        Sat(0, None, ("early word", "late word", "Fit a lock"), ()),
        Sat(4, None, ("late word", "Fit a lock"), ("early word",)),
        Sat(0, 3, ("early word",), ("late word", "Fit a lock")),
        Sat(9, 12, ("Ada First", "Bea Second"), ("early word", "late word", "Cleo Third")),
        Sat(50, None, (), ("Ada First", "early word", "Dora Fourth")),
    ],
)
def test_what_was_said_while_it_sat_there(db: None, at: datetime, sat: Sat) -> None:
    scene = held(at, NAMES)
    left = None if sat.left is None else at + sat.left * MINUTE
    there(scene.meeting, "agency", at + sat.came * MINUTE, left)
    first = scene.hearings[0]
    marac.line(first, "An early word.", at + 2 * MINUTE, by=person("chair"))
    marac.line(first, "A late word.", at + 6 * MINUTE, by=person("chair"))
    marac.action(first, agency_of("agency_b"), at + 7 * MINUTE, words="Fit a lock.")
    out(scene, at)
    copy = words(file_for(scene, "agency", at))
    assert all(said in copy for said in sat.reads)
    assert not any(said in copy for said in sat.not_theirs)


def test_what_sets_right_a_line_that_it_heard_is_there_too(db: None, at: datetime) -> None:
    scene = held(at, NAMES[:1])
    there(scene.meeting, "agency", at, at + 3 * MINUTE)
    [first] = scene.hearings
    heard = marac.line(first, "He lives at 6.", at + 2 * MINUTE, by=person("chair"))
    other = marac.line(first, "Said later.", at + 5 * MINUTE, by=person("chair"))
    marac.line(first, "No: at 8.", at + 6 * MINUTE, by=person("chair"), corrects=heard)
    marac.line(first, "Not so.", at + 7 * MINUTE, by=person("chair"), corrects=other)
    out(scene, at)
    copy = words(file_for(scene, "agency", at))
    assert "No: at 8." in copy and "(sets right 10:02)" in copy
    assert "Said later" not in copy and "Not so" not in copy


def test_apologies_hold_what_they_were_asked_and_have_to_do(db: None, at: datetime) -> None:
    scene = held(at, NAMES)
    first, second, third, _ = scene.hearings
    first.wanted = "To stay in her home."
    first.save()
    marac.attendance(scene.meeting, person("agency"), at=at - DAY)
    marac.research(first, agency_of("agency"), at - 9 * DAY)
    marac.research(second, agency_of("agency"), at - 9 * DAY, state="withdrawn")
    marac.action(third, agency_of("agency"), at, words="Move her within a week.")
    marac.action(third, agency_of("agency_b"), at, words="See the child at school.")
    out(scene, at)
    copy = words(file_for(scene, "agency", at))
    assert "1. Ada First" in copy and "2. Cleo Third" in copy and "Cases in this copy: 2" in copy
    assert "Move her within a week" in copy and "See the child" not in copy
    assert "Opened by the chair" not in copy and "To stay in her home" not in copy


def test_an_observer_hears_nothing_for_the_agency(db: None, at: datetime) -> None:
    scene = held(at, NAMES)
    there(scene.meeting, "agency", at, observer=True)
    out(scene, at)
    copy = words(file_for(scene, "coordinator", at, agency=agency_of("agency")))
    assert "Cases in this copy: 0" in copy and "First" not in copy


def test_reasons_about_the_whole_agenda_are_for_those_who_keep_it(
    scene: Scene, at: datetime
) -> None:
    scene.meeting.over_capacity_reason = "The nineteenth cannot wait."
    scene.meeting.no_quorum_reason = "Health is late; two cases cannot wait."
    scene.meeting.save()
    out(scene, at)
    agency, chair = (words(file_for(scene, who, at)) for who in ("agency", "chair"))
    assert "cannot wait" not in agency and "Held without its quorum." in agency
    assert chair.count("cannot wait") == 2


def test_a_further_version_names_what_changed_in_this_copy_alone(
    scene: Scene, at: datetime
) -> None:
    withhold(scene.hearings[1], at, agency=agency_of("agency"))
    out(scene, at)
    right = {row.pk: f"Right of {row.case.reference}" for row in scene.hearings[:2]}
    out(scene, at + DAY, because="Bea's address was wrong.", corrections=right)
    first, second = (row.case.reference for row in scene.hearings[:2])
    agency, other, chair = (
        words(file_for(scene, who, at + DAY)) for who in ("agency", "agency_b", "chair")
    )
    assert f"Version 2. It takes the place of version 1. It reads otherwise in {first}." in agency
    assert second not in agency and "address was wrong" not in agency
    assert f"otherwise in {first}, {second}." in other and "address was wrong" not in other
    assert "Bea's address was wrong." in chair
    assert f"Set right in version 2 by DI E. Grant: Right of {first}" in agency


def test_the_draft_says_so(scene: Scene, at: datetime) -> None:
    copy = words(file_for(scene, "coordinator", at))
    assert "Draft: not approved" in copy
    out(scene, at)
    assert "Draft" not in words(file_for(scene, "coordinator", at))

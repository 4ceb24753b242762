"""What is said is written once, twice by nobody, lost by nobody; corrections stand beside it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from marac.models import HearingLine, Meeting, Minutes
from marac.services.live import write_line
from tests.factories import marac
from tests.marac.live_scene import DAY, MINUTE, THERE, actor, near, said, under_way, withheld
from tests.personas import PEOPLE, person, team

pytestmark = pytest.mark.django_db
WRITERS = set(THERE)


def test_a_line_says_who_when_and_for_whom(at: datetime) -> None:
    scene = under_way(at, state="share")
    line = said(scene.first, "Camera ordered,\ndue Tuesday. ", at=at + MINUTE)
    assert (line.words, line.section, line.number) == ("Camera ordered,\ndue Tuesday.", "share", 1)
    assert (line.by, line.agency.name, line.at) == (
        person("agency"),
        "County housing",
        at + MINUTE,
    )
    scene.meeting.refresh_from_db()
    assert scene.meeting.changes == 1
    assert AuditEvent.objects.get(verb="marac.line_written").victim_id is None


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_those_who_signed_write(at: datetime, name: str) -> None:
    scene = under_way(at, state="share")
    if name in WRITERS:
        said(scene.first, by=name, at=at)
    else:
        with pytest.raises(PermissionDenied):
            said(scene.first, by=name, at=at)
    assert HearingLine.objects.exists() is (name in WRITERS)


def test_nobody_writes_of_what_is_near_withheld_or_observed(at: datetime) -> None:
    scene = under_way(at, state="share")
    near(scene.first, "agency", at)
    withheld(scene.first, "agency_b", at)
    marac.attendance(scene.meeting, person("manager"), at=at - DAY, observer=True)
    for name in ("agency", "agency_b", "manager"):
        with pytest.raises(PermissionDenied):
            said(scene.first, by=name, at=at)


def test_sent_again_with_its_key_it_is_the_same_line(at: datetime) -> None:
    scene, key = under_way(at, state="share"), uuid4()
    first = said(scene.first, "Kept.", at=at, key=key)
    again = said(scene.first, "Kept.", at=at + MINUTE, key=key)
    assert (again.pk, again.at) == (first.pk, at)
    assert HearingLine.objects.count() == 1
    with pytest.raises(InvalidInput, match="something else"):
        said(scene.first, "Other words.", at=at, key=key)
    with pytest.raises(InvalidInput, match="another line"):
        said(scene.first, "Kept.", by="agency_b", at=at, key=key)


def test_two_corrections_of_one_line_both_stand(at: datetime) -> None:
    scene = under_way(at, state="analyse")
    line = said(scene.first, "Bail to 3 Decmber.", at=at, section="present")
    for name, words in (("agency", "3 December."), ("agency_b", "4 December.")):
        put_right = said(scene.first, words, by=name, at=at, section="share", corrects_id=line.pk)
        assert put_right.section == "present"
    line.refresh_from_db()
    assert line.words == "Bail to 3 Decmber."
    assert sorted(one.words for one in line.corrections.all()) == ["3 December.", "4 December."]


def test_a_line_of_another_case_is_not_corrected_here(at: datetime) -> None:
    scene = under_way(at, state="share")
    marac.under_way(scene.meeting, at)
    other = marac.line(scene.second, "Elsewhere.", at, by=person("agency"))
    with pytest.raises(InvalidInput) as refused:
        said(scene.first, at=at, corrects_id=other.pk)
    assert refused.value.field == "corrects_id"


def test_who_types_for_all_says_for_whom(at: datetime) -> None:
    scene = under_way(at, state="share")
    housing, unit = team("partner").agency, team("idva").agency
    line = said(scene.first, by="coordinator", at=at, agency_id=housing.pk)
    assert (line.agency, line.by) == (housing, person("coordinator"))
    for name, agency in (("coordinator", unit), ("agency_b", housing)):
        with pytest.raises(InvalidInput) as refused:
            said(scene.first, by=name, at=at, agency_id=agency.pk)
        assert refused.value.field == "agency_id"


@pytest.mark.parametrize(
    ("field", "given"),
    [("words", "  "), ("words", "x" * 10_001), ("section", "actions")],
)
def test_what_is_wrong_is_said_at_its_field(at: datetime, field: str, given: str) -> None:
    scene = under_way(at, state="share")
    sent: dict[str, Any] = {"section": "share", "words": "Kept.", field: given}
    with pytest.raises(InvalidInput) as refused:
        write_line(hearing_id=scene.first.pk, key=uuid4(), actor=actor("agency"), at=at, **sent)
    assert refused.value.field == field


def test_nothing_is_written_before_the_case_is_begun(at: datetime) -> None:
    scene = under_way(at)
    with pytest.raises(DomainError, match="not come"):
        said(scene.first, at=at)


def test_what_a_lost_connection_held_back_is_taken_until_the_minutes(at: datetime) -> None:
    scene = under_way(at, state="concluded")
    said(scene.first, "Sent after it was concluded.", at=at + 5 * MINUTE)
    Meeting.objects.filter(pk=scene.meeting.pk).update(state="held", ended_at=at + 6 * MINUTE)
    said(scene.first, "Sent after the meeting.", at=at + 7 * MINUTE)
    Minutes.objects.create(
        meeting=scene.meeting, content={}, approved_at=at + DAY, approved_by=person("chair")
    )
    with pytest.raises(DomainError) as refused:
        said(scene.first, "Sent after the minutes.", at=at + DAY)
    assert refused.value.code == "minutes_approved"
    assert HearingLine.objects.count() == 2

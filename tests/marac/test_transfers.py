"""A case changes hands only when both sides have checked everything."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User, Withholding
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from marac.models import MaracCase, MaracFlag, Transfer
from marac.services import (
    begin_transfer,
    cancel_transfer,
    check_transfer,
    finish_transfer,
    receive_transfer,
    set_flag,
)
from marac.services.transfers.finishing import NotChecked
from tests.factories import advising, marac, victims
from tests.personas import PEOPLE, person

DAY = timedelta(days=1)
CONTACT = "J. Okafor, 01632 960411"


@pytest.fixture
def case(db: None, at: datetime) -> MaracCase:
    return marac.case(at - 3 * DAY)


def begun(case: MaracCase, at: datetime, **changes: Any) -> Transfer:
    said: dict[str, Any] = {
        "other_area": "Northshire",
        "contact": CONTACT,
        "reason": "She moves to her sister's.",
        "actor": person("coordinator"),
    }
    return begin_transfer(case_id=case.pk, at=at, **{**said, **changes})


def check(row: Transfer, what: str, at: datetime, **said: Any) -> Transfer:
    row.refresh_from_db()
    said = {"actor": person("coordinator"), "version": row.version, **said}
    return check_transfer(transfer_id=row.pk, what=what, at=at, **said)


def checked(row: Transfer, at: datetime) -> Transfer:
    """Every check is done."""
    check(row, "heard", at, heard_there=False)
    check(row, "plan", at)
    check(row, "minutes", at)
    return check(row, "adviser", at, words="R. Amadi spoke with L. Hart: she is met on Friday.")


def finished(row: Transfer, at: datetime, **changes: Any) -> Transfer:
    row.refresh_from_db()
    said = {"actor": person("coordinator"), "version": row.version, **changes}
    return finish_transfer(transfer_id=row.pk, at=at, **said)


def test_to_another_area_it_ends_here_as_moved(case: MaracCase, at: datetime) -> None:
    row = begun(case, at)
    clock = Deadline.objects.get(kind="marac_transfer", subject_id=row.pk)
    assert (clock.owner, clock.due_at) == (person("coordinator"), at + 7 * DAY)
    done = finished(checked(row, at + DAY), at + 2 * DAY)
    case.refresh_from_db()
    assert (done.state, done.settled_by) == ("done", person("coordinator"))
    assert (case.state, case.closed_because) == ("moved", "moved")
    assert "Northshire" in case.closed_words
    clock.refresh_from_db()
    assert clock.state == "met"


def test_within_the_county_it_becomes_the_other_conferences(case: MaracCase, at: datetime) -> None:
    other = marac.conference("Marsh", area="Marsh", coordinator=person("chair"))
    hearing = marac.heard(at, case=case)
    flag = set_flag(hearing_id=hearing.pk, actor=person("chair"), at=at)
    row = begun(case, at, other_area="", other_conference_id=other.pk)
    finished(checked(row, at), at + DAY)
    case.refresh_from_db()
    assert (case.state, case.conference) == ("accepted", other)
    assert MaracFlag.objects.standing().get() == flag
    assert Deadline.objects.get(kind="marac_flag").owner == person("chair")


def test_from_another_area_it_is_proposed_here(db: None, at: datetime) -> None:
    marac.conference()
    victim = victims.victim(grade="high")
    said: dict[str, Any] = {
        "victim_id": victim.pk,
        "other_area": "Northshire",
        "contact": CONTACT,
        "reason": "She moved here in October.",
        "actor": person("coordinator"),
    }
    row = receive_transfer(**said, at=at)
    case = row.case
    assert (row.direction, case.source, case.state) == ("in", "transfer", "proposed")
    assert receive_transfer(**said, at=at + DAY) == row
    finished(checked(row, at), at + DAY)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("proposed", None)


@pytest.mark.parametrize("left_out", ["heard", "plan", "minutes", "adviser"])
def test_done_only_when_every_check_is(case: MaracCase, at: datetime, left_out: str) -> None:
    row = begun(case, at)
    steps: dict[str, Callable[[], Transfer]] = {
        "heard": lambda: check(row, "heard", at, heard_there=True, words="In May, heard once."),
        "plan": lambda: check(row, "plan", at),
        "minutes": lambda: check(row, "minutes", at),
        "adviser": lambda: check(row, "adviser", at, words="They spoke."),
    }
    last = steps.pop(left_out)
    for step in steps.values():
        step()
    with pytest.raises(NotChecked) as refused:
        finished(row, at)
    assert len(refused.value.missing) == 1
    last()
    assert finished(row, at).state == "done"


def test_not_while_it_stands_on_an_agenda(case: MaracCase, at: datetime) -> None:
    row = checked(begun(case, at), at)
    hearing = marac.hearing(marac.meeting(at + 14 * DAY), case)
    with pytest.raises(DomainError, match="agenda"):
        finished(row, at)
    row.refresh_from_db()
    assert row.state == "begun"
    hearing.state, hearing.ended_words = "taken_off", "She moves."
    hearing.save()
    assert finished(row, at).state == "done"


def test_what_must_be_said_is_asked_for_at_its_field(case: MaracCase, at: datetime) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"other_area": ""}, "other_conference"),
        ({"other_conference_id": case.conference_id, "other_area": ""}, "other_conference"),
        ({"other_conference_id": case.conference_id}, "other_area"),
        ({"contact": " "}, "contact"),
        ({"reason": ""}, "reason"),
    )
    for changes, field in wrong:
        with pytest.raises(InvalidInput) as refused:
            begun(case, at, **changes)
        assert refused.value.field == field
    row = begun(case, at)
    for what, said, field in (
        ("nothing", {}, "what"),
        ("heard", {}, "heard_there"),
        ("heard", {"heard_there": True}, "words"),
        ("adviser", {"words": " "}, "words"),
    ):
        with pytest.raises(InvalidInput) as refused:
            check(row, what, at, **said)
        assert refused.value.field == field


def test_begun_checked_and_finished_twice_is_once(case: MaracCase, at: datetime) -> None:
    row = begun(case, at)
    assert begun(case, at + DAY) == row
    with pytest.raises(AlreadyTaken, match=row.reference):
        begun(case, at, actor=person("chair"))
    version = check(row, "plan", at).version
    assert check(row, "plan", at + DAY, version=1).version == version
    done = finished(checked(row, at), at)
    assert finished(row, at + DAY).settled_at == done.settled_at
    with pytest.raises(DomainError, match="is over"):
        check(row, "heard", at, heard_there=True, words="x")


def test_a_stale_check_is_refused_with_both_versions(case: MaracCase, at: datetime) -> None:
    row = begun(case, at)
    check(row, "plan", at)
    with pytest.raises(Stale) as refused:
        check(row, "minutes", at, version=1)
    assert refused.value.theirs["plan"] and refused.value.yours["what"] == "minutes"


def test_given_up_the_case_stays(case: MaracCase, at: datetime) -> None:
    row = begun(case, at)
    said: dict[str, Any] = {"actor": person("chair"), "version": 1}
    done = cancel_transfer(transfer_id=row.pk, words="She stays.", at=at, **said)
    assert done.state == "cancelled"
    assert cancel_transfer(transfer_id=row.pk, words="She stays.", at=at + DAY, **said) == done
    case.refresh_from_db()
    assert case.state == "accepted"
    assert Deadline.objects.get(kind="marac_transfer").state == "cancelled"
    with pytest.raises(DomainError):
        finished(row, at)
    assert begun(case, at + DAY) != row


def test_only_keepers_hand_over_and_the_adviser_says_what_they_said(
    case: MaracCase, at: datetime
) -> None:
    advising.accepted(at, victim=case.victim)
    row = begun(case, at)
    for who in set(PEOPLE) - {"coordinator", "chair"}:
        with pytest.raises(PermissionDenied):
            begun(case, at, actor=person(who))
        with pytest.raises(PermissionDenied):
            check(row, "plan", at, actor=person(who))
        with pytest.raises(PermissionDenied):
            finished(row, at, actor=person(who))
    with pytest.raises(PermissionDenied):
        check(row, "adviser", at, words="x", actor=person("idva_b"))
    assert check(row, "adviser", at, words="We spoke.", actor=person("idva")).adviser_words


def test_nobody_hands_over_whom_they_may_not_know(case: MaracCase, at: datetime) -> None:
    chair = person("chair")
    Withholding.objects.create(
        victim=case.victim, person=chair, reason="Brother", set_by=person("head"), set_at=at
    )
    with pytest.raises(PermissionDenied):
        begun(case, at, actor=User.objects.get(pk=chair.pk))

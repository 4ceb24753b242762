"""What the events of one run add up to: whatever the order in which they came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perpetrators.folding import Release, fold
from perpetrators.messages import Kind, Message
from perpetrators.models import CustodyEpisode

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = START + timedelta(days=30)
KEPT_AWAY = (("keep_away", "18 Tanglewood Court"),)


def hours(number):
    return START + timedelta(hours=number)


def told(*kinds, **fields):
    """Events an hour apart; `fields` are those of the last one."""
    events = [
        Message("custody", f"m{number}", kind, hours(number), custody_number="C1")
        for number, kind in enumerate(kinds)
    ]
    return [*events[:-1], replace(events[-1], **fields)]


PLANNED = "prison-release-planned"
CALLED_OFF = "prison-release-cancelled"


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["arrest"], "detained"),
        (["arrest", "bail"], "on_bail"),
        (["arrest", "bail", "bail-change"], "on_bail"),
        (["arrest", "bail", "bail-breach"], "on_bail"),
        (["arrest", "bail", "bail-breach", "arrest"], "detained"),
        (["arrest", "under-investigation"], "under_investigation"),
        (["arrest", "under-investigation", "bail-change"], "on_bail"),
        (["arrest", "charge"], "charged"),
        (["arrest", "charge", "bail"], "on_bail"),
        (["arrest", "bail", "charge"], "on_bail"),
        (["arrest", "charge", "remand"], "remanded"),
        (["arrest", "charge", "remand", "bail-change"], "remanded"),
        (["arrest", "charge", "remand", "release"], "released"),
        (["arrest", "charge", "remand", "prison"], "prison"),
        (["prison", PLANNED], "prison"),
        (["prison", PLANNED, CALLED_OFF], "prison"),
        (["prison", PLANNED, "prison-release"], "released"),
        (["arrest", "no-further-action"], "ended"),
        (["arrest", "bail", "no-further-action"], "ended"),
        (["arrest", "release"], "released"),
        # The first that we hear of somebody.
        (["charge"], "charged"),
        (["bail-change"], "on_bail"),
        (["bail-breach"], "on_bail"),
        ([PLANNED], "prison"),
        (["court-date"], "released"),
        (["arrest", "court-date"], "detained"),
    ],
)
def test_state(kinds, state):
    assert fold(told(*kinds, hearing_at=LATER, release_at=LATER)).state == state


def test_every_kind_is_in_the_table_of_states():
    alone = {kind: fold(told(kind, hearing_at=LATER, release_at=LATER)).state for kind in Kind}
    assert set(alone) == set(Kind)
    assert set(alone.values()) <= set(CustodyEpisode.State)


def test_since_is_when_the_state_was_reached_and_began_when_the_run_did():
    folded = fold(told("arrest", "charge", "court-date", hearing_at=LATER))
    assert (folded.began_at, folded.since) == (hours(0), hours(1))


def test_bail_binds_until_it_ends():
    bailed = told("arrest", "bail", bail_until=LATER, bail_by_court=True, conditions=KEPT_AWAY)
    folded = fold(bailed)
    assert (folded.bail_until, folded.bail_by_court) == (LATER, True)
    assert folded.conditions == KEPT_AWAY
    over = fold([*bailed, Message("custody", "x", "release", hours(9))])
    assert (over.bail_until, over.bail_by_court, over.conditions) == (None, False, ())


def test_a_change_of_bail_says_anew_what_it_names():
    bailed = told("arrest", "bail", bail_until=LATER, conditions=KEPT_AWAY)
    longer = Message("custody", "x", "bail-change", hours(9), bail_until=LATER + timedelta(days=9))
    folded = fold([*bailed, longer])
    assert folded.bail_until == LATER + timedelta(days=9)
    assert folded.conditions == KEPT_AWAY
    curfew = (("curfew", "21:00 to 06:00"),)
    other = Message("custody", "y", "bail-change", hours(10), conditions=curfew)
    folded = fold([*bailed, longer, other])
    assert folded.bail_until == LATER + timedelta(days=9)
    assert folded.conditions == curfew


def test_bail_that_ended_binds_nobody():
    bailed = told("arrest", "bail", bail_until=LATER, conditions=KEPT_AWAY)
    ended = Message("custody", "x", "bail-change", hours(9), bail_ended=True)
    folded = fold([*bailed, ended])
    assert (folded.state, folded.conditions) == ("released", ())


def test_a_release_is_planned_moved_and_done():
    events = told("prison", PLANNED, release_at=LATER)
    assert fold(events).release == Release(LATER)
    events.append(Message("prison", "x", PLANNED, hours(5), release_at=LATER + timedelta(days=2)))
    assert fold(events).release == Release(LATER + timedelta(days=2))
    events.append(Message("prison", "y", "prison-release", hours(9)))
    assert fold(events).release == Release(LATER + timedelta(days=2), released_at=hours(9))
    # Told once more by another system: they were let out the first time.
    events.append(Message("custody", "z", "release", hours(10)))
    assert fold(events).release == Release(LATER + timedelta(days=2), released_at=hours(9))


def test_a_release_called_off_and_planned_again():
    events = told("prison", PLANNED, CALLED_OFF)
    events[1] = replace(events[1], release_at=LATER)
    assert fold(events).release == Release(LATER, is_cancelled=True)
    events.append(Message("prison", "x", PLANNED, hours(5), release_at=LATER))
    assert fold(events).release == Release(LATER)


def test_whoever_is_let_out_by_any_event_was_released():
    events = told("arrest", "charge", PLANNED, "bail")
    events[2] = replace(events[2], release_at=LATER)
    assert fold(events).release == Release(LATER, released_at=hours(3))


def test_held_again_there_is_no_release_any_more():
    assert fold(told("prison", "prison-release", "arrest")).release is None


def test_a_hearing_moves_and_is_vacated():
    first = Message(
        "court", "a", "court-date", hours(1), listing="L1", hearing_at=LATER, court="Fenwick"
    )
    moved = replace(first, message_id="b", happened_at=hours(2), hearing_at=LATER + timedelta(1))
    (row,) = fold([first, moved]).hearings
    assert (row.at, row.is_vacated) == (LATER + timedelta(1), False)
    off = Message("court", "c", "court-date-vacated", hours(3), listing="L1")
    (row,) = fold([first, moved, off]).hearings
    assert row.is_vacated
    assert row.court == "Fenwick"
    (row,) = fold([replace(moved, happened_at=hours(4)), first, off]).hearings
    assert not row.is_vacated


def test_hearings_without_a_listing_are_told_apart_by_their_instants():
    first = Message("court", "a", "court-date", hours(1), hearing_at=LATER)
    second = Message("court", "b", "court-date", hours(1), hearing_at=LATER + timedelta(1))
    off = Message("court", "c", "court-date-vacated", hours(2), hearing_at=LATER)
    assert [row.is_vacated for row in fold([first, second, off]).hearings] == [True, False]


def test_who_was_held_when_an_event_found_them():
    folded = fold(told("arrest", "no-further-action"))
    assert folded.found_held == {("custody", "m1")}
    folded = fold(told("arrest", "bail", "no-further-action"))
    assert folded.found_held == {("custody", "m1")}


def test_of_two_events_at_one_instant_the_later_step_counts():
    charge = Message("custody", "b", "charge", hours(1))
    bail = Message("custody", "a", "bail", hours(1), conditions=KEPT_AWAY)
    arrest = Message("custody", "z", "arrest", hours(1))
    folded = fold([bail, charge, arrest])
    assert (folded.state, folded.conditions) == ("on_bail", KEPT_AWAY)


def test_nothing_folds_to_nothing():
    with pytest.raises(ValueError):
        fold([])


@st.composite
def runs(draw):
    """A run of events, few instants so that many coincide, and the order in which they came."""
    kinds = draw(st.lists(st.sampled_from(list(Kind)), min_size=1, max_size=9))
    events = [
        Message(
            draw(st.sampled_from(["custody", "prison", "court"])),
            f"m{number}",
            kind,
            hours(draw(st.integers(0, 6))),
            bail_until=draw(st.sampled_from([None, LATER])),
            bail_ended=draw(st.booleans()),
            conditions=draw(st.sampled_from([(), KEPT_AWAY])),
            listing=draw(st.sampled_from(["", "L1", "L2"])),
            hearing_at=LATER + timedelta(days=draw(st.integers(0, 2))),
            release_at=LATER + timedelta(days=draw(st.integers(0, 2))),
            where=draw(st.sampled_from(["", "Fenwick", "Marsh Lane"])),
        )
        for number, kind in enumerate(kinds)
    ]
    repeated = draw(st.lists(st.sampled_from(events), max_size=4))
    return events, draw(st.permutations([*events, *repeated]))


@given(runs())
@settings(max_examples=300, deadline=None)
def test_order_and_repetition_of_delivery_change_nothing(run):
    events, as_they_came = run
    assert fold(as_they_came) == fold(events)


@given(runs())
@settings(max_examples=200, deadline=None)
def test_what_always_holds(run):
    folded = fold(run[0])
    if folded.state != "on_bail":
        assert (folded.bail_until, folded.conditions) == (None, ())
    if folded.is_held:
        # Nobody who is held now has been let out of this.
        assert folded.release is None or folded.release.released_at is None
    if folded.release and folded.release.released_at:
        assert not folded.release.is_cancelled
    assert folded.began_at <= folded.since

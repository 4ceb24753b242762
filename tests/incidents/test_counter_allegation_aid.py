"""The aid to a counter-allegation: what history and signs say, without deciding."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEvent
from incidents.company import company_of
from incidents.counter_aid import Aid, aid_for
from incidents.models import Incident
from tests.factories.incidents import incident
from tests.factories.response import attended
from tests.incidents.helpers_counter_allegation import ALLEGED, again, record

pytestmark = pytest.mark.django_db
People = Callable[[str], User]

NINE = timedelta(minutes=9)
DAY = timedelta(days=1)


def aid_of(row: Incident, at: datetime) -> Aid:
    aid = aid_for(row, company_of(row), at)
    assert aid is not None
    return aid


def test_an_inversion_against_history_is_said(at: datetime, people: People) -> None:
    earlier = incident(at=at - 500 * DAY, answers={"control": "yes"})
    for days in (90, 60, 30):
        incident(at=at - days * DAY, people=again(earlier), answers={"strangled": "yes"})
    # This time he rings first, and she is the one complained of.
    row = incident(at=at, people=again(earlier, swapped=True), answers={"control": "no"})
    darren, siobhan = aid_of(row, at).sides
    assert (
        siobhan.history_in_words == "Named as victim in 4 earlier incidents, never as perpetrator."
    )
    assert (
        darren.history_in_words == "Named as perpetrator in 4 earlier incidents, never as victim."
    )
    assert siobhan.is_inverted and darren.is_inverted
    assert not siobhan.is_turned_by_claim
    assert (siobhan.as_victim.recent, siobhan.as_victim.ever) == (3, 4)
    assert (siobhan.harmed_by_other.ever, darren.harmed_by_other.ever) == (4, 0)
    assert siobhan.suffered_in_words == [
        "control of money, contact or movements: 1 call",
        "grip on the neck: 3 calls",
    ]
    assert darren.used_in_words == siobhan.suffered_in_words


def test_a_claim_that_turns_history_round_is_said(at: datetime, people: People) -> None:
    earlier = incident(at=at - 30 * DAY)
    for side in aid_of(incident(at=at, people=again(earlier)), at).sides:
        assert side.is_turned_by_claim
        assert not side.is_inverted


def test_mixed_history_and_none_are_no_inversion(at: datetime, people: People) -> None:
    fresh = incident(at=at - 3 * DAY)
    for side in aid_of(fresh, at).sides:
        assert side.history_in_words == "Not named in any earlier incident."
        assert not side.is_inverted
    incident(at=at - 2 * DAY, people=again(fresh, swapped=True))
    row = incident(at=at, people=again(fresh))
    for side in aid_of(row, at).sides:
        assert (
            side.history_in_words
            == "Named as victim in 1 earlier incident, and as perpetrator in 1."
        )
        assert not side.is_inverted


def test_later_calls_are_not_history(at: datetime, people: People) -> None:
    row = incident(at=at)
    incident(at=at + DAY, people=again(row))
    assert aid_of(row, at + DAY).sides[0].as_victim.ever == 0


def test_signs_of_this_call_count_for_the_named_victim(at: datetime, people: People) -> None:
    row = incident(at=at, answers={"threats": "yes"})
    harmed, accused = aid_of(row, at).sides
    assert harmed.suffered_in_words == ["threats to kill or hurt: 1 call"]
    assert accused.used_in_words == harmed.suffered_in_words


@pytest.mark.parametrize("number", [0, 6])
def test_the_aid_costs_the_same_however_long_the_history(
    at: datetime, people: People, number: int, django_assert_num_queries: Any
) -> None:
    row = incident(at=at - 100 * DAY)
    for days in range(number):
        incident(at=at - (50 - days) * DAY, people=again(row))
    row = incident(at=at, people=again(row))
    company = company_of(row)
    with django_assert_num_queries(2):
        aid_for(row, company, at)


def test_the_numbers_of_the_moment_are_in_the_audit(at: datetime, people: People) -> None:
    earlier = incident(at=at - 40 * DAY)
    row = attended(at=at, people=again(earlier))
    record(row, people("officer"), at + NINE, 0, **ALLEGED)
    for verb, key in (
        ("incident.first_response_recorded", "counter_aid"),
        ("incident.counter_allegation_recorded", "aid"),
    ):
        harmed = AuditEvent.objects.get(verb=verb).detail[key]["sides"][0]
        assert harmed["as_victim"] == {"recent": 1, "ever": 1}

"""By hand and by a system: one thing has its consequences once, and both records stay."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import AuditEvent
from perpetrators.messages import HERE
from perpetrators.models import CustodyEpisode, CustodyEvent
from perpetrators.services.receiving import Outcome
from risk.models import ReassessmentReason
from tests.factories.custody import AT, couple, deliver, known_as, message
from tests.personas import person
from victims.models import Person, VictimUpdate

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def by_hand(darren: Person, kind: str, **said: Any) -> Outcome:
    unsaid = {"person_number": "", "custody_number": "", "person": darren.reference}
    given = message(kind, system=HERE, **{**unsaid, **said})
    (outcome,) = deliver(given, actor=person("custody"))
    return outcome


def by_system(kind: str, **said: Any) -> Outcome:
    (outcome,) = deliver(message(kind, **said))
    return outcome


def caused() -> tuple[int, int]:
    return ReassessmentReason.objects.count(), VictimUpdate.objects.count()


@pytest.mark.parametrize("hand_first", [True, False])
def test_a_release_told_by_both_counts_once(hand_first: bool) -> None:
    darren, _ = couple()
    for is_by_hand in (hand_first, not hand_first):
        if is_by_hand:
            outcome = by_hand(darren, "release", happened_at=AT - 2 * HOUR)
        else:
            outcome = by_system("release", happened_at=AT - HOUR)
        assert outcome.status == "applied"
    assert caused() == (1, 1)
    assert CustodyEvent.objects.filter(state="applied").count() == 2
    said = AuditEvent.objects.filter(verb="custody.release").order_by("pk")
    assert [row.headline.endswith("(on record already)") for row in said] == [False, True]
    run = CustodyEpisode.objects.get()
    assert (run.system, run.custody_number) == ("custody", "C/26/100")


def test_both_in_one_delivery_count_once() -> None:
    darren, _ = couple()
    known_as(darren, system="prison")
    deliver(
        message("prison-release", system="prison", custody_number="S/1"),
        message("release", happened_at=AT - HOUR),
    )
    assert caused() == (1, 1)
    assert CustodyEpisode.objects.count() == 2


def test_the_runs_own_later_messages_find_it() -> None:
    darren, _ = couple()
    by_hand(darren, "arrest", happened_at=AT - 5 * HOUR)
    by_system("arrest", happened_at=AT - 5 * HOUR)
    by_system("bail", person_number="", happened_at=AT - HOUR)
    assert CustodyEpisode.objects.get().state == "on_bail"


def test_hours_apart_in_one_run_it_is_still_one() -> None:
    darren, _ = couple()
    by_system("arrest", happened_at=AT - 9 * HOUR)
    run = CustodyEpisode.objects.get()
    by_system("release", happened_at=AT - 6 * HOUR)
    by_hand(darren, "release", episode=run.reference, happened_at=AT - 2 * HOUR)
    assert ReassessmentReason.objects.count() == 1


def test_held_again_in_between_it_happened_twice() -> None:
    darren, _ = couple()
    by_system("bail", happened_at=AT - 6 * HOUR)
    run = CustodyEpisode.objects.get()
    by_system("arrest", happened_at=AT - 4 * HOUR)
    by_hand(darren, "bail", episode=run.reference, happened_at=AT - 2 * HOUR)
    assert ReassessmentReason.objects.filter(trigger="bail").count() == 2


@pytest.mark.parametrize(
    "kind,hours", [("bail", 1), ("release", 3)], ids=["another kind", "another time"]
)
def test_what_is_not_the_same_counts(kind: str, hours: int) -> None:
    darren, _ = couple()
    by_hand(darren, kind, happened_at=AT - hours * HOUR)
    by_system("release", happened_at=AT)
    assert ReassessmentReason.objects.count() == 2
    assert CustodyEpisode.objects.count() == 2


def test_one_system_that_says_it_twice_means_two() -> None:
    couple()
    by_system("bail", happened_at=AT - 2 * HOUR)
    by_system("bail", happened_at=AT - HOUR)
    assert ReassessmentReason.objects.count() == 2

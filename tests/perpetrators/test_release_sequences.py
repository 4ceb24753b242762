"""Whatever custody tells, in whatever order it comes: no release without a reassessment for each
open victim, and no open victim without somebody who answers by name."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import policy
from perpetrators.messages import Message
from perpetrators.models import CustodyEpisode, CustodyEvent, ExpectedRelease, ReleaseWatch
from perpetrators.services.concerned import victims_of
from perpetrators.services.releases import look_ahead
from risk.models import Reassessment, ReassessmentReason
from tests.factories.custody import AT, couple, deliver, message
from tests.factories.incidents import in_call, incident
from tests.personas import person
from victims.duties import named_for
from victims.models import Duty, Person, Victim

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Plans more often than the rest: most of what must hold is about them.
KINDS = (
    "prison-release-planned",
    "prison-release-planned",
    "prison-release-planned",
    "arrest",
    "bail",
    "bail-change",
    "charge",
    "remand",
    "prison",
    "prison-release-planned",
    "prison-release-cancelled",
    "prison-release",
    "release",
    "under-investigation",
    "no-further-action",
)
LET_OUT = ("bail", "under-investigation", "release", "prison-release")
_numbers = count(1)

#: What is told: kind, hours ago that it happened, of which of two runs, and for a plan in how many
#: hours from now the release is.
TOLD = st.tuples(
    st.sampled_from(KINDS),
    st.integers(min_value=1, max_value=200),
    st.sampled_from(["S/1", "S/2"]),
    st.integers(min_value=-50, max_value=500),
)
#: Each told once or twice, and what is done between: a new victim, or half a day that goes by.
STEPS = st.lists(
    st.tuples(TOLD, st.booleans(), st.sampled_from(["", "harm", "harm", "wait"])),
    min_size=1,
    max_size=6,
)


def spoken(told: tuple[str, int, str, int], number: int) -> Message:
    """The message as custody sends it at AT."""
    kind, ago, run, ahead = told
    more: dict[str, Any] = {}
    if kind == "prison-release-planned":
        more["release_at"] = AT + ahead * HOUR
    return message(
        kind,
        happened_at=AT - ago * HOUR,
        custody_number=run,
        message_id=f"sequence-{number}",
        **more,
    )


def harm_another(darren: Person, at: Any) -> None:
    incident(
        at=at,
        people=(
            in_call("victim", given_name="Ella", family_name=f"Whitcombe{next(_numbers)}"),
            in_call("perpetrator", person_id=darren.pk),
        ),
    )


def check(darren: Person, at: Any) -> None:
    """What must hold at every instant."""
    rules = policy.at(at)
    harmed = set(victims_of([darren.pk])[darren.pk])
    victims = list(Victim.objects.filter(pk__in=harmed))
    for duty in Duty:
        assert all(name.person for name in named_for(victims, duty, at).values())
    raised = {
        (row.victim_id, row.source_type, row.source_id): row.reassessment.state
        for row in ReassessmentReason.objects.filter(fallen_away_at__isnull=True).select_related(
            "reassessment"
        )
    }
    source = ExpectedRelease._meta.label_lower
    for release in ExpectedRelease.objects.filter(state__in=["expected", "done"]):
        watched = set(ReleaseWatch.objects.filter(release=release).values_list("victim", flat=True))
        if release.state == "expected":
            assert harmed <= watched
            near = release.expected_at - timedelta(days=rules.raised_days_ahead) <= at
            assert (release.raise_at is None) >= near
        if release.state == "expected" and release.raise_at is None:
            for pk in harmed:
                assert raised.get((pk, source, release.pk)) in ("open", "done")
    check_done(raised, at)
    assert all(one.owner_id for one in Reassessment.objects.filter(state="open"))


def check_done(raised: dict[tuple[int, str, int], str], at: Any) -> None:
    """Whoever was let out: a reassessment for each who was a victim when it was told."""
    source = CustodyEvent._meta.label_lower
    for event in CustodyEvent.objects.filter(kind__in=LET_OUT, state="applied"):
        harmed_then = Victim.objects.filter(
            involvements__incident__involvements__person=event.person_id,
            involvements__incident__involvements__role="perpetrator",
            created_at__lt=event.received_at,
        )
        for pk in harmed_then.values_list("pk", flat=True):
            assert raised.get((pk, source, event.pk)) in ("open", "done"), event.kind


@given(steps=STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_release_without_a_reassessment_and_no_victim_without_an_owner(
    steps: list[tuple[tuple[str, int, str, int], bool, str]],
) -> None:
    with transaction.atomic():
        person("supervisor")
        person("head")
        darren, _ = couple()
        at = AT
        for number, (told, twice, between) in enumerate(steps):
            one = spoken(told, number)
            for _ in range(1 + twice):
                deliver(one, at=at)
            if between == "harm":
                harm_another(darren, at)
            if between == "wait":
                at += 12 * HOUR
            look_ahead(at=at)
            check(darren, at)
        transaction.set_rollback(True)


@given(
    told=st.lists(TOLD, min_size=2, max_size=5),
    order=st.randoms(use_true_random=False),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_order_in_which_it_comes_changes_nothing_of_where_they_are(
    told: list[tuple[str, int, str, int]], order: Any
) -> None:
    spoken_of = [spoken(one, number) for number, one in enumerate(told)]
    shuffled = list(spoken_of)
    order.shuffle(shuffled)
    found = []
    for messages in (spoken_of, shuffled):
        with transaction.atomic():
            person("supervisor")
            person("head")
            couple()
            for one in messages:
                deliver(one)
            look_ahead(at=AT)
            runs = CustodyEpisode.objects.order_by("custody_number")
            due = ExpectedRelease.objects.filter(state="expected").order_by("expected_at")
            found.append(
                (
                    list(runs.values_list("custody_number", "state", "state_since")),
                    list(due.values_list("expected_at", "episode__custody_number")),
                )
            )
            transaction.set_rollback(True)
    assert found[0] == found[1]

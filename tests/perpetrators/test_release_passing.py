"""What is watched of a release goes to whoever answers for the victim's risk."""

from datetime import timedelta

import pytest

from deadlines.models import Deadline
from perpetrators.models import CustodyEpisode, ReleaseWatch
from perpetrators.services.releases import Expected, sync_releases
from tests.factories.custody import AT, couple
from tests.personas import person
from victims.services import set_responsible

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_the_watch_goes_with_the_risk_and_back_to_who_leads() -> None:
    leader = person("supervisor")
    perpetrator, victim = couple()
    episode = CustodyEpisode.objects.create(
        reference="CU-2026-000001",
        person=perpetrator,
        state=CustodyEpisode.State.PRISON,
        state_since=AT,
        began_at=AT,
    )
    row = Expected(episode=episode, expected_at=AT + 3 * DAY)
    sync_releases([row], actor=person("custody"), at=AT)
    officer = person("officer_b")
    for duty, to, owner in (
        ("contact", officer, leader),
        ("risk", officer, officer),
        ("risk", None, leader),
    ):
        set_responsible(victim_id=victim.pk, person=to, duties=[duty], actor=leader, at=AT)
        watch = ReleaseWatch.objects.get(victim=victim)
        clock = Deadline.objects.get(kind="release_expected")
        assert watch.owner == clock.owner == owner
    # A release that is over is nobody's to watch: it keeps who watched it.
    sync_releases(
        [Expected(episode=episode, expected_at=None, released_at=AT + DAY)],
        actor=person("custody"),
        at=AT + DAY,
    )
    set_responsible(victim_id=victim.pk, person=officer, duties=["risk"], actor=leader, at=AT + DAY)
    assert ReleaseWatch.objects.get(victim=victim).owner == leader

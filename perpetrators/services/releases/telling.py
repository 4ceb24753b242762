"""What follows from a release to come: reassessments, updates for victims, the audit."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from audit import services as audit
from core.trigger_rules import Trigger
from perpetrators.models import ExpectedRelease, ReleaseWatch
from perpetrators.services.releases import times, watching
from risk.services.triggers import Fired, fire
from victims import services as victims
from victims.models import VictimUpdate

About = VictimUpdate.About
SOURCE = ExpectedRelease._meta.label_lower


def raise_releases(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> None:
    """Open the reassessments beforehand, and owe the victims word before the release.

    That an earlier one of the same episode is off is said no more: it would be heard as if nothing
    were planned.
    """
    ids = [one.pk for one in releases]
    earlier = ExpectedRelease.objects.filter(episode__in={one.episode_id for one in releases})
    called_off = earlier.filter(state=ExpectedRelease.State.CANCELLED).exclude(pk__in=ids)
    victims.withdraw_updates(
        source_type=SOURCE,
        source_ids=list(called_off.values_list("pk", flat=True)),
        abouts=[About.RELEASE_AHEAD],
        because="A release is planned again.",
        actor=actor,
        at=at,
    )
    _fire(releases, Trigger.RELEASE_PLANNED, actor, at)


def raise_alarms(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> None:
    """Nothing recorded: whoever is at risk is looked at as if the release had happened."""
    _fire(releases, Trigger.RELEASE_OVERDUE, actor, at)


def raise_for(watches: Sequence[ReleaseWatch], *, actor: User, at: datetime) -> None:
    """For these watches alone, what was raised for the others of their releases before.

    Each with its release, episode and person, as `watching.watch` gives them.
    """
    fired = [
        _fired(watch.release, watch.victim_id, trigger, at)
        for watch in watches
        if watch.victim_id is not None
        for trigger in _raised_by_now(watch.release)
    ]
    if fired:
        fire(fired=fired, actor=actor, at=at)


def _raised_by_now(release: ExpectedRelease) -> list[Trigger]:
    raised = [Trigger.RELEASE_PLANNED] if release.raise_at is None else []
    return raised if release.alarmed_at is None else [*raised, Trigger.RELEASE_OVERDUE]


def tell_cancelled(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> None:
    """Owe word that it is off to every victim who was told of the release."""
    by_id = {one.pk: one for one in releases}
    told = (
        VictimUpdate.objects.filter(
            source_type=SOURCE,
            source_id__in=by_id,
            about=About.RELEASE_AHEAD,
            state=VictimUpdate.State.TOLD,
        )
        .order_by("victim_id", "source_id")
        .values_list("victim_id", "source_id")
        .distinct()
    )
    news = [
        victims.News(
            victim_id=victim_id,
            about=About.RELEASE_AHEAD,
            words=_off(by_id[release_id]),
            happened_at=at,
            source_type=SOURCE,
            source_id=release_id,
        )
        for victim_id, release_id in told
    ]
    if news:
        victims.owe_updates(news=news, actor=actor, at=at)


def record(
    releases: Sequence[ExpectedRelease],
    verb: str,
    headline: str,
    *,
    actor: User,
    at: datetime,
    is_grave: bool = False,
) -> None:
    """Write on the timelines of person and victims what became of each release."""
    watches = watching.of([one.pk for one in releases])
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb=f"release.{verb}",
            headline=f"{release.episode.person}: {headline.format(when=times.words(release))}"[
                :300
            ],
            subject=_subject(release, watch),
            victim_id=watch.victim_id,
            is_grave=is_grave,
            detail={
                "person": release.episode.person.reference,
                "episode": release.episode.reference,
                "expected": release.expected_at.isoformat(),
            },
        )
        for release in releases
        for watch in watches[release.pk]
    )


def _fire(releases: Sequence[ExpectedRelease], trigger: Trigger, actor: User, at: datetime) -> None:
    by_id = {one.pk: one for one in releases}
    fired = [
        _fired(by_id[release_id], watch.victim_id, trigger, at)
        for release_id, watches in watching.of(by_id).items()
        for watch in watches
        if watch.victim_id is not None
    ]
    if fired:
        fire(fired=fired, actor=actor, at=at)


def _fired(release: ExpectedRelease, victim_id: int, trigger: Trigger, at: datetime) -> Fired:
    person, when = release.episode.person, times.words(release)
    if trigger is Trigger.RELEASE_OVERDUE:
        return Fired(
            victim_id=victim_id,
            trigger=trigger,
            happened_at=release.alarm_at,
            words=f"{person}: release was expected on {when}, none is recorded",
            source_type=SOURCE,
            source_id=release.pk,
        )
    return Fired(
        victim_id=victim_id,
        trigger=trigger,
        happened_at=release.expected_at,
        words=f"{person}: release is planned for {when}",
        source_type=SOURCE,
        source_id=release.pk,
        is_late=release.expected_at < at,
        about=About.RELEASE_AHEAD,
    )


def _subject(release: ExpectedRelease, watch: ReleaseWatch) -> str:
    return watch.victim.reference if watch.victim else release.episode.person.reference


def _off(release: ExpectedRelease) -> str:
    return f"{release.episode.person}: the release planned for {times.words(release)} is cancelled"

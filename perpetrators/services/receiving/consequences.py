"""What each kind of event causes: risk looked at again, victims told, releases and hearings kept.

One table; the rules of who must look by when are the force's own (core.trigger_rules).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core.clock import local
from core.trigger_rules import Trigger
from perpetrators.folding import Folded, Release
from perpetrators.messages import Kind
from perpetrators.services.concerned import victims_of
from perpetrators.services.receiving.deliveries import Delivery
from perpetrators.services.releases import Expected, Listed, sync_hearings, sync_releases
from risk.services.triggers import Fired, fire
from risk.services.triggers.rows import lock_victims
from victims.models import Person, VictimUpdate
from victims.services.updates import News, owe_updates

About = VictimUpdate.About
SOURCE = "perpetrators.custodyevent"
#: Characters of a sentence on a timeline.
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Effect:
    """What a kind of event causes. Without a trigger the victims are told and that is all."""

    words: str
    trigger: Trigger | None = None
    about: str = ""
    is_grave: bool = False


EFFECTS: Mapping[str, Effect] = {
    Kind.ARREST: Effect("arrested", about=About.ARREST),
    Kind.BAIL: Effect("released on bail", Trigger.BAIL, About.BAIL, is_grave=True),
    Kind.BAIL_CHANGE: Effect("bail changed", Trigger.BAIL_CHANGE, About.BAIL_CHANGE),
    Kind.BAIL_BREACH: Effect(
        "bail breached", Trigger.ORDER_BREACHED, About.ORDER_BREACH, is_grave=True
    ),
    Kind.UNDER_INVESTIGATION: Effect(
        "released under investigation", Trigger.RELEASE, About.UNDER_INVESTIGATION, is_grave=True
    ),
    Kind.CHARGE: Effect("charged", Trigger.CHARGE, About.CHARGE),
    Kind.NO_FURTHER_ACTION: Effect("no further action, no charge", about=About.NO_CHARGE),
    Kind.REMAND: Effect("remanded in custody", about=About.REMAND),
    Kind.RELEASE: Effect("released from custody", Trigger.RELEASE, About.RELEASE, is_grave=True),
    Kind.PRISON: Effect("sentenced to prison", about=About.REMAND),
    Kind.PRISON_RELEASE: Effect(
        "released from prison", Trigger.PRISON_RELEASE, About.RELEASE, is_grave=True
    ),
    # Raised ahead of their day by what keeps releases and hearings, not by the message itself.
    Kind.COURT_DATE: Effect("court date listed"),
    Kind.COURT_DATE_VACATED: Effect("court date vacated"),
    Kind.RELEASE_PLANNED: Effect("release planned"),
    Kind.RELEASE_CANCELLED: Effect("planned release cancelled"),
}
#: Whoever was held until then is let out by it.
LET_OUT_UNCHARGED = Effect(
    "released without charge", Trigger.RELEASE, About.NO_CHARGE, is_grave=True
)
BAIL_ENDED = Effect("bail ended", Trigger.BAIL_CHANGE, About.BAIL_CHANGE)


def follow(
    deliveries: Sequence[Delivery],
    folded: Mapping[int, Folded],
    people: Mapping[int, Person],
    *,
    actor: User,
    at: datetime,
) -> None:
    """Do all that these events cause, for all of them at once, in the caller's transaction."""
    victims = victims_of(people)
    # Before any clock: whoever passes a risk on holds the victim, and then takes their clocks.
    lock_victims({pk for ids in victims.values() for pk in ids})
    audit.record_many(_audited(deliveries, people, victims, actor, at))
    fired = list(_fired(deliveries, people, victims))
    if fired:
        fire(fired=fired, actor=actor, at=at)
    news = list(_news(deliveries, people, victims))
    if news:
        owe_updates(news=news, actor=actor, at=at)
    if releases := list(_releases(deliveries, folded)):
        sync_releases(releases, actor=actor, at=at)
    if hearings := list(_hearings(deliveries, folded)):
        sync_hearings(rows=hearings, actor=actor, at=at)


def effect_of(one: Delivery) -> Effect:
    """The row of the table for this event, by what it found."""
    if one.message.kind == Kind.NO_FURTHER_ACTION and one.found_held:
        return LET_OUT_UNCHARGED
    if one.message.kind == Kind.BAIL_CHANGE and one.message.bail_ended:
        return BAIL_ENDED
    return EFFECTS[one.message.kind]


def sentence(one: Delivery, person: Person) -> str:
    """ "Darren Pike released on bail, 22 Nov 2026 16:10"."""
    when = local(one.message.happened_at)
    what = effect_of(one).words
    return f"{str(person)[:200]} {what}, {when.day} {when:%b %Y %H:%M}"[:LONGEST_WORDS]


def _fired(
    deliveries: Sequence[Delivery],
    people: Mapping[int, Person],
    victims: Mapping[int, list[int]],
) -> Iterator[Fired]:
    for one in deliveries:
        effect = effect_of(one)
        if effect.trigger is None or one.is_told_already:
            continue
        for victim_id in victims[one.person_id]:
            yield Fired(
                victim_id=victim_id,
                trigger=effect.trigger,
                happened_at=one.message.happened_at,
                words=sentence(one, people[one.person_id]),
                source_type=SOURCE,
                source_id=one.event.pk,
                is_late=one.event.is_late,
                about=effect.about,
            )


def _news(
    deliveries: Sequence[Delivery],
    people: Mapping[int, Person],
    victims: Mapping[int, list[int]],
) -> Iterator[News]:
    """What victims are told of without a trigger; those of triggers are told with them."""
    for one in deliveries:
        effect = effect_of(one)
        if effect.trigger is not None or not effect.about or one.is_told_already:
            continue
        for victim_id in victims[one.person_id]:
            yield News(
                victim_id=victim_id,
                about=effect.about,
                words=sentence(one, people[one.person_id]),
                happened_at=one.message.happened_at,
                source_type=SOURCE,
                source_id=one.event.pk,
                is_late=one.event.is_late,
            )


def _releases(deliveries: Sequence[Delivery], folded: Mapping[int, Folded]) -> Iterator[Expected]:
    """Also where nothing is planned: a plan that fell away may still be kept."""
    for one in _one_per_run(deliveries):
        assert one.episode is not None
        release = folded[one.episode.pk].release or Release(None)
        yield Expected(
            episode=one.episode,
            expected_at=release.expected_at,
            day_only=release.day_only,
            released_at=release.released_at,
            is_cancelled=release.is_cancelled,
            words="The planned release was cancelled",
        )


def _hearings(deliveries: Sequence[Delivery], folded: Mapping[int, Folded]) -> Iterator[Listed]:
    for one in _one_per_run(deliveries):
        assert one.episode is not None
        for row in folded[one.episode.pk].hearings:
            yield Listed(
                episode=one.episode,
                listing=row.listing,
                at=row.at,
                court=row.court,
                hearing=row.hearing,
                is_vacated=row.is_vacated,
            )


def _one_per_run(deliveries: Sequence[Delivery]) -> list[Delivery]:
    runs = {one.episode.pk: one for one in deliveries if one.episode is not None}
    return [runs[pk] for pk in sorted(runs)]


def _audited(
    deliveries: Sequence[Delivery],
    people: Mapping[int, Person],
    victims: Mapping[int, list[int]],
    actor: User,
    at: datetime,
) -> Iterator[AuditEvent]:
    """On the timeline of every victim whom it concerns; else by itself."""
    for one in deliveries:
        assert one.episode is not None
        late = " (reported late)" if one.event.is_late else ""
        if one.is_told_already:
            late = " (on record already)"
        headline = f"{sentence(one, people[one.person_id])[:280]}{late}"
        concerned: list[int | None] = [*victims[one.person_id]]
        for victim_id in concerned or [None]:
            yield audit.event(
                actor=actor,
                at=at,
                verb=f"custody.{one.message.kind}",
                headline=headline,
                subject=one.episode.reference,
                victim_id=victim_id,
                incident_id=one.episode.incident_id,
                is_grave=effect_of(one).is_grave and not one.is_told_already,
                detail={
                    "message": f"{one.message.system} {one.message.message_id}",
                    "happened_at": one.message.happened_at.isoformat(),
                    "known_by": one.event.matched_because,
                },
            )

"""Who can be sent, and what each has already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.db.models import QuerySet

from accounts.models import Area, Team, User
from incidents.models import Deployment, Duty, Unit

#: A duty is shorter than this; what somebody was sent to before it is not what keeps them busy now.
BUSY_WITHIN = timedelta(hours=24)


class Standing(IntEnum):
    """Whether somebody can be sent, in the order in which they are offered."""

    AVAILABLE = 0
    ON_THE_WAY = 1
    THERE = 2
    OVERRUNNING = 3
    UNAVAILABLE = 4
    OFF_DUTY = 5


@dataclass(frozen=True)
class Officer:
    """One officer: their duty, if any, and what they were sent to and are not free from yet."""

    person: User
    duty: Duty | None
    busy_with: tuple[Deployment, ...]
    at: datetime

    @property
    def unit(self) -> Unit | None:
        return self.duty.unit if self.duty else None

    @property
    def area(self) -> Area | None:
        """Where they can be sent from: the unit's area, else their team's."""
        team = self.unit.team if self.unit else self.person.team
        return team.area if team else None

    @property
    def is_overrunning(self) -> bool:
        """Still on duty after it was planned to end."""
        return self.duty is not None and self.duty.ends_at <= self.at

    @property
    def needs_a_tick(self) -> bool:
        """Sent only by somebody who says that they know."""
        return self.standing in {Standing.UNAVAILABLE, Standing.OFF_DUTY}

    @property
    def is_available(self) -> bool:
        return self.standing is Standing.AVAILABLE

    @property
    def standing_code(self) -> str:
        """For other systems: "available", "on_the_way"."""
        return self.standing.name.lower()

    @property
    def standing(self) -> Standing:
        if self.duty is None:
            return Standing.OFF_DUTY
        if self.duty.unavailable_reason:
            return Standing.UNAVAILABLE
        if any(row.arrived_at for row in self.busy_with):
            return Standing.THERE
        if self.busy_with:
            return Standing.ON_THE_WAY
        return Standing.OVERRUNNING if self.is_overrunning else Standing.AVAILABLE


def those_who_may_attend() -> QuerySet[User]:
    """Everybody active whose role attends incidents."""
    return User.objects.filter(
        is_active=True,
        groups__permissions__codename="attend_incident",
        groups__permissions__content_type__app_label="incidents",
    ).distinct()


def duties_now() -> QuerySet[Duty]:
    """Whoever is on duty, with what says where they can be sent from."""
    return Duty.objects.filter(ended_at__isnull=True).select_related(
        "officer__team__area", "unit__team__area"
    )


def not_free(at: datetime) -> QuerySet[Deployment]:
    """Who is on the way to something or at it: sent within the last day and not cleared."""
    return (
        Deployment.objects.filter(cleared_at__isnull=True, sent_at__gt=at - BUSY_WITHIN)
        .exclude(incident__state="closed")
        .select_related("incident")
        .order_by("sent_at", "pk")
    )


def on_duty(at: datetime) -> list[Officer]:
    """Everybody on duty, by call sign and name; two queries."""
    return sorted(_with_their_work(duties_now(), at), key=_by_call_sign)


def officer_now(person: User, at: datetime) -> Officer:
    """One officer, on duty or not; two queries."""
    duty = duties_now().filter(officer=person).first()
    return Officer(person, duty, tuple(not_free(at).filter(officer=person)), at)


def to_choose_from(area: Area | None, at: datetime) -> list[Officer]:
    """Whom to offer: the available of the area, then of others, then who is busy, overruns, cannot
    be sent, and last who of the response teams is not on duty; three queries."""
    duties = list(duties_now())
    on = {duty.officer_id for duty in duties}
    off = [
        person
        for person in those_who_may_attend()
        .filter(team__kind=Team.Kind.RESPONSE)
        .select_related("team__area")
        if person.pk not in on
    ]
    here = area.pk if area else None
    return sorted(
        _with_their_work(duties, at, off),
        key=lambda one: (
            one.standing,
            one.area is None or one.area.pk != here,
            *_by_call_sign(one),
        ),
    )


def _with_their_work(
    duties: Iterable[Duty], at: datetime, off: Sequence[User] = ()
) -> Iterable[Officer]:
    work: dict[int, list[Deployment]] = {}
    for row in not_free(at):
        work.setdefault(row.officer_id, []).append(row)
    for duty in duties:
        yield Officer(duty.officer, duty, tuple(work.get(duty.officer_id, ())), at)
    for person in off:
        yield Officer(person, None, tuple(work.get(person.pk, ())), at)


def _by_call_sign(one: Officer) -> tuple[bool, str, str]:
    return one.unit is None, one.unit.call_sign if one.unit else "", one.person.name

"""Whatever happens to duties, in whatever order: an open victim has somebody's name."""

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.cover import away_at
from accounts.models import Absence, User
from core.errors import DomainError
from tests.victims.handing_over import held
from victims import services
from victims.duties import named
from victims.models import Duty, Handover, Victim

People = Callable[[str], User]

with_database = pytest.mark.django_db


@with_database
@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_somebody_is_named(people: People, at: datetime, seed: int) -> None:
    """Claims, handovers, people who leave or are away, closings: an open victim has a name."""
    chance = random.Random(seed)
    staff = [people(who) for who in ("officer", "officer_b", "supervisor", "worker", "manager")]
    head, row = people("head"), held(at)
    for step in range(30):
        now, actor, other = at + timedelta(hours=step), chance.choice(staff), chance.choice(staff)
        with suppress(DomainError, PermissionDenied):
            _something(chance, row, actor, other, head, now)
        row = Victim.objects.get(pk=row.pk)
        for duty in Duty:
            who = named(row, duty, now)
            assert who.person is not None and who.person.is_active, (seed, step, who)
            assert who.team is not None
            if who.person != head:
                assert who.person.pk not in away_at([who.person.pk], now), (seed, step, who)
        _nobody_is_away_twice_or_relied_on_while_away()


def _nobody_is_away_twice_or_relied_on_while_away() -> None:
    """What the services promise, of all absences that there ever were."""
    rows = list(Absence.objects.all())
    for one, other in itertools.permutations(rows, 2):
        if one.person_id in {other.person_id, other.cover_id}:
            assert one.until_at <= other.from_at or other.until_at <= one.from_at, (one, other)


HAPPENINGS = [
    *("claim", "arrive", "release", "offer", "answer"),
    *("leave", "away", "back", "close", "give"),
]


def _something(
    chance: random.Random, row: Victim, actor: User, other: User, head: User, at: datetime
) -> None:
    duty = chance.choice(list(Duty)).value
    offer = Handover.objects.open().filter(victim=row).first()
    match chance.choice(HAPPENINGS):
        case "claim":
            services.set_responsible(victim_id=row.pk, person=actor, actor=actor, at=at)
        case "release":
            services.set_responsible(
                victim_id=row.pk, person=None, team=actor.team, actor=actor, at=at
            )
        case "offer":
            services.hand_over(victim_id=row.pk, duty=duty, to=other, words="x", actor=actor, at=at)
        case "answer" if offer:
            takes = chance.random() < 0.6
            services.answer_handover(
                handover_id=offer.pk, takes=takes, words="x", actor=offer.to_person, at=at
            )
        case "leave":
            User.objects.filter(pk=actor.pk).update(is_active=not actor.is_active)
            actor.is_active = not actor.is_active
        case "away":
            services.arrange_absence(
                person=actor,
                cover=other,
                from_at=at + timedelta(hours=chance.choice([-1, 0, 1])),
                until_at=at + timedelta(hours=chance.choice([2, 5, 9])),
                actor=chance.choice([actor, head]),
                at=at,
            )
        case "back":
            absence = Absence.objects.filter(until_at__gt=at).order_by("pk").first()
            if absence is not None:
                services.end_absence(absence_id=absence.pk, actor=head, at=at)
        case "arrive":
            services.set_responsible(
                victim_id=row.pk,
                person=actor,
                duties=["contact"],
                and_unheld=True,
                actor=actor,
                at=at,
            )
        case "close" if row.closed_at is None:
            services.close_case(victim_id=row.pk, reason="x", actor=head, at=at)
        case "close":
            services.reopen_case(victim_id=row.pk, reason="x", actor=head, at=at)
        case "give":
            holder = getattr(row, f"{duty}_owner_id")
            services.assign(
                rows=[services.Held(row.pk, duty, holder)], to=other, words="x", actor=head, at=at
            )

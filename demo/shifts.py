"""Who is on duty as the year ends: most of the response teams, and in one area nobody to send."""

from datetime import datetime, timedelta

from accounts.roles import Role
from core import policy
from demo.people import Colleague, Force, colleagues
from incidents.models import Duty
from incidents.officers import not_free
from incidents.services import dispatch

#: Whoever could be sent from here is at something, away or off duty.
NOBODY_LEFT = "Saltfen"
#: By user name: why they cannot be sent just now.
AWAY = {"r.sidhu": "At custody with a prisoner", "d.nwosu": "At court until the afternoon"}
AWAY_THERE = "At custody in Kingsholt with a prisoner"
#: On duty longer than planned.
OVERRUNNING = "c.attwater"
#: One in so many has the day off.
DAY_OFF = 9


def begin_tours(force: Force, *, at: datetime) -> None:
    """Book the response teams on as real tours would stand at `at`.

    Who is on duty already stays so. Tours of a team begin together, some hours ago.
    """
    busy = set(not_free(at).values_list("officer", flat=True))
    on = set(Duty.objects.filter(ended_at__isnull=True).values_list("officer", flat=True))
    teams = sorted({person.team for person in colleagues() if person.role == Role.SUPERVISOR})
    somebody_is_away = False
    for number, person in enumerate(_officers()):
        user = force.users[person.username]
        is_free = user.pk not in busy
        reason = AWAY.get(person.username, "") if is_free else ""
        if user.pk in on:
            continue
        if is_free and person.team.startswith(NOBODY_LEFT):
            if somebody_is_away:
                continue
            reason, somebody_is_away = AWAY_THERE, True
        elif is_free and not reason and number % DAY_OFF == DAY_OFF - 1:
            continue
        _book_on(force, person.username, teams.index(person.team), reason, at)


def _officers() -> list[Colleague]:
    """Those who drive out; who leads a team stays at the station."""
    return [person for person in colleagues() if person.role == Role.RESPONSE_OFFICER]


def _book_on(force: Force, username: str, tour: int, reason: str, at: datetime) -> None:
    user, room = force.users[username], force.users["inspector"]
    started = at.replace(minute=0) - timedelta(hours=4 + tour % 4)
    if username == OVERRUNNING:
        started = at - timedelta(hours=policy.at(at).duty_hours, minutes=25)
    duty = dispatch.start_duty(officer=user, actor=user, at=started, unit=force.cars.get(username))
    if reason:
        since = at - timedelta(minutes=48)
        dispatch.make_unavailable(duty_id=duty.pk, actor=room, reason=reason, at=since)

"""Those who lead hear by night which victims' duties have nobody who is here."""

from datetime import datetime, timedelta

from django.urls import reverse

import deadlines.services
from accounts.cover import away_at, effective
from accounts.models import Team, User
from accounts.roles import Role
from deadlines.models import Notification
from victims import unanswered

#: Said once a night, however often it is looked for.
ONCE_IN = timedelta(hours=20)


def warn_of_unanswered(*, at: datetime) -> int:
    """Tell the leader of each team that has such duties, or the heads where none is here.

    How many teams there are; whoever was told within 20 hours is not told again.
    """
    counts = unanswered.by_team(at)
    if not counts:
        return 0
    path = reverse("victims:people_here")
    told = set(
        Notification.objects.filter(path=path, created_at__gt=at - ONCE_IN).values_list(
            "user_id", "reference"
        )
    )
    heads = list(User.objects.filter(groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True))
    teams = list(Team.objects.select_related("supervisor").filter(pk__in=counts))
    away = away_at({team.supervisor_id for team in teams}, at)
    uncovered = away.keys() - effective(away, at).keys()
    for team in teams:
        leader = team.supervisor
        is_here = leader is not None and leader.is_active and leader.pk not in uncovered
        leaders = [leader] if leader is not None and is_here else heads
        reference = team.name[:40]
        number = counts[team.pk]
        what = "1 victim has a duty" if number == 1 else f"{number} victims have duties"
        deadlines.services.notify(
            users=[one for one in leaders if (one.pk, reference) not in told],
            level=Notification.Level.WARNING,
            headline=f"{team}: {what} whose person is not here. Pass them on."[:200],
            reference=reference,
            path=path,
            victim_id=None,
            at=at,
        )
    return len(counts)

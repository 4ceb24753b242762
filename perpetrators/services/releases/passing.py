"""A victim's risk passes to somebody else: what is watched of releases goes with it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from deadlines import services as deadlines
from perpetrators.deadlines.releases import RELEASE
from perpetrators.models import ReleaseWatch
from victims.duties import named
from victims.models import Duty, Victim


@transaction.atomic
def pass_watches(*, victim_id: int, actor: User, at: datetime) -> None:
    """The watches over releases still to come go to whoever answers for the risk now.

    Follows the duty's own service, which asked for its permission and writes the audit.
    """
    rows = list(
        ReleaseWatch.objects.filter(victim=victim_id, release__state="expected")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    if not rows:
        return
    name = named(Victim.objects.get(pk=victim_id), Duty.RISK, at)
    ReleaseWatch.objects.filter(pk__in=[row.pk for row in rows]).update(
        owner=name.person, team=name.team
    )
    for row in rows:
        deadlines.assign(
            kind=RELEASE, subject=row, owner=name.person, team=name.team, actor=actor, at=at
        )

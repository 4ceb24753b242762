from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.cover import stood_in_for
from accounts.models import Absence, Team
from core import shut
from core.querysets import VictimScoped
from deadlines import kinds

if TYPE_CHECKING:
    from accounts.models import User
    from deadlines.models import Deadline, Digest, Notification  # noqa: F401


class DeadlineQuerySet(VictimScoped["Deadline"]):
    def visible_to(self, user: "User") -> Self:
        """Where the victim is; without a victim, what is the person's own or their team's.

        So is what a partner has to do for a victim whose record they may not see.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Q(owner=user)
        if user.team_id:
            mine |= Q(team=user.team_id)
        seen = _of_victims_seen(self, user) | Q(mine, victim__isnull=True)
        rows = self.filter(seen | (mine & _of_partners(user, "kind", kinds.for_partners())))
        return shut.open_to(rows, user, "subject_reference")

    def open(self) -> Self:
        return self.filter(state__in=["running", "breached"])

    def overdue(self, at: datetime) -> Self:
        """Open and past its time, whether or not a sweep has seen it; never while it is paused."""
        return self.open().filter(due_at__lte=at, paused_at__isnull=True)

    def waiting_for(self, user: "User", at: datetime) -> Self:
        """What this person must do, what whoever they stand in for must, and their team while
        nobody has it. One query is made at once: who that is."""
        people = [user.pk, *(absence.person_id for absence in stood_in_for(user.pk, at))]
        mine = Q(owner__in=people)
        if user.team_id:
            mine |= Q(owner__isnull=True, team=user.team_id)
        return self.open().filter(mine)

    def of(self, subject: models.Model) -> Self:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: "User") -> Self:
        """One's own, while the victim whom it is about may still be seen.

        What was told before a grant ended or a name was withheld is not read afterwards.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        seen = Q(victim__isnull=True) | _of_victims_seen(self, user)
        rows = self.filter(
            seen | _of_partners(user, "deadline__kind", kinds.told_to_partners()), user=user
        )
        return shut.open_to(rows, user, "reference")

    def unseen(self) -> Self:
        return self.filter(seen_at__isnull=True)


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, user: "User") -> Self:
        """One's own, and those of the teams that one leads, or stands in to lead."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(person=user) | Q(team__in=_teams_led(user), person__isnull=True))

    def unanswered(self) -> Self:
        return self.filter(acknowledged_at__isnull=True)


def _teams_led(user: "User") -> models.QuerySet[Team]:
    """The teams that this person leads, and those of leaders for whom they stand in now."""
    away = Absence.objects.filter(cover=user, from_at__lte=Now(), until_at__gt=Now())
    return Team.objects.filter(Q(supervisor=user) | Q(supervisor__in=away.values("person")))


def _of_partners(user: "User", path: str, codes: list[str]) -> Q:
    """What partners are told of their own duties, but of victims withheld from them; nothing for
    whoever sees every victim's record: the root's policy says it all, and no join is paid for.
    """
    if user.has_perm("victims.view_all_victims"):
        return Q(pk__in=[])
    kept = ~Q(victim__in=sorted(user.withheld_victims)) if user.withheld_victims else Q()
    return Q(kept, **{f"{path}__in": codes})


def _of_victims_seen(rows: models.QuerySet[Any], user: "User") -> Q:
    """Of rows with a victim, those that this person may see: the root's own policy, reached
    through the key, since this app may not import a higher one."""
    field: Any = rows.model._meta.get_field("victim")
    limit: Q | None = field.related_model._default_manager.all().seen_by(user, "victim")
    return Q(victim__isnull=False) if limit is None else Q(limit, victim__isnull=False)

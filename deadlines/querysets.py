from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.cover import stood_in_for
from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from deadlines.models import Deadline, Notification  # noqa: F401


class DeadlineQuerySet(VictimScoped["Deadline"]):
    def visible_to(self, user: "User") -> Self:
        """Where the victim is; without a victim, what is the person's own or their team's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Q(owner=user)
        if user.team_id:
            mine |= Q(team=user.team_id)
        victims = self._visible_victims(user)
        # Who sees every victim needs no list of them: a million keys would be gathered for a page.
        of_victims = (
            Q(victim__in=victims.values("pk")) if victims.query.where else Q(victim__isnull=False)
        )
        return self.filter(of_victims | Q(mine, victim__isnull=True))

    def _visible_victims(self, user: "User") -> Any:
        """The root's own policy, reached through the key: this app may not import a higher one."""
        field: Any = self.model._meta.get_field(self.victim_field)
        return field.related_model._default_manager.visible_to(user)

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
        return self.filter(user=user)

    def unseen(self) -> Self:
        return self.filter(seen_at__isnull=True)

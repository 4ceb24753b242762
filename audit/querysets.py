from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from audit.models import AuditEvent, RecordRead  # noqa: F401


class EventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: "User") -> Self:
        """The whole log, for those who audit; a timeline is reached through its victim instead."""
        return self if user.has_perm("audit.view_audit") else self.none()

    def timeline(self, *, victim_id: int, incident_ids: Iterable[int]) -> Self:
        """Everything about a victim and the incidents named, newest first."""
        about_victim = self.filter(victim_id=victim_id)
        about_incidents = self.filter(incident_id__in=list(incident_ids), victim_id__isnull=True)
        return about_victim.union(about_incidents, all=True).order_by("-at", "-id")


class ReadQuerySet(models.QuerySet["RecordRead"]):
    def visible_to(self, user: "User") -> Self:
        return self if user.has_perm("audit.view_audit") else self.none()

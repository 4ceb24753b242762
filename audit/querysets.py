from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from audit.models import AuditEvent, RecordRead  # noqa: F401


class EventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: "User") -> Self:
        """The whole log, for those who audit; a timeline is reached through its victim instead."""
        return self if user.has_perm("audit.view_audit") else self.none()

    def timeline(self, *, victim_id: int, incident_ids: Iterable[int]) -> Self:
        """Everything about a victim and the incidents named, newest first.

        What was written about another victim of one of these incidents is left out. The index of
        victims and that of incidents are read together: a victim has hundreds of rows at most.
        """
        of_incidents = Q(incident_id__in=list(incident_ids), victim_id__isnull=True)
        return self.filter(Q(victim_id=victim_id) | of_incidents).order_by("-at", "-id")


class ReadQuerySet(models.QuerySet["RecordRead"]):
    def visible_to(self, user: "User") -> Self:
        return self if user.has_perm("audit.view_audit") else self.none()

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from learning.permissions import can_view_results, can_write

if TYPE_CHECKING:
    from accounts.models import User
    from learning.models import Notice  # noqa: F401


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def in_force(self) -> Self:
        """Published, not withdrawn, and not replaced by another that is published."""
        return self.published().filter(withdrawn_at__isnull=True, replacement__published_at=None)

    def asked_of(self, user: "User") -> Self:
        """Meant for this person by their roles and team now, in force or not."""
        field: Any = self.model._meta.get_field("teams")
        through = field.remote_field.through
        teams = through._default_manager.filter(notice=OuterRef("pk"))
        return self.filter(
            Q(~Exists(teams)) | Q(Exists(teams.filter(team=user.team_id))),
            roles__overlap=list(user.role_names),
        )

    def visible_to(self, user: "User") -> Self:
        """To who writes notices: all. To who sees results: what is published. To others: theirs.

        Theirs is what they are asked to read now and what they read before; a draft is nobody's.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if can_write(user):
            return self
        if can_view_results(user):
            return self.published()
        asked = self.model._default_manager.asked_of(user).values("pk")
        return self.published().filter(Q(pk__in=asked) | Q(readings__user=user)).distinct()

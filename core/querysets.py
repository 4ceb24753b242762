"""Who sees what, for everything that hangs from a victim."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model, covariant=True)


class VictimScoped(models.QuerySet[M]):
    """Rows visible exactly where their victim is: the root's `visible_to` is the only policy."""

    victim_field = "victim"

    def visible_to(self, user: "User") -> Self:
        field: Any = self.model._meta.get_field(self.victim_field)
        visible = field.related_model._default_manager.visible_to(user)
        return self.filter(**{f"{self.victim_field}__in": visible.values("pk")})

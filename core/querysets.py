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
        """Those of victims that this person may see; rows without a victim are nobody's here.

        The root's policy decides both. Where it filters nothing, neither does this: a semi-join
        with a million victims would make a list pay for a restriction that there is not.
        """
        field: Any = self.model._meta.get_field(self.victim_field)
        visible = field.related_model._default_manager.visible_to(user)
        if visible.query.where:
            return self.filter(**{f"{self.victim_field}__in": visible.values("pk")})
        return self.exclude(**{self.victim_field: None}) if field.null else self

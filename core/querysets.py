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

        The root's policy decides both, as a condition on the key that the row holds.
        """
        field: Any = self.model._meta.get_field(self.victim_field)
        limit = field.related_model._default_manager.all().seen_by(user, self.victim_field)
        rows = self if limit is None else self.filter(limit)
        return rows.exclude(**{self.victim_field: None}) if field.null else rows

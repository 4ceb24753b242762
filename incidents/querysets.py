from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from incidents.models import CallDraft, Incident, Involvement  # noqa: F401  (generics in quotes)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: "User") -> Self:
        """All of them for roles that police; else those of a victim that this person may see."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("victims.view_all_victims"):
            return self
        involvement: Any = self.model._meta.get_field("involvements").related_model
        seen = involvement.objects.visible_to(user).filter(incident=OuterRef("pk"))
        return self.filter(Exists(seen))

    def open(self) -> Self:
        return self.exclude(state="closed")


class InvolvementQuerySet(VictimScoped["Involvement"]):
    """`visible_to` gives the victims' own rows: what one victim's reader may know."""


class CallDraftQuerySet(models.QuerySet["CallDraft"]):
    def visible_to(self, user: "User") -> Self:
        """A draft is its handler's alone."""
        return self.filter(handler=user)

    def unfinished(self) -> Self:
        return self.filter(discarded_at__isnull=True, incident__isnull=True)

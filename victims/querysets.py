"""The one policy of who sees what; everything that hangs from a victim delegates to it."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from victims.models import (  # noqa: F401
        Address,
        Circumstance,
        Contact,
        Handover,
        Marker,
        Person,
        PersonalStatement,
        SafeContact,
        SafetyPlan,
        Victim,
        VictimUpdate,
    )


class VictimQuerySet(models.QuerySet["Victim"]):
    def visible_to(self, user: "User") -> Self:
        """Everybody's record for roles that police; else what was granted; else nothing."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("victims.view_all_victims"):
            return self
        grants: Any = self.model._meta.get_field("grants").related_model
        granted = grants.objects.filter(
            user=user, content_object=OuterRef("pk"), permission__codename="view_victim"
        )
        return self.filter(Exists(granted))

    def open(self) -> Self:
        """Whose case nobody closed."""
        return self.filter(closed_at__isnull=True)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """People are seen by roles that police; others see them through a victim's record."""
        if user.is_authenticated and user.has_perm("victims.view_all_victims"):
            return self
        return self.none()


class AddressQuerySet(models.QuerySet["Address"]):
    pass


class SafeContactQuerySet(VictimScoped["SafeContact"]):
    pass


class HandoverQuerySet(VictimScoped["Handover"]):
    def open(self) -> Self:
        return self.filter(state="offered")


class UpdateQuerySet(VictimScoped["VictimUpdate"]):
    def owed(self) -> Self:
        return self.filter(state="owed")


class ContactQuerySet(VictimScoped["Contact"]):
    pass


class StatementQuerySet(VictimScoped["PersonalStatement"]):
    pass


class PlanQuerySet(VictimScoped["SafetyPlan"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def to_be_reviewed(self) -> Self:
        """The risk changed and nobody looked at the plan since."""
        return self.current().exclude(review_because="")


class CircumstanceQuerySet(VictimScoped["Circumstance"]):
    pass


class MarkerQuerySet(models.QuerySet["Marker"]):
    def in_force(self, on: date) -> Self:
        return self.filter(until__gte=on, ended_at__isnull=True)

    def concerning(self, *, address_ids: list[int], person_ids: list[int]) -> Self:
        return self.filter(Q(address__in=address_ids) | Q(person__in=person_ids))

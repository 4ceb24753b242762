"""Reads. What concerns one victim follows the victim; custody is seen by roles that police."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from perpetrators.models import (  # noqa: F401  (in the bases below)
        CustodyEpisode,
        CustodyEvent,
        DisclosureApplication,
        ExpectedRelease,
        ManagementPlan,
        Order,
        OrderBreach,
        ProtectionNotice,
        SerialRecognition,
    )

M = TypeVar("M", bound=models.Model, covariant=True)


class PolicedQuerySet(models.QuerySet[M]):
    """Rows about a person who was complained of: for roles that police. Others are told what
    concerns their victim on the victim's page, never of anybody else whom the person harmed."""

    def visible_to(self, user: "User") -> Self:
        if not (user.is_authenticated and user.has_perm("victims.view_all_victims")):
            return self.none()
        return self._without(user.withheld_victims) if user.withheld_victims else self

    def _without(self, victim_ids: Collection[int]) -> Self:
        """Neither rows about these victims as persons, nor those that hang from them."""
        names = {field.name for field in self.model._meta.get_fields()}
        rows = self
        if "person" in names:
            rows = rows.exclude(person__victim__in=sorted(victim_ids))
        if "episode" in names:
            rows = rows.exclude(episode__person__victim__in=sorted(victim_ids))
        if "victim" in names:
            rows = rows.exclude(victim__in=sorted(victim_ids))
        return rows


class EpisodeQuerySet(PolicedQuerySet["CustodyEpisode"]):
    def held(self) -> Self:
        return self.filter(state__in=["detained", "charged", "remanded", "prison"])


class CustodyEventQuerySet(PolicedQuerySet["CustodyEvent"]):
    def unmatched(self) -> Self:
        return self.filter(state="unmatched")

    def called(self, reference: str) -> Self:
        """The message of our own reference, "CE-000123"; none for what is none."""
        number = reference.removeprefix("CE-")
        is_one = reference.startswith("CE-") and number.isascii() and number.isdigit()
        return self.filter(pk=int(number)) if is_one and len(number) < 18 else self.none()


class ExpectedReleaseQuerySet(PolicedQuerySet["ExpectedRelease"]):
    def expected(self) -> Self:
        return self.filter(state="expected")


class ProtectionNoticeQuerySet(VictimScoped["ProtectionNotice"]):
    def open(self) -> Self:
        return self.filter(state__in=["asked", "authorised", "served"])


class OrderQuerySet(VictimScoped["Order"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), ended_at__isnull=True)


class BreachQuerySet(VictimScoped["OrderBreach"]):
    pass


class DisclosureQuerySet(PolicedQuerySet["DisclosureApplication"]):
    """Who asked, why, and what is on record of the one asked about: never for partners."""

    def open(self) -> Self:
        return self.filter(state__in=["received", "checked", "disclose"])


class SerialQuerySet(PolicedQuerySet["SerialRecognition"]):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def listed(self) -> Self:
        """One row for each human being, under however many spellings they are on record."""
        return self.standing().filter(told_with__isnull=True)

    def with_plan(self) -> Self:
        """`plan_id`: the current plan of the person, or of a record that is told with this one."""
        plans = self._plans().filter(is_current=True)
        own = plans.filter(person=models.OuterRef("person"))
        of_another = plans.filter(person__serial__told_with=models.OuterRef("pk")).order_by("pk")
        return self.annotate(
            plan_id=Coalesce(
                models.Subquery(own.values("pk")[:1]), models.Subquery(of_another.values("pk")[:1])
            )
        )

    def unplanned(self) -> Self:
        return self.listed().with_plan().filter(plan_id__isnull=True)

    def planned_by(self, owner: "User") -> Self:
        mine = self._plans().filter(is_current=True, owner=owner)
        return self.listed().with_plan().filter(plan_id__in=mine.values("pk"))

    def _plans(self) -> Any:
        """Reached through the person: the models' module imports this one."""
        field: Any = self.model._meta.get_field("person")
        return field.related_model._meta.get_field("management_plans").related_model.objects


class ManagementPlanQuerySet(PolicedQuerySet["ManagementPlan"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

"""Reads. What concerns one victim follows the victim; custody is seen by roles that police."""

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

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
        if user.is_authenticated and user.has_perm("victims.view_all_victims"):
            return self
        return self.none()


class EpisodeQuerySet(PolicedQuerySet["CustodyEpisode"]):
    def held(self) -> Self:
        return self.filter(state__in=["detained", "charged", "remanded", "prison"])


class CustodyEventQuerySet(PolicedQuerySet["CustodyEvent"]):
    def unmatched(self) -> Self:
        return self.filter(state="unmatched")


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


class DisclosureQuerySet(VictimScoped["DisclosureApplication"]):
    def open(self) -> Self:
        return self.filter(state__in=["received", "checked", "disclose"])


class SerialQuerySet(PolicedQuerySet["SerialRecognition"]):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


class PlanQuerySet(PolicedQuerySet["ManagementPlan"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

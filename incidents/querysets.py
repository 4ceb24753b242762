from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from core.querysets import VictimScoped
from victims.models import Victim

if TYPE_CHECKING:
    from accounts.models import User
    from incidents.models import (  # noqa: F401  (generics in quotes)
        CallDraft,
        Closure,
        Exhibit,
        Incident,
        Involvement,
        NonCrimeReview,
    )


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: "User") -> Self:
        """All of them for roles that police; else those of a victim that this person may see.

        Never one with somebody in it, in whatever role, who is withheld from this person.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self
        involvement: Any = self.model._meta.get_field("involvements").related_model
        there = involvement.objects.filter(incident=OuterRef("pk"))
        if user.withheld_victims:
            rows = rows.exclude(Exists(there.of_victims(user.withheld_victims)))
        if user.has_perm("victims.view_all_victims"):
            return rows
        return rows.filter(Exists(there.visible_to(user)))

    def open(self) -> Self:
        return self.exclude(state="closed")


class InvolvementQuerySet(VictimScoped["Involvement"]):
    """`visible_to` gives the victims' own rows: what one victim's reader may know."""

    def of_victims(self, victim_ids: Collection[int]) -> Self:
        """Where these victims were, in whatever role: harmed, complained of, a witness."""
        return self.filter(person__victim__in=sorted(victim_ids))


class CallDraftQuerySet(models.QuerySet["CallDraft"]):
    def visible_to(self, user: "User") -> Self:
        """A draft is its handler's alone."""
        return self.filter(handler=user)

    def unfinished(self) -> Self:
        return self.filter(
            discarded_at__isnull=True, incident__isnull=True, further_call__isnull=True
        )


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the incidents that this person may see."""
        incident: Any = self.model._meta.get_field("incident").related_model
        return self.filter(incident__in=incident.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(decision="")


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    def visible_to(self, user: "User") -> Self:
        """All of them for roles that police; else those about a victim this person may see.

        An incident may have two victims who are each other's perpetrator: seeing the incident is
        not enough to see a photograph taken in it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self
        if user.withheld_victims:
            incident: Any = self.model._meta.get_field("incident").related_model
            rows = rows.filter(incident__in=incident.objects.visible_to(user))
        if user.has_perm("victims.view_all_victims"):
            return rows
        return rows.filter(person__victim__in=Victim.objects.visible_to(user))

    def kept(self) -> Self:
        """Not those added by mistake."""
        return self.filter(withdrawn_at__isnull=True)


class NonCrimeReviewQuerySet(VictimScoped["NonCrimeReview"]):
    def waiting(self) -> Self:
        return self.filter(decision="", fell_away_at__isnull=True)

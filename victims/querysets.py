"""The one policy of who sees what; everything that hangs from a victim delegates to it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from victims.models import (  # noqa: F401
        Address,
        Circumstance,
        Contact,
        Handover,
        Marker,
        Note,
        Person,
        PersonalStatement,
        SafeContact,
        SafetyPlan,
        Victim,
        VictimAccess,
        VictimUpdate,
    )


class VictimQuerySet(models.QuerySet["Victim"]):
    def visible_to(self, user: "User") -> Self:
        """Everybody's record for roles that police; else what was granted; else nothing.

        Never what is withheld from the person or from their agency.
        """
        limit = self.seen_by(user)
        return self if limit is None else self.filter(limit)

    def seen_by(self, user: "User", path: str = "pk") -> Q | None:
        """The policy as a condition on `path`, a key to a victim; None where it limits nothing.

        Everything that hangs from a victim asks this, so that its own index answers: a semi-join
        with a million victims would make a list pay for a restriction that there is not.
        """
        if not user.is_authenticated or not user.is_active:
            return Q(**{f"{path}__in": []})
        if user.has_perm("victims.view_all_victims"):
            seen = None
        else:
            seen = Q(**{f"{path}__in": self._granted_to(user).values("content_object")})
        if user.withheld_victims:
            kept = ~Q(**{f"{path}__in": sorted(user.withheld_victims)})
            return kept if seen is None else seen & kept
        return seen

    def _granted_to(self, user: "User") -> Any:
        """The grants in force: a person's own; for whoever leads advisers, their team's too; and of
        whoever is away and in whose place they work, what stands without an end.

        What somebody sees for a time only (a record opened in an emergency) is theirs alone.
        """
        grants: Any = self.model._meta.get_field("grants").related_model
        theirs = Q(user=user.pk)
        if user.has_perm("victims.view_team_victims"):
            people: Any = grants._meta.get_field("user").related_model._default_manager
            led = Q(pk=user.pk) | Q(team__supervisor=user.pk)
            if user.team_id:
                led |= Q(team=user.team_id)
            theirs |= Q(user__in=people.filter(led).values("pk"), until_at__isnull=True)
        in_force = Q(until_at__isnull=True) | Q(until_at__gt=Now())
        if user.stands_in_for:
            without_end = Q(user__in=sorted(user.stands_in_for), until_at__isnull=True)
            theirs |= without_end
        return grants.objects.filter(theirs, in_force, permission__codename="view_victim")

    def open(self) -> Self:
        """Whose case nobody closed."""
        return self.filter(closed_at__isnull=True)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """People are seen by roles that police; others see them through a victim's record."""
        if not user.is_authenticated or not user.has_perm("victims.view_all_victims"):
            return self.none()
        if user.withheld_victims:
            return self.exclude(victim__in=sorted(user.withheld_victims))
        return self


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


class NoteQuerySet(VictimScoped["Note"]):
    def visible_to(self, user: "User") -> Self:
        """Where the victim is, and only the notes of one's own side."""
        sides = [""]
        if user.has_perm("victims.write_advocate_note"):
            sides.append("advocates")
        if user.has_perm("victims.write_police_note"):
            sides.append("police")
        return super().visible_to(user).filter(kept_among__in=sides)


class AccessQuerySet(VictimScoped["VictimAccess"]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), ended_at__isnull=True)


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
    def visible_to(self, user: "User") -> Self:
        """Those on places, and on people who are not withheld from this person: a warning for
        whoever goes there is for everybody whose role reads markers."""
        if not user.withheld_victims:
            return self
        return self.exclude(person__victim__in=sorted(user.withheld_victims))

    def in_force(self, on: date) -> Self:
        return self.filter(until__gte=on, ended_at__isnull=True)

    def concerning(self, *, address_ids: list[int], person_ids: list[int]) -> Self:
        return self.filter(Q(address__in=address_ids) | Q(person__in=person_ids))

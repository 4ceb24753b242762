"""Who sees which conference, meeting and case, and what of it.

Three doors, one after the other. A *meeting* is seen by those who keep conferences and by those who
are invited, themselves or with their agency. What a meeting says of *cases* opens to whoever has
signed its statement, for the agency that they are of now; those who keep conferences and those who
see every victim's record know the cases themselves without it. Through every door, what is withheld
from somebody, or near to them by their own word, stays shut: near to a case at one meeting is near
to it at the next.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery

from accounts.models import Team
from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from marac.models import (  # noqa: F401  (in the bases below)
        Attendance,
        Conference,
        Conflict,
        Hearing,
        Invitation,
        MaracAction,
        MaracCase,
        Meeting,
        ResearchRequest,
    )


def keeps(user: "User") -> bool:
    """Coordinators and chairs, and who answers for them: every conference is theirs to see."""
    return user.is_authenticated and user.is_active and user.has_perm("marac.view_conferences")


def attends(user: "User") -> bool:
    """May be invited to a meeting at all."""
    return user.is_authenticated and user.is_active and user.has_perm("marac.attend_meetings")


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def running(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> Self:
        """What conferences there are is no secret among those who work with them."""
        return self if keeps(user) or attends(user) else self.none()


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ahead(self) -> Self:
        return self.filter(state__in=["planned", "agenda_out"])

    def visible_to(self, user: "User") -> Self:
        """All for those who keep conferences; else those that this person is invited to."""
        if keeps(user):
            return self
        if not attends(user):
            return self.none()
        if user.team_id is None:
            return self.none()
        mine = Q(attendances__person=user.pk, attendances__agency__teams=user.team_id)
        mine |= Q(invitations__agency__teams=user.team_id)
        return self.filter(pk__in=self.model._default_manager.filter(mine).values("pk"))

    def opened_by(self, user: "User") -> Self:
        """Those of which this person has signed the statement, for the agency they are of now."""
        attendances: Any = self.model._meta.get_field("attendances").related_model
        signed = attendances._default_manager.signed().of(user).filter(meeting=OuterRef("pk"))
        return self.visible_to(user).filter(Exists(signed))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User") -> Self:
        """Who comes to a meeting is known to whoever sees the meeting."""
        return self.filter(meeting__in=_meetings(self, "meeting").visible_to(user))

    def of(self, user: "User") -> Self:
        """Those of this person's own agency: they answer them."""
        if user.team_id is None:
            return self.none()
        return self.filter(agency__teams=user.team_id)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def signed(self) -> Self:
        return self.filter(signed_at__isnull=False)

    def of(self, user: "User") -> Self:
        """This person's own, for the agency that they are of now: one for each meeting.

        What they signed for another agency, before they moved, opens nothing any more.
        """
        if user.team_id is None:
            return self.none()
        return self.filter(person=user.pk, agency__teams=user.team_id)

    def standing(self) -> Self:
        """Of people who are still of the agency for which they are on the list."""
        return self.filter(person__team__agency=F("agency"))

    def visible_to(self, user: "User") -> Self:
        return self.filter(meeting__in=_meetings(self, "meeting").visible_to(user))


class _LastRepeat(Func):
    """When the newest abuse after a hearing was added to a case; null where there was none."""

    template = (
        "(SELECT max((one->>'at')::timestamptz) FROM jsonb_array_elements(%(expressions)s) one"
        " WHERE one->>'code' = 'repeat' AND (one->>'is_met')::boolean)"
    )
    output_field = models.DateTimeField()


class CaseQuerySet(models.QuerySet["MaracCase"]):
    def open(self) -> Self:
        return self.filter(state__in=["proposed", "accepted"])

    def to_hear(self) -> Self:
        """Accepted, on no agenda, and not heard yet, or there is a repeat since it was."""
        hearings = _hearings(self).filter(case=OuterRef("pk"))
        listed = hearings.filter(
            state__in=["waiting", "present", "share", "analyse", "actions"],
            meeting__state__in=["planned", "agenda_out", "under_way"],
        )
        # A meeting that only looked at a flag which ends did not hear the case.
        heard = hearings.heard().exclude(part="flags").order_by("-ended_at").values("ended_at")[:1]
        rows = self.filter(~Exists(listed), state="accepted")
        rows = rows.annotate(heard_at=Subquery(heard), repeat_at=_LastRepeat("criteria"))
        return rows.filter(Q(heard_at__isnull=True) | Q(repeat_at__gt=F("heard_at")))

    def visible_to(self, user: "User") -> Self:
        """For those who keep conferences or see the victim; else by a meeting they have opened.

        Whoever attends sees a case that a meeting of theirs hears, once they signed its statement
        and its agenda is out.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.exclude(victim__in=sorted(user.withheld_victims))
        rows = rows.exclude(pk__in=_near_to(user, _hearings(self)))
        if keeps(user):
            return rows
        by_victim = _victims(self).seen_by(user, "victim")
        if by_victim is None:
            return rows
        if not attends(user):
            return rows.filter(by_victim)
        heard = _hearings(self).heard_by(user).filter(case=OuterRef("pk"))
        return rows.filter(by_victim | Q(Exists(heard)))


class OfMaracCaseQuerySet(models.QuerySet[Any]):
    """What hangs from a case is seen with it."""

    def visible_to(self, user: "User") -> Self:
        cases: Any = self.model._meta.get_field("case").related_model
        return self.filter(case__in=cases._default_manager.visible_to(user))

    def standing(self) -> Self:
        """Flags not ended; transfers under way have their own name for it."""
        return self.filter(ended_at__isnull=True)


class HearingQuerySet(models.QuerySet["Hearing"]):
    def listed(self) -> Self:
        """All but those taken off."""
        return self.exclude(state="taken_off")

    def heard(self) -> Self:
        return self.filter(state="concluded")

    def heard_by(self, user: "User") -> Self:
        """What this person hears, by the statement they signed: never what is near to them."""
        if not attends(user) or user.team_id is None:
            return self.none()
        signed = self._attendances().signed().of(user).filter(meeting=OuterRef("meeting"))
        rows = self.listed().filter(Exists(signed), meeting__agenda_out_at__isnull=False)
        return rows.open_to(user)

    def visible_to(self, user: "User") -> Self:
        """The agenda for those who keep conferences; else what they hear.

        Somebody near to a case sees nothing of it, keep what they may.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not keeps(user):
            return self.heard_by(user)
        return self.open_to(user)

    def open_to(self, user: "User") -> Self:
        """All but what is withheld from this person and what is near to them."""
        rows = self.exclude(victim__in=sorted(user.withheld_victims))
        return rows.exclude(case__in=_near_to(user, self))

    def _attendances(self) -> Any:
        meetings: Any = self.model._meta.get_field("meeting").related_model
        return meetings._meta.get_field("attendances").related_model._default_manager


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def cases_of(self, user: "User") -> Any:
        """The cases that this person said they are near to, at whichever meeting."""
        return self.filter(person=user.pk).values("hearing__case")


class OfHearingQuerySet(models.QuerySet[Any]):
    """What hangs from a hearing is seen with it."""

    def visible_to(self, user: "User") -> Self:
        hearings: Any = self.model._meta.get_field("hearing").related_model
        return self.filter(hearing__in=hearings._default_manager.visible_to(user))


class ResearchQuerySet(OfHearingQuerySet):
    def asked(self) -> Self:
        return self.filter(state="asked")

    def for_agency_of(self, user: "User") -> Self:
        """What this person's agency was asked, of the hearings that they may hear: theirs alone."""
        if user.team_id is None:
            return self.none()
        hearings: Any = self.model._meta.get_field("hearing").related_model
        return self.filter(
            agency__teams=user.team_id, hearing__in=hearings._default_manager.heard_by(user)
        ).exclude(state="withdrawn")


class ActionQuerySet(VictimScoped["MaracAction"]):
    def open(self) -> Self:
        return self.filter(state="open")

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def visible_to(self, user: "User") -> Self:
        """For those who see the victim's record, those who keep conferences, and the agency's own.

        An agency keeps its own actions after the meeting: it has to do them. Nobody sees what a
        hearing agreed that is near to them.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        hearings: Any = self.model._meta.get_field("hearing").related_model
        rows = self.exclude(case__in=_near_to(user, hearings._default_manager.all()))
        if user.withheld_victims:
            rows = rows.exclude(victim__in=sorted(user.withheld_victims))
        if keeps(user):
            return rows
        by_victim = _victims(self).seen_by(user, "victim")
        if by_victim is None:
            return rows
        if not attends(user) or user.team_id is None:
            return rows.filter(by_victim)
        # Not through the agency's teams: a row would come once for each of them.
        own = Team.objects.filter(pk=user.team_id).values("agency")
        return rows.filter(by_victim | Q(agency__in=own))


def _meetings(rows: models.QuerySet[Any], field: str) -> Any:
    meetings: Any = rows.model._meta.get_field(field).related_model
    return meetings._default_manager


def _victims(rows: models.QuerySet[Any]) -> Any:
    victims: Any = rows.model._meta.get_field("victim").related_model
    return victims._default_manager.all()


def _near_to(user: "User", hearings: models.QuerySet[Any]) -> Any:
    """The cases that this person said they are near to, at whichever meeting."""
    conflicts: Any = hearings.model._meta.get_field("conflicts").related_model
    return conflicts._default_manager.cases_of(user)


def _hearings(rows: models.QuerySet[Any]) -> Any:
    hearings: Any = rows.model._meta.get_field("hearings").related_model
    return hearings._default_manager.all()

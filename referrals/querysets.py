from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Case, DateTimeField, F, Func, IntegerField, Q, Value, When

from core.clock import local
from core.querysets import VictimScoped
from incidents.models import Incident
from incidents.seeing import seen_whole, sees_everybody

if TYPE_CHECKING:
    from accounts.models import User
    from referrals.models import (  # noqa: F401  (in the bases below)
        AgencyReferral,
        ChildrenConcern,
        GradeCheck,
        IdvaCase,
        Outgoing,
        Referral,
        ReferralPause,
        SchoolNotice,
        SecondOpinion,
        Sharing,
        Survey,
    )


#: The minute in which a referral is due; in UTC, so that an index may hold it.
DUE_MINUTE = Func(
    F("due_at"),
    template="date_trunc('minute', %(expressions)s AT TIME ZONE 'UTC')",
    output_field=DateTimeField(),
)
#: The order of the queue within a stretch of it: highest risk, then least time left to the minute;
#: of those due within the same minute whoever had more incidents in the year, then who has more
#: children, comes first; at last the instant itself. `referrals.queue` says the same in SQL.
IN_ORDER = (
    F("risk_rank").desc(),
    DUE_MINUTE,
    F("earlier_in_year").desc(),
    F("children").desc(),
    F("due_at").asc(),
    F("id").asc(),
)


class ReferralQuerySet(VictimScoped["Referral"]):
    def open(self) -> Self:
        return self.exclude(state="completed")

    def waiting(self) -> Self:
        """Those that nobody has."""
        return self.filter(state="waiting")

    def in_order(self, at: datetime) -> Self:
        """As the queue shows them: over time first, then the rest; last those that stand still."""
        stretch = Case(
            When(paused_at__isnull=False, then=Value(2)),
            When(due_at__lte=at, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return self.order_by(stretch, *IN_ORDER)

    def overdue(self, at: datetime) -> Self:
        """Open and past their time; never while the clock stands still."""
        return self.open().filter(due_at__lte=at, paused_at__isnull=True)


class PauseQuerySet(VictimScoped["ReferralPause"]):
    def standing(self) -> Self:
        return self.filter(until_at__isnull=True)


class SecondOpinionQuerySet(VictimScoped["SecondOpinion"]):
    def waiting(self) -> Self:
        return self.filter(answered_at__isnull=True)


class GradeCheckQuerySet(VictimScoped["GradeCheck"]):
    pass


class SharingQuerySet(VictimScoped["Sharing"]):
    """What was shared, for those who see the victim. An agency reads `for_agency_of`."""

    def in_force(self, at: datetime) -> Self:
        """Neither withdrawn nor replaced, and its time not over."""
        today = local(at).date()
        return self.filter(
            Q(keep_until__isnull=True) | Q(keep_until__gte=today),
            withdrawn_at__isnull=True,
            replaced_by__isnull=True,
        )

    def for_agency_of(self, user: "User", at: datetime) -> Self:
        """What this person's agency may read now: that, and nothing else of any victim."""
        if not user.is_authenticated or not user.has_perm("referrals.see_shared"):
            return self.none()
        if user.team_id is None:
            # Nobody's representative; the join below would find agencies without teams.
            return self.none()
        rows = self.in_force(at).filter(agency__teams=user.team_id)
        return rows.exclude(victim__in=sorted(user.withheld_victims))


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def to_try(self, at: datetime) -> Self:
        return self.filter(state="waiting", try_at__lte=at)

    def dead(self) -> Self:
        return self.filter(state="dead")

    def visible_to(self, user: "User") -> Self:
        """For those who keep partner agencies: messages about victims whom they may see."""
        if not user.is_authenticated or not user.has_perm("referrals.manage_agencies"):
            return self.none()
        sharing: Any = self.model._meta.get_field("sharing").related_model
        victims: Any = sharing._meta.get_field("victim").related_model
        limit = victims.objects.seen_by(user, "sharing__victim")
        return self if limit is None else self.filter(limit)


class IncomingQuerySet(VictimScoped["AgencyReferral"]):
    def of_agency_of(self, user: "User") -> Self:
        """What this person's agency sent itself.

        Of a victim who is withheld from them only what they typed themselves: they know it, and
        that it vanished would tell them that somebody is known here.
        """
        if not user.is_authenticated or not user.has_perm("referrals.refer_to_unit"):
            return self.none()
        if user.team_id is None:
            return self.none()
        rows = self.filter(agency__teams=user.team_id)
        if not user.withheld_victims:
            return rows
        return rows.filter(~Q(victim__in=sorted(user.withheld_victims)) | Q(sent_by=user))


class IdvaCaseQuerySet(VictimScoped["IdvaCase"]):
    def open(self) -> Self:
        return self.filter(state__in=["referred", "accepted"])

    def to_answer(self) -> Self:
        return self.filter(state="referred")

    def supported(self) -> Self:
        return self.filter(state="accepted")


C = TypeVar("C", bound=models.Model, covariant=True)


class OfCaseQuerySet(VictimScoped[C]):
    """What an adviser works on with a client: for the service, not for the police.

    Advocacy is independent: roles that police see that there is a case, who has it and what came of
    it, and not what the client needs or said.
    """

    def visible_to(self, user: "User") -> Self:
        if not user.is_authenticated or not user.has_perm("victims.write_advocate_note"):
            return self.none()
        return super().visible_to(user)


class SchoolNoticeQuerySet(VictimScoped["SchoolNotice"]):
    def visible_to(self, user: "User") -> Self:
        """Where the victim is; a child of two at odds is named to neither's adviser."""
        rows = super().visible_to(user)
        if sees_everybody(user):
            return rows
        whole = seen_whole(Incident.objects.visible_to(user), user)
        return rows.filter(incident__in=whole.values("pk"))

    def owed(self) -> Self:
        return self.filter(state="owed")


class ConcernQuerySet(VictimScoped["ChildrenConcern"]):
    pass


class SurveyQuerySet(VictimScoped["Survey"]):
    def open(self) -> Self:
        return self.filter(state__in=["to_ask", "link_given"])

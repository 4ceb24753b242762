"""Everything that the page of one referral shows, read at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from accounts.models import User
from accounts.withheld import withheld_from
from core.working_time import format_left
from deadlines.models import Deadline
from incidents.models import Incident, Involvement
from incidents.pages.first_response import Shown, shown
from referrals import around
from referrals.around import Around
from referrals.models import AgencyReferral, Referral, Sharing
from referrals.permissions import can_reassign, can_work, holds
from referrals.services.pausing import allowed_reasons
from risk.models import Assessment, AssessmentReview
from victims import telephones
from victims.models import RiskGrade, SafeContact

#: Rows of history that the page shows; the victim's own page has all of it.
HISTORY = 10


@dataclass(frozen=True)
class Details:
    """A referral with what its worker must know before telling anybody anything."""

    referral: Referral
    deadline: Deadline | None
    safe_contact: SafeContact | None
    children: list[Involvement]
    others: list[Involvement]
    first_response: Shown | None
    crimes: list[str]
    reviews: list[AssessmentReview]
    earlier: list[Involvement]
    earlier_referrals: list[Referral]
    sharings: list[Sharing]
    around: Around
    #: For what policy lets the clock stand still; empty where the reader cannot stop it.
    allowed_pauses: list[tuple[str, str]]
    is_late: bool
    is_high: bool
    can_claim: bool
    can_work: bool
    can_reassign: bool

    @property
    def incident(self) -> Incident | None:
        return self.referral.incident

    @property
    def assessment(self) -> Assessment | None:
        return self.referral.assessment

    @property
    def incoming(self) -> AgencyReferral | None:
        """What the partner said that referred; None for what the police submitted."""
        return self.referral.incoming if self.referral.agency_id else None

    @property
    def left_when_paused(self) -> str:
        """ "40 h 10 min left" of a clock that stands still."""
        stopped = self.referral.paused_at
        return format_left(self.referral.due_at - stopped) if stopped else ""

    @property
    def safe_number(self) -> str:
        """The number, e-mail address or person of the safe contact, as people read it."""
        return telephones.shown(self.safe_contact.number) if self.safe_contact else ""


def read(referral: Referral, *, reader: User, at: datetime) -> Details:
    """Read what hangs from a referral that `reader` may see."""
    incident, assessment = referral.incident, referral.assessment
    people = list(incident.involvements.select_related("person").order_by("pk")) if incident else []
    is_open = referral.state != Referral.State.COMPLETED
    beside = around.read(referral, reader=reader, at=at)
    return Details(
        referral=referral,
        deadline=Deadline.objects.of(referral).filter(kind="referral").order_by("-pk").first(),
        safe_contact=referral.victim.safe_contacts.filter(is_current=True).first(),
        children=[one for one in people if one.role == Involvement.Role.CHILD],
        others=[one for one in people if one.role == Involvement.Role.PERPETRATOR],
        first_response=shown(incident, reader) if incident else None,
        crimes=_crimes(incident) if incident else [],
        reviews=_reviews(assessment) if assessment else [],
        earlier=_earlier(referral),
        earlier_referrals=list(
            Referral.objects.filter(victim=referral.victim_id)
            .exclude(pk=referral.pk)
            .order_by("-submitted_at")[:HISTORY]
        ),
        sharings=list(
            referral.sharings.select_related("agency", "shared_by").order_by("shared_at", "pk")
        ),
        around=beside,
        allowed_pauses=allowed_reasons(at) if beside.can_pause else [],
        is_late=is_open and at > referral.due_at and referral.paused_at is None,
        is_high=referral.risk_rank >= RiskGrade.HIGH.rank,
        can_claim=can_work(reader) and referral.state == Referral.State.WAITING,
        can_work=is_open and holds(reader, referral),
        can_reassign=referral.state == Referral.State.CLAIMED and can_reassign(reader, referral),
    )


def _crimes(incident: Incident) -> list[str]:
    crimes = incident.crimes.order_by("recorded_at")
    return [f"{crime.get_category_display()}, {crime.number}" for crime in crimes]


def _reviews(assessment: Assessment) -> list[AssessmentReview]:
    return list(assessment.reviews.select_related("reviewer").order_by("at", "pk"))


def _earlier(referral: Referral) -> list[Involvement]:
    """What was called in before; for a referral of an agency, before it came."""
    incident = referral.incident
    return list(
        referral.victim.involvements.filter(
            received_at__lt=incident.received_at if incident else referral.submitted_at
        )
        .select_related("incident")
        .order_by("-received_at")[:HISTORY]
    )


def workers(besides: User | None = None, *, about: int | None = None) -> list[User]:
    """Everybody who works on referrals, by name; of a victim, only whom it may reach."""
    permission = Permission.objects.filter(
        content_type__app_label="referrals", codename="work_referral"
    )
    may = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    found = User.objects.filter(may, is_active=True, is_system=False).distinct().order_by("name")
    people = list(found.exclude(pk=besides.pk) if besides else found)
    barred = withheld_from([one.pk for one in people], about) if about is not None else set()
    return [one for one in people if one.pk not in barred]


def for_panel(victim_id: int, *, limit: int = HISTORY) -> dict[str, Any] | None:
    """The victim page's part: newest referrals, and who was told what. None where none is."""
    referrals = list(
        Referral.objects.filter(victim=victim_id)
        .select_related("claimed_by")
        .order_by("-submitted_at")[:limit]
    )
    sharings = list(
        Sharing.objects.filter(victim=victim_id)
        .select_related("agency", "shared_by", "referral")
        .order_by("-shared_at")[:limit]
    )
    return {"referrals": referrals, "sharings": sharings} if referrals or sharings else None

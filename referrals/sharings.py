"""What each agency was told of a victim, as the unit and those who see the record read it."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Agency, User
from core.clock import local
from incidents.models import Exhibit
from referrals.forms.sharing import ShareForm
from referrals.models import Referral, Sharing
from referrals.querysets import SharingQuerySet
from victims.models import Victim

#: What of the list is shown, as the address says it.
SHOWN = {
    "": "All",
    "standing": "Still readable",
    "ended": "Withdrawn, replaced or over",
    "answered": "Answered",
}


def visible(reader: User) -> SharingQuerySet:
    """Those of victims whom this person may see, with what pages show of each."""
    rows = Sharing.objects.visible_to(reader)
    return rows.select_related(
        "agency",
        "shared_by",
        "withdrawn_by",
        "opened_by",
        "replaced_by",
        "referral",
        "incident",
        "victim__person",
    )


def of_victim(victim: Victim, show: str, at: datetime) -> SharingQuerySet:
    """Everything told of a victim, schools and children's services too; the newest first."""
    rows = (
        Sharing.objects.filter(victim=victim)
        .select_related(
            "agency", "shared_by", "withdrawn_by", "opened_by", "replaced_by", "referral"
        )
        .annotate(is_over_now=Q(keep_until__lt=local(at).date()))
        .order_by("-shared_at", "-pk")
    )
    if show == "standing":
        return rows.in_force(at)
    if show == "ended":
        over = Q(keep_until__lt=local(at).date())
        return rows.filter(over | Q(withdrawn_at__isnull=False) | Q(replaced_by__isnull=False))
    return rows.exclude(answer="") if show == "answered" else rows


def of_referral(referral: Referral, at: datetime) -> list[Sharing]:
    """What was told of one referral, the oldest first."""
    rows = referral.sharings.select_related(
        "agency", "shared_by", "withdrawn_by", "opened_by", "replaced_by"
    ).annotate(is_over_now=Q(keep_until__lt=local(at).date()))
    return list(rows.order_by("shared_at", "pk"))


def partners_for(victim: Victim) -> list[Agency]:
    """Those who may be told: partners that are not on the victim's register."""
    partners = Agency.objects.exclude(kind=Agency.Kind.POLICE)
    barred = victim.withholdings.filter(ended_at__isnull=True, agency__isnull=False)
    return list(partners.exclude(pk__in=barred.values("agency")))


def documents_for(victim: Victim, reader: User) -> list[Exhibit]:
    """The photographs and documents about a victim, the newest first."""
    rows = Exhibit.objects.visible_to(reader).kept().filter(person=victim.person_id)
    return list(rows.order_by("-pk"))


def form_for(
    victim: Victim,
    reader: User,
    at: datetime,
    *,
    referral: Referral | None = None,
    data: QueryDict | None = None,
    begin: str = "",
) -> ShareForm:
    """The form for a worker: as it was sent, begun from what an agency was told, or blank."""
    given: dict[str, Any] = {
        "partners": partners_for(victim),
        "documents": documents_for(victim, reader),
    }
    if data is not None:
        return ShareForm(data, **given)
    rows = Sharing.objects.filter(victim=victim, referral=referral, reference=begin)
    former = next((row for row in rows if more_url(row)), None) if begin else None
    return ShareForm.saying_more(former, at, **given) if former else ShareForm.blank(at, **given)


def more_url(row: Sharing) -> str:
    """Where more is said to the same agency of the same matter; blank where nothing can be.

    What schools and children's services are told has pages of its own.
    """
    if row.withdrawn_at or row.replaced_by_id or row.kind != Sharing.Kind.REFERRAL:
        return ""
    if row.referral is None and row.incident_id is not None:
        return ""
    if row.referral is not None:
        base = reverse("referrals:share", args=[row.referral.reference])
    else:
        base = reverse("referrals:sharings", args=[row.victim.reference])
    return f"{base}?more={row.reference}#share"

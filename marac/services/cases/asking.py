"""An agency asks for the conference to hear whom it referred to the unit itself."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import DomainError
from marac import repeats
from marac.models import MaracCase
from marac.services.cases.proposing import propose
from referrals.models import AgencyReferral


@transaction.atomic
def propose_referred(
    *,
    referral_id: int,
    words: str,
    below_reason: str = "",
    children: int | None = None,
    actor: User,
    at: datetime,
) -> MaracCase:
    """Refer whom an agency's own referral is about to the conference.

    Who harms them is whoever the referral names, where they are on record. Raises what `propose`
    raises; DomainError while the unit is finding out whom the referral is about.
    """
    rows = AgencyReferral.objects.of_agency_of(actor).select_related("victim", "agency")
    incoming = rows.get(referral=referral_id)
    if incoming.identified == AgencyReferral.Identified.SEVERAL:
        raise DomainError(
            "The unit is finding out whom this is about. Where a criterion is met it is before the "
            "conference already; ring the unit to have it heard all the same."
        )
    pair = repeats.pair_of(incoming.victim_id, None)
    harmed_them = repeats.who_harmed(pair.victims)
    return propose(
        victim_id=incoming.victim_id,
        perpetrator_id=repeats.named_in(incoming.perpetrator, harmed_them),
        source=MaracCase.Source.AGENCY,
        words=words,
        below_reason=below_reason,
        agency=incoming.agency,
        children=incoming.children_count if children is None else children,
        actor=actor,
        at=at,
    )

"""A small county with one of everything, so that each page has something to show."""

from datetime import datetime, timedelta
from uuid import uuid4

from deadlines.sweep import sweep
from incidents.models import NonCrimeReview
from incidents.services.response import record_crime, record_first_response
from referrals.models import Referral
from risk.models import Assessment, Instrument, Reassessment
from tests.browser.addresses import Known
from tests.browser.records import (
    HOUR,
    advised,
    answered_for,
    assessment_of,
    custody_seen,
    digested,
    from_partners,
    harms_several,
    history,
    known_couple,
    looked_at,
    notices,
    opened_in_emergency,
    ordered_for,
    planned,
    shared_with_agency,
    submitted,
    told_and_offered,
    undelivered,
)
from tests.browser.support import asked_what_they_thought, kept_apart
from tests.config.every_address.conferences import conference_of
from tests.config.every_address.world import far_from_examples
from tests.factories import (
    exhibits,
    incidents,
    referrals,
    response,
    victims,
)
from tests.personas import PEOPLE, person
from victims.models import Marker, Victim
from victims.services import (
    arrange_absence,
    hand_over,
    set_marker,
)


def small_county(now: datetime) -> Known:
    """Make it, sweep it, and give what its addresses are filled in with."""
    far_from_examples()
    for username in PEOPLE:
        person(username)
    history(now)
    open_call = incidents.incident(at=now - HOUR, people=known_couple())
    drafted = response.attended(at=now - 2 * HOUR, people=known_couple())
    recorded = response.attended(at=now - 3 * HOUR, people=known_couple())
    record_first_response(
        incident_id=recorded.pk,
        actor=person("officer"),
        findings=response.findings(),
        version=0,
        at=now - 2 * HOUR,
    )
    waiting = submitted(recorded, now - HOUR, "q18", "q01", judged="medium")
    late = referrals.a_referral(now - 80 * HOUR, grade="high")
    taken = referrals.claimed(referrals.a_referral(now - 60 * HOUR), now - 50 * HOUR)
    referrals.shared(taken, now - 40 * HOUR)
    victim = Victim.objects.get(pk=waiting.victim_id)
    victims.safe_contact(victim, at=now - HOUR)
    marker = set_marker(
        kind=Marker.Kind.EMERGENCY,
        words="Known risk to life",
        person=victim.person,
        until=(now + timedelta(days=60)).date(),
        actor=person("inspector"),
        at=now - HOUR,
    )
    arm = exhibits.exhibit(recorded, now - HOUR, person_id=victim.person_id)
    record_crime(
        incident_id=drafted.pk,
        category="stalking",
        number="42FW/1234/26",
        actor=person("officer"),
        at=now - HOUR,
    )
    NonCrimeReview.objects.create(
        victim=victim,
        incident=recorded,
        opened_at=now - HOUR,
        incidents_counted=[recorded.reference, open_call.reference],
        basis="2 incidents without a crime within 12 months; 2 are reviewed (force policy)",
    )
    offer = hand_over(
        victim_id=victim.pk,
        duty="plan",
        to=person("officer_b"),
        words="She moves to her sister's on Friday.",
        actor=victim.plan_owner or person("head"),
        at=now - HOUR,
    )
    away = arrange_absence(
        person=person("officer"),
        cover=person("officer_b"),
        from_at=now + 72 * HOUR,
        until_at=now + 120 * HOUR,
        reason="Leave",
        actor=person("officer"),
        at=now - HOUR,
    )
    ready, asked = answered_for(now)
    in_custody, custody_file = custody_seen(now)
    ordered, order_id = ordered_for(recorded, now)
    serial_one, spelt_otherwise = harms_several(now)
    notice, draft = notices(now)
    of_advisers, refused = advised(now)
    secret = asked_what_they_thought(refused, victim, now)
    accused = recorded.involvements.get(role="perpetrator").person
    met = conference_of(victim, accused, now, brother=person("officer_b"))
    sweep(at=now)
    finished = Referral.objects.filter(state="completed")
    records = [victim.reference, late.victim.reference]
    return Known(
        {
            "incidents": [row.reference for row in (open_call, drafted, recorded, ready, asked)],
            "victims": [*records, opened_in_emergency(late.victim, now)],
            "risk": [
                assessment_of(drafted).reference,
                waiting.reference,
                *records,
                *Assessment.objects.filter(state="reviewed").values_list("reference", flat=True),
                # One that is owed, one that was done.
                *Reassessment.objects.order_by("state", "pk")
                .distinct("state")
                .values_list("reference", flat=True),
            ],
            "perpetrators": [*in_custody, *ordered, serial_one, victim.reference],
            "learning": [notice.reference, draft.reference],
            "marac": [met[one] for one in ("meeting", "held", "marac_case", "action", "transfer")],
            "referrals": [
                late.reference,
                taken.reference,
                *finished.values_list("reference", flat=True),
                *of_advisers,
                shared_with_agency(victim, arm, now),
            ],
        },
        {
            "instrument_id": Instrument.objects.in_use().get(code="dash_police").pk,
            "marker_id": marker.pk,
            "handover_id": offer.pk,
            "absence_id": away.pk,
            "digest": digested(now),
            "file": custody_file,
            "order_id": order_id,
            **looked_at(taken, now),
            **undelivered(victim, now),
            "other": spelt_otherwise,
            **told_and_offered(victim, now),
            **kept_apart(victim, now),
            "secret": secret,
            **planned(victim, now),
            "marker": f"marker-{marker.pk}",
            "trigger": "gone_quiet",
            "key": uuid4(),
            "username": "officer",
            "exhibit": arm.key,
            "number": "42FW/1234/26",
            "victim": victim.reference,
            **from_partners(recorded, now),
            "conference_id": met["conference"],
            "research_id": met["research"],
            "flag_id": met["flag"],
            "attendance": met["attendance"],
            "case": met["marac_case"],
        },
    )

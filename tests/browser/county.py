"""A small county with one of everything, so that each page has something to show."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from accounts.models import User
from deadlines import digests
from deadlines.models import Digest
from deadlines.sweep import sweep
from incidents.models import Exhibit, Incident, NonCrimeReview
from incidents.services.editing.linking import link_incidents
from incidents.services.response import record_crime, record_first_response
from incidents.services.supervision import check_incident
from incidents.supervising import CHECKS
from learning.models import Notice
from perpetrators.services.orders import record_breach
from perpetrators.services.receiving import set_aside
from perpetrators.services.serial import find_all
from referrals import services
from referrals.models import Referral
from risk import services as risk_services
from risk.models import Assessment, Instrument, Reassessment
from tests.browser.addresses import Known
from tests.browser.support import asked_what_they_thought, kept_apart, worked_on
from tests.config.every_address.conferences import conference_of
from tests.config.every_address.world import far_from_examples
from tests.factories import (
    advising,
    closure,
    custody,
    disclosure,
    exhibits,
    incidents,
    incoming,
    learning,
    management,
    orders,
    outgoing,
    referrals,
    response,
    risk,
    schools,
    serial,
    sharing,
    victims,
)
from tests.personas import PEOPLE, person, team
from victims.models import Marker, Victim
from victims.services import (
    News,
    Step,
    arrange_absence,
    break_glass,
    hand_over,
    log_contact,
    offer_statement,
    owe_plan_review,
    owe_updates,
    record_circumstance,
    set_marker,
    write_plan,
)

HOUR = timedelta(hours=1)


def assessment_of(incident: Incident) -> Assessment:
    """The assessment that the officer's arrival began."""
    return Assessment.objects.get(incident=incident)


def submitted(incident: Incident, at: datetime, *yes: str, judged: str) -> Assessment:
    """The incident's assessment, answered and submitted."""
    assessment = risk.kept(assessment_of(incident), *yes, at=at)
    return risk_services.submit_assessment(
        assessment_id=assessment.pk,
        actor=assessment.officer,
        judged_grade=judged,
        judged_reason="Her account and the scene.",
        version=assessment.version,
        at=at,
    )


def history(now: datetime, *, times: int = 3) -> list[Incident]:
    """Earlier calls of Siobhán O'Neill about Darren Pike, months apart; the newest graded high."""
    made = []
    for number in range(times, 0, -1):
        at = now - timedelta(days=60 * number)
        row = response.attended(
            at=at,
            **({} if number == times else {"people": known_couple()}),
            narrative=f"Shouting through the door, call {number}.",
        )
        made.append(row)
    grave = submitted(made[-1], at + HOUR, "q18", "q17", judged="high")
    risk.reviewed(grave, at + 2 * HOUR)
    referral = Referral.objects.get(assessment=grave)
    team("maru")
    referral = referrals.claimed(referral, at + 3 * HOUR)
    referrals.shared(referral, at + 4 * HOUR)
    referral.refresh_from_db()
    referrals.completed(referral, at + 5 * HOUR)
    return made


def shared_with_agency(victim: Victim, arm: Exhibit, now: datetime) -> str:
    """A representative reads what their agency was told, with a photograph; its reference."""
    what = ["identity", "children", "risk", "safe_contact"]
    row = sharing.told(victim, now - HOUR, what=what, documents=[arm.key])
    services.answer_sharing(
        sharing_id=row.pk, answer="known", words="Since May.", actor=person("agency"), at=now
    )
    return row.reference


def known_couple() -> tuple[incidents.PersonInCall, ...]:
    """Siobhán and Darren again, by their keys."""
    first = Incident.objects.earliest("pk").involvements
    victim, other = first.get(role="victim"), first.get(role="perpetrator")
    return (
        incidents.in_call("victim", person_id=victim.person_id, lives_here=True),
        incidents.in_call("perpetrator", person_id=other.person_id),
    )


def notices(now: datetime) -> tuple[Notice, Notice]:
    """One published, passed by an officer and failed by a handler, and a draft half written."""
    published = learning.published(now - 48 * HOUR)
    learning.answered(published, "officer", now - 24 * HOUR)
    learning.answered(published, "handler", now - 24 * HOUR, right=False)
    return published, learning.drafted(now - HOUR, title="", roles=())


def digested(now: datetime) -> int:
    """Everybody's digest of this morning; the supervisor's team's is opened."""
    digests.make(at=now)
    rows = Digest.objects.filter(team__supervisor__username="supervisor", person=None)
    return (rows.first() or Digest.objects.earliest("pk")).pk


def answered_for(now: datetime) -> tuple[Incident, Incident]:
    """An incident that may be closed, and one whose closing an inspector is asked for.

    They are linked, and a supervisor has checked one.
    """
    ready = closure.ready(at=now - 4 * HOUR, people=known_couple())
    asked = closure.ready(at=now - 5 * HOUR, people=known_couple())
    link_incidents(
        incident_id=ready.pk,
        other_id=asked.pk,
        words="Same flat, same minutes",
        actor=person("handler"),
        at=now - 4 * HOUR,
    )
    check_incident(
        incident_id=ready.pk,
        actor=person("supervisor"),
        answers={one.code: "yes" for one in CHECKS},
        outcome="satisfied",
        at=now - 3 * HOUR,
    )
    closure.requested(asked, at=now - 3 * HOUR, reason="Words only, no threat.")
    return ready, asked


def told_and_offered(victim: Victim, now: datetime) -> dict[str, int]:
    """Something to be told after one attempt, something told, an offer that waits, a change."""
    news = [
        News(victim.pk, "bail", "Darren Pike was released on bail", now - HOUR, "test.event", 1),
        News(victim.pk, "charge", "Darren Pike was charged", now - HOUR, "test.event", 2),
    ]
    bail, charge = owe_updates(news=news, actor=person("custody"), at=now)
    officer = person("officer")
    for row, outcome in ((bail, "no_answer"), (charge, "reached")):
        log_contact(
            victim_id=victim.pk,
            way="they_came" if outcome == "reached" else "text",
            outcome=outcome,
            words="At the counter.",
            other_way_reason="The only time she named.",
            updates={row.pk: row.version},
            seen=1,
            actor=officer,
            at=now,
        )
    offered = offer_statement(victim_id=victim.pk, about="", actor=officer, at=now)
    record_circumstance(
        victim_id=victim.pk,
        kind="separated",
        happened_at=now - 48 * HOUR,
        words="She left him on Saturday.",
        actor=officer,
        at=now,
    )
    return {"update_id": bail.pk, "statement_id": offered.pk}


def custody_seen(now: datetime) -> tuple[list[str], str]:
    """Darren is on bail and in prison; somebody unknown waits.

    References of the messages, of him, and of a file.
    """
    darren = Incident.objects.earliest("pk").involvements.get(role="perpetrator").person
    custody.known_as(darren)
    bail = {"bail_until": now + timedelta(days=20), "happened_at": now - 3 * HOUR}
    applied = custody.custody_event("bail", at=now, **bail)
    waiting = custody.custody_event(
        "arrest", at=now, person_number="N/90/7", custody_number="C/26/7", given_name="Daren"
    )
    aside = custody.custody_event("arrest", at=now, person_number="N/1", custody_number="C/26/8")
    inside = {"custody_number": "S/26/1", "where": "HMP Whitmoor"}
    custody.custody_event("prison", at=now, happened_at=now - timedelta(days=90), **inside)
    custody.custody_event(
        "prison-release-planned", at=now, release_at=now + timedelta(days=4), **inside
    )
    set_aside(event_id=aside.pk, words="Of another force.", actor=person("custody"), at=now)
    references = [row.reference for row in (applied, waiting, aside)]
    return [*references, darren.reference], custody.file_of_nothing(now).reference


def ordered_for(incident: Incident, now: datetime) -> tuple[list[str], int]:
    """A notice that waits and one in force, an order with a breach, disclosure in three states.

    The references that their addresses take, and the order's number.
    """
    served = orders.served(now - HOUR, of=incident)
    order = orders.order(now - HOUR, of=incident)
    record_breach(
        order_id=order.pk,
        happened_at=now - HOUR,
        words="He waited outside her work.",
        actor=person("officer"),
        at=now,
    )
    told = disclosure.visited(now - HOUR, of=incident)
    to_tell = disclosure.decided(now, of=incident, immediate_risk=True)
    another = incidents.incident(
        at=now - HOUR,
        people=(
            incidents.in_call("victim", given_name="Mina", family_name="Sand"),
            incidents.in_call(
                "perpetrator", given_name="Kai", family_name="Roe", date_of_birth=date(1980, 1, 1)
            ),
        ),
    )
    asked, recorded = orders.asked(now, of=another), disclosure.recorded(now, of=another)
    rows = (served, asked, told, to_tell, recorded)
    return [*(row.reference for row in rows), incident.reference], order.pk


def harms_several(now: datetime) -> tuple[str, str]:
    """Somebody with three victims under two spellings, and a plan: the references of both records.

    Somebody else has two victims and no plan yet.
    """
    craig = {"given_name": "Craig", "family_name": "Voss", "date_of_birth": date(1979, 6, 1)}
    first = serial.accused(serial.complained_of(serial.JANE, craig, at=now - 90 * HOUR))
    serial.complained_of(serial.PRIYA, first.pk, at=now - 60 * HOUR)
    spelt = {**craig, "given_name": "Kraig"}
    other = serial.accused(serial.complained_of(serial.ANGELA, spelt, at=now - 30 * HOUR))
    lee = {"given_name": "Lee", "family_name": "Marsh"}
    unplanned = serial.accused(serial.complained_of(serial.woman("Ann", "Moss"), lee, at=now))
    serial.complained_of(serial.woman("Bea", "Lund"), unplanned.pk, at=now)
    find_all(at=now, actor=User.objects.system())
    management.plan_for(first, now - HOUR)
    return first.reference, other.reference


def planned(victim: Victim, now: datetime) -> dict[str, object]:
    """Two versions of a safety plan, the second to be looked at again; one step overdue by now."""
    officer = person("officer")
    school = Step("Code word with the school", owner_words="Siobhán", is_shared=True)
    locks = Step("Locks changed", owner_words="Housing", due_on=now.date(), is_shared=True)
    visit = Step("Visit her", owner=officer, due_on=(now + timedelta(days=5)).date(), carries=2)
    write_plan(
        victim_id=victim.pk,
        steps=[school, locks],
        reason="First plan",
        version=0,
        actor=officer,
        at=now - HOUR,
    )
    write_plan(
        victim_id=victim.pk,
        steps=[school, visit],
        reason="He is out",
        version=1,
        actor=officer,
        at=now,
    )
    owe_plan_review(victim_id=victim.pk, because="risk now high, was medium", actor=officer, at=now)
    return {"version": 2, "position": 1}


def undelivered(victim: Victim, now: datetime) -> dict[str, int]:
    """An agency whose system took nothing, with a representative."""
    agency, representative = person("agency").team.agency, person("agency")
    given_up = outgoing.dead(now - HOUR, agency=agency, victim=victim)
    return {
        "agency_id": agency.pk,
        "person_id": representative.pk,
        "message_id": given_up.pk,
    }


def looked_at(taken: Referral, now: datetime) -> dict[str, int]:
    """A referral with a second opinion asked, its grade sent back, and its clock standing still."""
    worker = person("worker")
    opinion = services.ask_opinion(
        referral_id=taken.pk,
        of=person("worker_b"),
        question="Is this stalking?",
        actor=worker,
        at=now - HOUR,
    )
    services.check_grade(
        referral_id=taken.pk,
        would_be="high",
        words="He has strangled her twice.",
        version=taken.version,
        actor=worker,
        at=now - HOUR,
    )
    services.pause(
        referral_id=taken.pk,
        reason="other_force",
        words="Northmoor was asked.",
        actor=worker,
        at=now - HOUR,
    )
    return {"opinion": opinion.pk}


def from_partners(incident: Incident, now: datetime) -> dict[str, object]:
    """Housing referred two, one of them answered; of one child of the incident a school is told."""
    known = incoming.referred(now - HOUR, grade="high")
    services.answer_agency(
        referral_id=known.referral_id,
        words="We are in touch with her.",
        actor=person("worker"),
        at=now,
    )
    unclear = incoming.referred(now, date_of_birth=None)
    told = schools.owed_for(incident, now)
    services.tell_school(
        incident_id=incident.pk,
        notice_ids=[told.pk],
        agency_id=referrals.an_agency("Tanglewood Primary", "education").pk,
        actor=person("worker"),
        at=now,
    )
    owed = schools.owed_for(incident, now, "Tom")
    return {
        "incoming": unclear.referral.reference,
        "incident": incident.reference,
        "notice_id": owed.pk,
    }


def advised(now: datetime) -> tuple[list[str], Victim]:
    """Somebody whom an adviser supports, somebody who waits for an answer; and one not accepted.

    Their references, and whoever was not accepted.
    """
    names = (("Ada", "Birch"), ("Ife", "Okonkwo"), ("Eve", "Marsh"))
    ada, ife, eve = (
        victims.victim(given_name=given, family_name=family, grade="high", at=now - 3 * HOUR)
        for given, family in names
    )
    victims.safe_contact(ada, at=now - 2 * HOUR)
    supported = advising.accepted(now - 2 * HOUR, victim=ada)
    advising.contact(supported, now - HOUR, other_way_reason="She asked for it")
    worked_on(supported, now - HOUR)
    waiting = advising.referred(now - HOUR, victim=ife)
    refused = advising.referred(now - HOUR, victim=eve)
    services.refuse_idva_case(
        case_id=refused.pk,
        because="no_room",
        words="Everybody has thirty clients.",
        version=1,
        actor=person("idva_manager"),
        at=now,
    )
    return [supported.reference, waiting.reference, refused.reference, eve.reference], eve


def opened_in_emergency(victim: Victim, now: datetime) -> str:
    """An adviser opened this record; whoever leads them has not said yet whether it was right."""
    why = "She is at the hospital; nobody else can be reached."
    actor = person("idva")
    return break_glass(victim_id=victim.pk, reason=why, actor=actor, at=now - HOUR).called


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

"""Records of every kind, each as its page shows it: what the small county is made of."""

from datetime import date, datetime, timedelta

from accounts.models import User
from deadlines import digests
from deadlines.models import Digest
from incidents.models import Exhibit, Incident
from incidents.services.editing.linking import link_incidents
from incidents.services.supervision import check_incident
from incidents.supervising import CHECKS
from learning.models import Notice
from perpetrators.services.orders import record_breach
from perpetrators.services.receiving import set_aside
from perpetrators.services.serial import find_all
from referrals import services
from referrals.models import Referral
from risk import services as risk_services
from risk.models import Assessment
from tests.browser.support import worked_on
from tests.factories import (
    advising,
    closure,
    custody,
    disclosure,
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
from tests.personas import person, team
from victims.models import Victim
from victims.services import (
    News,
    Step,
    break_glass,
    log_contact,
    offer_statement,
    owe_plan_review,
    owe_updates,
    record_circumstance,
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

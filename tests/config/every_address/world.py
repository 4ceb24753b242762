"""One case with one of everything: what the walk over every address walks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import User
from core import clock, references
from core.trigger_rules import Trigger
from deadlines.models import Digest
from incidents.models import CallDraft, NonCrimeReview
from incidents.services.response import record_crime
from perpetrators.models import CustodyEvent
from referrals import services
from referrals.models import (
    AgencyReferral,
    IdvaCase,
    Survey,
)
from referrals.services import withdraw_sharing
from referrals.services.voice.asking import digest_of
from risk.models import Assessment, Instrument
from risk.services.triggers import Fired, fire
from tests.config.every_address.conferences import conference_of
from tests.factories import (
    custody,
    disclosure,
    exhibits,
    incoming,
    learning,
    management,
    orders,
    outgoing,
    response,
    risk,
    schools,
    sharing,
)
from tests.factories import referrals as maru
from tests.personas import PEOPLE, person
from victims.models import Marker, Victim, VictimAccess
from victims.services import (
    News,
    Step,
    arrange_absence,
    break_glass,
    end_access,
    give_access,
    hand_over,
    offer_statement,
    owe_updates,
    set_marker,
    withhold,
    write_note,
    write_plan,
)


@dataclass(frozen=True)
class Case:
    """One case: a victim whose incident was attended, assessed and referred."""

    filled: dict[str, str]

    def address(self, route: str) -> str:
        for name, value in self.filled.items():
            route = route.replace(f"<{name}>", value)
        assert "<" not in route, f"nothing to fill {route} in with"
        return "/" + route

    def of_nothing(self) -> "Case":
        """The same addresses, filled in with what is not there."""
        return Case({name: like(value) for name, value in self.filled.items()})


def like(value: str) -> str:
    """Something of the same form that nothing is called."""
    if value.isdigit():
        return "999999"
    if value.startswith("marker-"):
        return "marker-999999"
    return str(uuid4()) if len(value) == 36 else "XX-2026-999999"


def a_case() -> Case:
    """One of everything about one victim; `filled` says what each parameter stands for."""
    now = clock.now()
    far_from_examples()
    for username in PEOPLE:
        person(username)
    attended = response.attended(at=now - timedelta(hours=3))
    assessment = risk.kept(Assessment.objects.get(incident=attended), "q18", at=now)
    victim = Victim.objects.get(pk=assessment.victim_id)
    referral = maru.a_referral(now - timedelta(hours=2), victim=victim)
    see_and_saw(victim, now)
    # Somebody else's record: a record that is one's own already cannot be opened.
    used = break_glass(
        victim_id=maru.a_referral(now - timedelta(hours=2)).victim_id,
        reason="Her own adviser cannot be reached",
        actor=person("idva"),
        at=now,
    )
    kept = withhold(
        victim_id=victim.pk,
        person_id=brother().pk,
        reason="Brother of the man who was arrested",
        actor=person("manager"),
        at=now,
    )
    marker = set_marker(
        kind=Marker.Kind.EMERGENCY,
        words="Known risk to life",
        person=victim.person,
        until=(now + timedelta(days=60)).date(),
        actor=person("inspector"),
        at=now,
    )
    [owed] = fire(
        fired=[
            Fired(
                victim_id=victim.pk,
                trigger=Trigger.RELEASE,
                happened_at=now,
                words="Released from custody",
                source_type="victims.victim",
                source_id=victim.pk,
            )
        ],
        actor=person("custody"),
        at=now,
    )
    [told] = owe_updates(
        news=[News(victim.pk, "release", "Released from custody", now, "victims.victim", 1)],
        actor=person("custody"),
        at=now,
    )
    offered = offer_statement(victim_id=victim.pk, about="", actor=person("officer"), at=now)
    noted = write_note(
        victim_id=victim.pk,
        words="She has a second telephone.",
        kept_among="police",
        actor=person("officer"),
        at=now,
    )
    draft = CallDraft.objects.create(
        key=uuid4(), handler=person("handler"), answered_at=now, updated_at=now
    )
    arm = exhibits.exhibit(attended, now, person_id=victim.person_id)
    shared = sharing.told(victim, now, documents=[arm.key])
    taken_back = sharing.told(victim, now, documents=[arm.key], who="agency_b")
    withdraw_sharing(
        sharing_id=taken_back.pk, because="She asked for it", actor=person("worker"), at=now
    )
    crime = record_crime(
        incident_id=attended.pk,
        category="stalking",
        number="42FW/1234/26",
        actor=person("officer"),
        at=now,
    )
    NonCrimeReview.objects.create(
        victim=victim,
        incident=attended,
        opened_at=now,
        incidents_counted=[attended.reference],
        basis="3 incidents without a crime within 12 months",
    )
    ordered = orders.order(now, of=attended)
    served = orders.served(now, of=attended)
    accused = attended.involvements.get(role="perpetrator").person
    management.plan_for(accused, now)
    notice = learning.published(now - timedelta(days=1))
    offer = hand_over(
        victim_id=victim.pk,
        duty="plan",
        to=person("officer_b"),
        words="She moves on Friday.",
        actor=person("officer"),
        at=now,
    )
    away = arrange_absence(
        person=person("officer"),
        cover=person("officer_b"),
        from_at=now + timedelta(days=3),
        until_at=now + timedelta(days=5),
        actor=person("officer"),
        at=now,
    )
    write_plan(
        victim_id=victim.pk,
        steps=[Step("Locks changed", owner_words="Housing")],
        reason="First plan",
        version=0,
        actor=person("officer"),
        at=now,
    )
    undelivered = outgoing.dead(
        now, agency=person("agency").team.agency, victim=victim, way="email"
    )
    return Case(
        {
            "withholding": str(kept.pk),
            "glass": used.called,
            "agency": str(undelivered.agency_id),
            "representative": str(person("agency").pk),
            "outgoing": str(undelivered.pk),
            "absence": str(away.pk),
            "digest": str(digest_for("officer", now).pk),
            "handover": str(offer.pk),
            **work_of_idva(case_of_idva(victim, now), now),
            "incoming": sent_by_agency(now).referral.reference,
            "school_notice": str(schools.owed_for(attended, now).pk),
            "notice": notice.reference,
            "disclosure": disclosure.recorded(now, of=attended).reference,
            "order": str(ordered.pk),
            "protection": served.reference,
            "instrument": str(Instrument.objects.get(code="dash_police", in_use=True).pk),
            "victim": victim.reference,
            "person": accused.reference,
            "other": victim.person.reference,
            "incident": attended.reference,
            "assessment": assessment.reference,
            "referral": referral.reference,
            "sharing": shared.reference,
            "opinion": str(maru.an_opinion(referral, now).pk),
            "reassessment": owed.reference,
            "marker": str(marker.pk),
            "warning": f"marker-{marker.pk}",
            "trigger": "gone_quiet",
            "step": "1",
            "version": "1",
            "update": str(told.pk),
            "statement": str(offered.pk),
            "note": str(noted.pk),
            "secret": link_of(victim, now),
            "message": unknown_message(now).reference,
            "file": custody.file_of_nothing(now).reference,
            "draft": str(draft.key),
            "exhibit": str(arm.key),
            "crime": crime.number,
            "officer": "officer",
            **conference_of(victim, accused, now, brother=brother()),
        }
    )


#: References as low as this may stand on a page as an example; those of a world are above it.
EXAMPLES = 1000


def far_from_examples() -> None:
    """Let references begin where neither an example nor a row made by hand has one.

    In a database that is new they would begin at 1, in another wherever it has come to: what the
    walk sees must not depend on that.
    """
    with connection.cursor() as cursor:
        for kind in references.Kind:
            name = f"reference_{kind.value.lower()}"
            cursor.execute(
                f"SELECT setval('{name}', {EXAMPLES}) FROM {name} WHERE last_value < {EXAMPLES}"
            )


def brother() -> User:
    """A police officer of every rank at once, who is near the one complained of: the record is
    withheld from him, so that no role opens what this closes."""
    known = User.objects.filter(username="brother").first()
    if known is not None:
        return known
    him = User.objects.create_user("brother", name="PC 5150 B. Kane", team=person("officer").team)
    roles = User.objects.filter(username__in=set(PEOPLE) - {"custody_system"})
    him.groups.set(Group.objects.filter(user__in=roles).distinct())
    return him


def see_and_saw(victim: Victim, now: datetime) -> None:
    """Two advisers were given the record; of one it was taken back."""
    for adviser in ("idva", "idva_b"):
        give_access(
            victim_id=victim.pk,
            person=person(adviser),
            why=VictimAccess.Why.GIVEN,
            actor=person("manager"),
            at=now - timedelta(hours=1),
        )
    end_access(
        victim_id=victim.pk,
        person=person("idva_b"),
        why=VictimAccess.Why.GIVEN,
        because="She asked for somebody else",
        actor=person("manager"),
        at=now,
    )


def case_of_idva(victim: Victim, now: datetime) -> IdvaCase:
    """R. Amadi supports them; the duties of others stay theirs."""
    return IdvaCase.objects.create(
        reference="IC-2026-000001",
        victim=victim,
        team=person("idva").team,
        owner=person("idva"),
        state=IdvaCase.State.ACCEPTED,
        grade="high",
        referred_by=person("worker"),
        referred_at=now,
        reason="Court on Monday",
        answered_at=now,
        answered_by=person("idva_manager"),
        allocated_at=now,
    )


def work_of_idva(case: IdvaCase, now: datetime) -> dict[str, str]:
    """The case, something that the client needs, and a hearing to come."""
    who: dict[str, Any] = {"case_id": case.pk, "actor": person("idva"), "at": now}
    need = services.add_need(kind="housing", words="A lock", **who)
    court = services.plan_court(
        court="family", hearing_at=now + timedelta(days=9), about="Contact", **who
    )
    return {"idva_case": case.reference, "need": str(need.pk), "court": str(court.pk)}


def link_of(victim: Victim, now: datetime) -> str:
    """The secret of a link that was given to this victim after an end."""
    secret = "given-in-a-contact"
    Survey.objects.create(
        victim=victim,
        about=Survey.About.ADVISER,
        team=person("worker").team,
        state=Survey.State.LINK_GIVEN,
        closed_at=now,
        opened_at=now,
        due_at=now,
        link_digest=digest_of(secret),
        link_until=now + timedelta(days=1),
    )
    return secret


def digest_for(username: str, now: datetime) -> Digest:
    """A morning's summary of somebody's, which nobody else reads."""
    return Digest.objects.create(
        person=person(username), on=clock.local(now).date(), created_at=now, answer_by=now
    )


def sent_by_agency(now: datetime) -> AgencyReferral:
    """Somebody whom housing referred; nobody has said yet who it is."""
    return incoming.referred(now, given_name="Nadia", family_name="Brook", date_of_birth=None)


def unknown_message(now: datetime) -> CustodyEvent:
    """A custody message that waits: nobody is known by its number."""
    return custody.custody_event("bail", at=now, person_number="N/0/0", custody_number="C/0")

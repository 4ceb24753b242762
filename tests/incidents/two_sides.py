"""Two victims who accuse each other, with everything that may be on record about both.

Every field that tells of one of them holds words of its own (ANNA… or BORIS…), what tells of both
holds OFBOTH. Words outlast a change of the pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from incidents.company import company_of
from incidents.models import Incident
from incidents.services import crimes, response
from incidents.services.editing.further_calls import add_further_call
from incidents.services.editing.linking import link_incidents
from incidents.services.regrading import regrade
from incidents.services.response import PartyFound
from incidents.services.supervision import check_incident
from incidents.supervising import CHECKS
from referrals import services as maru
from referrals.models import Referral
from risk import services as risk_services
from risk.models import Assessment
from tests.config.every_address.rules import RULES
from tests.conftest import NOON
from tests.factories import closure, exhibits, learning, risk
from tests.factories.incidents import call, in_call, incident
from tests.factories.response import attended, findings
from tests.factories.victims import address, safe_contact
from tests.factories.victims import person as human
from tests.personas import person
from tests.standing import standing
from victims.models import Address, Person, Victim
from victims.services import set_marker

MINUTE = timedelta(minutes=1)
#: By whose side it is: telephone, postcode, birth date.
OWN = {
    "ANNA": ("07700 900311", "PE1 9AA", date(1991, 3, 14)),
    "BORIS": ("07700 900322", "PE1 9BB", date(1983, 7, 21)),
}
OTHER = {"ANNA": "BORIS", "BORIS": "ANNA"}


@dataclass(frozen=True)
class World:
    """The incident, and of each side what addresses are filled with."""

    row: Incident
    filled: dict[str, dict[str, str]]

    def addresses(self) -> Iterator[str]:
        """Everything that can be read, of either side; and what somebody may search for."""
        for side, values in self.filled.items():
            for route, rule in RULES.items():
                asked_for = _filled(route, values)
                # What is filled in with nothing of either is there for nobody.
                if rule.read is not None and "<" not in asked_for:
                    yield "/" + asked_for
            number, postcode, _ = OWN[side]
            for words in (side, f"{side} Surname", number, postcode, *values.values()):
                yield f"/search/?q={words}"
        yield "/search/?q=07700 900333"

    def secrets(self, side: str) -> list[str]:
        """What nobody who works for the other may read anywhere."""
        number, postcode, born = OWN[side]
        own = self.filled[side]
        references = [
            own[name] for name in ("victim", "assessment", "referral", "exhibit", "crime")
        ]
        digits = number.replace(" ", "")[1:]
        birth = [born.isoformat(), f"{born.day} {born:%B %Y}", f"{born.day} {born:%b %Y}"]
        return [f"{side}SAYS", postcode, number[-6:], digits, *birth, *references]


def _filled(route: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        route = route.replace(f"<{name}>", value)
    return route


def _home(side: str) -> Address:
    return address(f"{side}SAYSHOME Lodge", OWN[side][1])


def _one(side: str, at: datetime) -> Person:
    number, _, born = OWN[side]
    return human(side, "Surname", born, at=at, number=number, address=_home(side))


def _party(one: Person, side: str) -> PartyFound:
    return PartyFound(
        person=one.reference,
        was_spoken_to=True,
        account=f"{side}SAYSACCOUNT",
        injuries=f"{side}SAYSINJURIES",
        fear=f"{side}SAYSFEAR",
    )


def _assessed(assessment: Assessment, side: str, at: datetime) -> Assessment:
    given = risk.answers("q18") | {"q01": {"answer": "yes", "words": f"{side}SAYSANSWER"}}
    kept = risk_services.keep_answers(
        assessment_id=assessment.pk,
        actor=assessment.officer,
        answers=given,
        version=assessment.version,
        at=at,
    )
    return risk_services.submit_assessment(
        assessment_id=kept.pk,
        actor=kept.officer,
        judged_grade="high",
        judged_reason=f"{side}SAYSJUDGED",
        version=kept.version,
        at=at,
    )


def _one_side(row: Incident, one: Person, side: str, at: datetime) -> dict[str, str]:
    """Everything that may be on record about one of the two; gives what its addresses need."""
    victim = Victim.objects.get(person=one)
    safe_contact(
        victim,
        at=at,
        number=OWN[side][0],
        hours=f"{side}SAYSHOURS",
        code_word=f"{side}SAYSCODE",
        notes=f"{side}SAYSNOTES",
    )
    until = (at + timedelta(days=60)).date()
    for place in ({"person": one}, {"address": _home(side)}):
        marker = set_marker(
            kind="emergency",
            words=f"{side}SAYSMARKER",
            until=until,
            actor=person("inspector"),
            at=at,
            **place,
        )
    assessment = Assessment.objects.get(incident=row, victim=victim)
    _assessed(assessment, side, at)
    referral = Referral.objects.get(assessment=assessment)
    maru.claim(referral_id=referral.pk, actor=person("worker"), at=at)
    crime = response.record_crime(
        incident_id=row.pk,
        category="stalking" if side == "BORIS" else "harassment",
        number=f"42{side}SAYS/26",
        actor=person("officer"),
        at=at,
        victim_id=victim.pk,
    )
    crimes.record_outcome(
        crime_id=crime.pk,
        outcome="caution",
        at_when=at,
        words=f"{side}SAYSOUTCOME",
        version=crime.version,
        actor=person("officer"),
        at=at,
    )
    photograph = exhibits.exhibit(
        row,
        at,
        data=exhibits.PDF.replace(b"1 0 obj", f"% {side}SAYSBYTES\n1 0 obj".encode(), 1),
        name=f"{side}SAYSFILE.pdf",
        person_id=one.pk,
        kind="document",
        words=f"{side}SAYSPHOTOGRAPH",
        reference=f"{side}SAYSREF",
    )
    return {
        "victim": victim.reference,
        "incident": row.reference,
        "assessment": assessment.reference,
        "referral": referral.reference,
        "marker": str(marker.pk),
        "exhibit": str(photograph.key),
        "crime": crime.number,
        "officer": "officer",
        "draft": "0",
    }


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The two of them, made once for the tests of a module; they look two hours later."""
    now = NOON + timedelta(hours=2)
    with pytest.MonkeyPatch.context() as patch, standing(django_db_blocker):
        patch.setattr(clock, "now", lambda: now)
        with django_db_blocker.unblock():
            made = _made(NOON, now)
        yield made


def _made(at: datetime, now: datetime) -> World:
    """Boris called from his home and named Anna; when officers came, she accused him."""
    for username in ("supervisor", "inspector", "worker", "manager", "head"):
        person(username)
    anna, boris = _one("ANNA", at), _one("BORIS", at)
    row = attended(
        "officer",
        at=at,
        address_line="BORISSAYSHOME Lodge",
        postcode=OWN["BORIS"][1],
        caller_name="BORIS Surname BORISSAYSCALLER",
        caller_number="07700 900333",
        narrative="BORISSAYSNARRATIVE",
        verbatim="BORISSAYSVERBATIM",
        background="BORISSAYSBACKGROUND",
        safe_callback="BORISSAYSCALLBACK",
        source_detail="BORISSAYSSOURCE",
        communication_needs="BORISSAYSNEEDS",
        language="BORISSAYSLANGUAGE",
        answers={"danger": "yes", "whereabouts": "here"},
        people=(
            in_call("victim", person_id=boris.pk, lives_here=True, relationship="BORISSAYSKIN"),
            in_call("perpetrator", person_id=anna.pk),
            in_call("child", given_name="OFBOTHCHILD", age=6),
        ),
    )
    _further(row, at)
    company = company_of(row)
    assert company.pair is not None
    response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(
            row,
            counter_allegation="yes",
            counter_view="one",
            counter_protect=anna.reference,
            counter_reason="OFBOTHREASON",
            parties=(_party(boris, "BORIS"), _party(anna, "ANNA")),
            positive_action_reason="OFBOTHACTION",
            account="OFBOTHSCENE",
            wishes="OFBOTHWISHES",
            safety_plan="OFBOTHPLAN",
            spoken_apart_reason="OFBOTHAPART",
            non_crime_reason="OFBOTHNOCRIME",
        ),
        version=0,
        at=at + 30 * MINUTE,
    )
    later = at + 60 * MINUTE
    sides = {
        "ANNA": _one_side(row, anna, "ANNA", later),
        "BORIS": _one_side(row, boris, "BORIS", later),
    }
    _settled(row, at + 90 * MINUTE)
    for side in sides.values():
        side["notice"] = learning.published(now - timedelta(days=1)).reference
    row.refresh_from_db()
    return World(row, sides)


def _further(row: Incident, at: datetime) -> None:
    """What the control room adds."""
    handler = person("handler")
    add_further_call(
        incident_id=row.pk,
        actor=handler,
        at=at + 10 * MINUTE,
        call=call(
            received_at=at + 10 * MINUTE,
            narrative="OFBOTHNEWS",
            caller_name="OFBOTHNEIGHBOUR",
            caller_is="neighbour",
            people=(),
        ),
    )
    second = incident(at=at + 11 * MINUTE, people=(), narrative="OFBOTHSECOND")
    link_incidents(
        incident_id=row.pk,
        other_id=second.pk,
        words="OFBOTHLINK",
        actor=handler,
        at=at + 12 * MINUTE,
    )
    row.refresh_from_db()
    grade = "priority" if row.grade != "priority" else "immediate"
    regrade(
        incident_id=row.pk,
        actor=handler,
        at=at + 13 * MINUTE,
        grade=grade,
        reason="OFBOTHGRADE",
        version=row.version,
    )


def _settled(row: Incident, at: datetime) -> None:
    """What supervisor and inspector add."""
    check_incident(
        incident_id=row.pk,
        actor=person("supervisor"),
        answers={one.code: "yes" for one in CHECKS},
        outcome="action",
        words="OFBOTHCHECK",
        asked_of=person("officer"),
        at=at,
    )
    waiting = closure.requested(row, at=at, safe_now=("yes", "OFBOTHANSWER"))
    closure.refused(waiting, at=at + MINUTE, words="OFBOTHREFUSED")


def said(client: Client, address: str) -> str:
    """The whole answer, headers too: where it sends to may tell as much as what it says."""
    answer = client.get(address)
    body: Any = answer.getvalue() if answer.streaming else answer.content
    return f"{dict(answer.items())}\n{body.decode(errors='replace')}"

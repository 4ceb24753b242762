"""Every address, HTML and API, as every persona and as nobody.

The table below says who may open what. An address that is not in it fails the test, so that no page
is added without saying who sees it. Reading: those named get 200; everybody else 404 (not seen) or
403 (seen, but not theirs to do). Writing: an empty POST never succeeds for those who may not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from guardian.shortcuts import assign_perm

from accounts.models import User
from core import clock
from core.trigger_rules import Trigger
from incidents.models import CallDraft, NonCrimeReview
from incidents.services.response import record_crime
from perpetrators.models import CustodyEvent
from risk.models import Assessment, Instrument
from risk.services.triggers import Fired, fire
from tests.factories import (
    custody,
    disclosure,
    exhibits,
    learning,
    management,
    orders,
    response,
    risk,
)
from tests.factories import referrals as maru
from tests.personas import PEOPLE, person
from victims.models import Marker, Victim
from victims.services import (
    News,
    Step,
    arrange_absence,
    hand_over,
    offer_statement,
    owe_updates,
    set_marker,
    write_plan,
)

CONTROL = {"handler", "handler_b", "inspector"}
OFFICERS = {"officer", "officer_b", "supervisor"}
INVESTIGATE = OFFICERS | {"investigator"}
MARU = {"worker", "worker_b", "manager"}
#: Roles that see every victim and no list of their own in the older tables.
OTHERS = {"superintendent", "investigator", "neighbourhood", "custody"}
POLICE = CONTROL | OFFICERS | MARU | {"head", "auditor"} | OTHERS
#: idva was granted this victim; idva_b and the agency were not.
ADVISER = {"idva"}
EVERYBODY = set(PEOPLE)


@dataclass(frozen=True)
class Rule:
    """Who may read (GET) and who may write (POST, PATCH); None: there is no such method."""

    read: frozenset[str] | None
    write: frozenset[str] | None = None


def rule(read: set[str] | None, write: set[str] | None = None) -> Rule:
    return Rule(
        None if read is None else frozenset(read), None if write is None else frozenset(write)
    )


CLOCKS = CONTROL | OFFICERS | MARU | {"head", "superintendent", "investigator", "idva", "idva_b"}
QUEUE = MARU | {"head"}
SUPERVISION = {"supervisor", "inspector", "head", "superintendent"}

SPEAK_WITH_VICTIMS = CONTROL | OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood"}
MARK = {"inspector", "supervisor"} | MARU
GRANTED = {"idva", "idva_b"}
#: Both officers who were there may write the assessment.
ASSESS = {"officer", "officer_b"}
#: A notice for call handlers and response officers is put to them alone; results are for leaders.
ASKED = {"handler", "handler_b", "officer", "officer_b"}
RESULTS = {"supervisor", "manager", "inspector", "head", "superintendent", "auditor", "analyst"}
WRITERS = {"head", "superintendent"}
#: Whose people assess: response officers, the referral unit.
REVIEWERS = {"supervisor", "manager"}
#: Those who look at a victim's risk again, between assessments too.
JUDGES = OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood", "head"}
#: Whoever hears of an order or a breach on duty.
RECORD = INVESTIGATE | MARU | {"head", "custody", "neighbourhood"}
HOLD_DUTIES = (
    OFFICERS | MARU | {"investigator", "neighbourhood", "idva", "idva_b", "head", "inspector"}
)
LEADERS = {"supervisor", "manager", "inspector", "head"}
CLOSE_CASES = {"supervisor", "manager", "head"}
#: The officer who has the victim, and who leads them.
GIVE = {"officer", "supervisor", "head"}
#: The officer who will be away, and who leads them.
AWAY = {"officer", "supervisor", "head"}
#: Who was there has the risk; those who lead may see to anybody's.
HAVE_RISK = {"officer", "supervisor", "manager", "head"}
#: Those who say whom a custody message is about, and those who send and drop such messages.
MATCHERS = MARU | {"head", "investigator", "custody"}
CUSTODY_SENDERS = {"custody", "custody_system"}
CUSTODY_RECORDERS = {"custody", "investigator", "supervisor"}
#: Who keeps the force policy.
POLICY = {"head"}
#: Those who agree safety plans with victims.
PLANNERS = OFFICERS | MARU | ADVISER | {"investigator", "neighbourhood"}
#: Those who keep in touch with victims; the list of what is owed is also for those who lead.
IN_TOUCH = JUDGES - {"head"}
OWED_BY = IN_TOUCH | {"head", "inspector", "idva_b"}
#: Those who keep management plans of people who harm.
MANAGE = MARU | {"supervisor", "investigator", "neighbourhood", "head"}
NOTICE = "<notice>/"
PROTECTION = "notices/<protection>/"
DISCLOSURE = "disclosures/<disclosure>/"
#: Those who work for the disclosure scheme; managers decide.
DISCLOSE = MARU | {"head", "investigator"}
VICTIM, INCIDENT, ASSESSMENT, REFERRAL = (
    "<victim>/",
    "<incident>/",
    "<assessment>/",
    "<referral>/",
)
#: The API changes these in place.
PATCHED = {"api/v1/incidents/<incident>/", "api/v1/assessments/<assessment>/"}

RULES: dict[str, Rule] = {
    "": rule(EVERYBODY),
    "search/": rule(EVERYBODY),
    "waiting/": rule(EVERYBODY),
    "waiting/seen/": rule(None, EVERYBODY),
    "clocks/": rule(CLOCKS),
    "learning/": rule(EVERYBODY),
    "learning/results/": rule(RESULTS),
    "learning/results/team/": rule(RESULTS),
    "learning/results/export/": rule(RESULTS),
    "learning/written/": rule(WRITERS),
    "learning/new/": rule(WRITERS, WRITERS),
    "learning/" + NOTICE: rule(ASKED | RESULTS),
    "learning/" + NOTICE + "answer/": rule(None, ASKED),
    "learning/" + NOTICE + "edit/": rule(WRITERS, WRITERS),
    "learning/" + NOTICE + "preview/": rule(WRITERS),
    "learning/" + NOTICE + "publish/": rule(None, WRITERS),
    "learning/" + NOTICE + "replace/": rule(None, WRITERS),
    "learning/" + NOTICE + "withdraw/": rule(None, WRITERS),
    "victims/" + VICTIM: rule(POLICE | ADVISER),
    "victims/" + VICTIM + "timeline/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "who-looked/": rule({"auditor"}),
    "victims/" + VICTIM + "risk/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "risk/compare/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "risk/judge/": rule(JUDGES, JUDGES),
    "victims/" + VICTIM + "risk/agree/": rule(POLICE | ADVISER, REVIEWERS),
    "updates/": rule(OWED_BY),
    "victims/" + VICTIM + "contacts/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "updates/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "updates/<update>/not-reached/": rule(IN_TOUCH, IN_TOUCH),
    "victims/" + VICTIM + "statements/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "statements/<statement>/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "circumstances/": rule(POLICE | ADVISER, IN_TOUCH),
    "victims/" + VICTIM + "safe-contact/": rule(SPEAK_WITH_VICTIMS, SPEAK_WITH_VICTIMS),
    "duties/": rule(HOLD_DUTIES),
    "people-here/": rule(LEADERS),
    # The officer's people; the manager leads another team.
    "people-here/<officer>/duties/": rule({"supervisor", "head"}, {"supervisor", "head"}),
    "victims/" + VICTIM + "case/": rule(CLOSE_CASES, CLOSE_CASES),
    "victims/" + VICTIM + "handover/": rule(GIVE, GIVE),
    "victims/" + VICTIM + "handover/<handover>/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "handover/<handover>/answer/": rule(None, {"officer_b"}),
    "victims/" + VICTIM + "handover/<handover>/withdraw/": rule(None, GIVE),
    "absences/": rule(EVERYBODY, EVERYBODY),
    "absences/<absence>/": rule(AWAY, AWAY),
    "absences/<absence>/end/": rule(None, AWAY),
    "victims/" + VICTIM + "plan/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "plan/write/": rule(PLANNERS, PLANNERS),
    "victims/" + VICTIM + "plan/review/": rule(None, PLANNERS),
    "victims/" + VICTIM + "plan/shared/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "plan/steps/<step>/": rule(None, PLANNERS),
    "victims/" + VICTIM + "plan/versions/<version>/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "markers/": rule(MARK, MARK),
    "victims/" + VICTIM + "markers/<marker>/end/": rule(None, MARK),
    "markers/": rule(MARK),
    "markers/<warning>/": rule(MARK, MARK),
    "people/<person>/": rule(POLICE),
    "people/<person>/plan/": rule(POLICE, MANAGE),
    "people/<person>/plan/review/": rule(None, MANAGE),
    "people/<person>/plan/pass-on/": rule(None, MANAGE),
    "people/<person>/plan/end/": rule(None, MANAGE),
    "people/<person>/plan/edit/": rule(None, MANAGE),
    "people/<person>/apart/<other>/": rule(None, MANAGE),
    "people/<person>/apart/<other>/back/": rule(None, MANAGE),
    "serial/": rule(POLICE),
    "custody/": rule(POLICE),
    "calls/new/": rule(CONTROL, CONTROL),
    "calls/draft/": rule(None, CONTROL),
    "calls/history/": rule(None, CONTROL),
    "calls/person/": rule(None, CONTROL),
    "calls/<draft>/discard/": rule(None, {"handler"}),
    "incidents/": rule(POLICE - {"custody"}),
    "my-incidents/": rule(OFFICERS),
    "my-incidents/duty/": rule(None, OFFICERS),
    "resources/": rule(CONTROL | OFFICERS, CONTROL),
    "resources/officers/<officer>/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT: rule(POLICE | ADVISER),
    "incidents/" + INCIDENT + "regrade/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "send/": rule(None, CONTROL),
    "incidents/" + INCIDENT + "send-nobody/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "stand-down/<officer>/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "clear/<officer>/": rule(None, CONTROL | {"officer"}),
    "incidents/" + INCIDENT + "crimes/": rule(None, CONTROL | OFFICERS),
    "incidents/" + INCIDENT + "crimes/<crime>/outcome/": rule(INVESTIGATE, INVESTIGATE),
    "incidents/" + INCIDENT + "exhibits/": rule(POLICE | ADVISER, CONTROL | INVESTIGATE),
    "incidents/" + INCIDENT + "exhibits/<exhibit>/": rule(POLICE | ADVISER),
    # Who added it, or a supervisor.
    "incidents/" + INCIDENT + "exhibits/<exhibit>/withdraw/": rule(
        {"officer", "supervisor"}, {"officer", "supervisor"}
    ),
    "non-crime-reviews/": rule({"supervisor"}),
    "non-crime-reviews/" + VICTIM: rule({"supervisor"}, {"supervisor"}),
    "incidents/" + INCIDENT + "briefing/": rule(POLICE),
    "incidents/" + INCIDENT + "further-call/": rule(None, CONTROL),
    "incidents/" + INCIDENT + "news/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "links/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "edit/": rule(CONTROL, CONTROL),
    "incidents/" + INCIDENT + "presence/": rule(None, CONTROL | OFFICERS),
    "incidents/" + INCIDENT + "arrived/": rule(None, OFFICERS),
    "incidents/" + INCIDENT + "first-response/": rule(OFFICERS, OFFICERS),
    "incidents/" + INCIDENT + "first-response/draft/": rule(None, OFFICERS),
    "closures/": rule({"inspector"}),
    "incidents/" + INCIDENT + "closure/": rule(CONTROL | OFFICERS, CONTROL | OFFICERS),
    "supervision/": rule(SUPERVISION),
    "supervision/export/": rule(SUPERVISION),
    "incidents/" + INCIDENT + "supervision/": rule(SUPERVISION, {"supervisor"}),
    "incidents/" + INCIDENT + "assessments/": rule(None, OFFICERS),
    "assessments/" + ASSESSMENT: rule(POLICE | ADVISER, ASSESS),
    "assessments/" + ASSESSMENT + "keep/": rule(None, ASSESS),
    "assessments/" + ASSESSMENT + "submit/": rule(None, ASSESS),
    "assessments/" + ASSESSMENT + "unknowns/": rule(POLICE | ADVISER, JUDGES),
    "policy/trigger-rules/": rule(CLOCKS | POLICY),
    "policy/trigger-rules/<trigger>/": rule(POLICY, POLICY),
    "questionnaires/": rule(WRITERS),
    "questionnaires/new/": rule(WRITERS, WRITERS),
    "questionnaires/<instrument>/": rule(WRITERS),
    "questionnaires/<instrument>/begin/": rule(None, WRITERS),
    "questionnaires/<instrument>/edit/": rule(WRITERS, WRITERS),
    "questionnaires/<instrument>/publish/": rule(None, WRITERS),
    "questionnaires/<instrument>/discard/": rule(None, WRITERS),
    "questionnaires/<instrument>/export/": rule(WRITERS),
    "reassessments/": rule(JUDGES | GRANTED),
    "reassessments/<reassessment>/": rule(POLICE | ADVISER, HAVE_RISK),
    "reassessments/<reassessment>/take-over/": rule(None, HAVE_RISK | OFFICERS),
    "reassessments/<reassessment>/assess/": rule(None, HAVE_RISK),
    "reviews/": rule(REVIEWERS),
    "reviews/" + ASSESSMENT: rule(REVIEWERS, REVIEWERS),
    "notices/": rule(INVESTIGATE | {"superintendent"}),
    PROTECTION: rule(POLICE | ADVISER),
    PROTECTION + "decide/": rule(None, {"superintendent"}),
    PROTECTION + "serve/": rule(None, INVESTIGATE),
    PROTECTION + "hearing/": rule(None, INVESTIGATE),
    PROTECTION + "outcome/": rule(None, INVESTIGATE),
    PROTECTION + "lapse/": rule(None, INVESTIGATE),
    PROTECTION + "withdraw/": rule(None, INVESTIGATE),
    PROTECTION + "breach/": rule(None, RECORD),
    "incidents/" + INCIDENT + "notice/": rule(INVESTIGATE, INVESTIGATE),
    "disclosures/": rule(DISCLOSE),
    DISCLOSURE: rule(POLICE),
    DISCLOSURE + "check/": rule(None, DISCLOSE),
    DISCLOSURE + "decide/": rule(None, {"manager", "head"}),
    DISCLOSURE + "visit/": rule(None, DISCLOSE),
    DISCLOSURE + "take/": rule(None, DISCLOSE),
    DISCLOSURE + "withdraw/": rule(None, DISCLOSE),
    "victims/" + VICTIM + "disclosures/new/": rule(DISCLOSE, DISCLOSE),
    "victims/" + VICTIM + "orders/": rule(POLICE | ADVISER),
    "victims/" + VICTIM + "orders/new/": rule(RECORD, RECORD),
    "victims/" + VICTIM + "orders/<order>/end/": rule(RECORD, RECORD),
    "victims/" + VICTIM + "orders/<order>/breach/": rule(RECORD, RECORD),
    "custody/events/new/": rule(CUSTODY_RECORDERS, CUSTODY_RECORDERS),
    "custody/files/": rule(CUSTODY_SENDERS, CUSTODY_SENDERS),
    "custody/files/<file>/": rule(CUSTODY_SENDERS),
    "custody/files/<file>/refused/": rule(CUSTODY_SENDERS),
    "custody/matching/": rule(MATCHERS),
    "custody/matching/<message>/": rule(MATCHERS),
    "custody/matching/<message>/confirm/": rule(None, MATCHERS),
    "custody/matching/<message>/set-aside/": rule(None, MATCHERS),
    "custody/matching/<message>/take-up/": rule(None, MATCHERS),
    "custody/matching/<message>/take-back/": rule(None, MATCHERS),
    "referrals/": rule(QUEUE),
    "referrals/export/": rule(QUEUE),
    "referrals/claim-next/": rule(None, MARU),
    "referrals/" + REFERRAL: rule(QUEUE),
    "referrals/" + REFERRAL + "claim/": rule(None, MARU),
    "referrals/" + REFERRAL + "release/": rule(None, MARU),
    "referrals/" + REFERRAL + "hand-over/": rule(None, MARU),
    "referrals/" + REFERRAL + "share/": rule(None, MARU),
    "referrals/" + REFERRAL + "complete/": rule(None, MARU),
    "api/v1/schema/": rule(EVERYBODY),
    "api/v1/history/": rule(POLICE),
    "api/v1/deadlines/": rule(CLOCKS),
    "api/v1/learning/notices/": rule(EVERYBODY),
    "api/v1/learning/results/": rule(RESULTS),
    "api/v1/resources/": rule(CONTROL | OFFICERS),
    "api/v1/victims/" + VICTIM: rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "risk/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "judgements/": rule(None, JUDGES),
    "api/v1/victims/" + VICTIM + "judgements/decide/": rule(None, REVIEWERS),
    "api/v1/victims/" + VICTIM + "timeline/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "plan/": rule(POLICE | ADVISER, PLANNERS),
    "api/v1/victims/" + VICTIM + "plan/review/": rule(None, PLANNERS),
    "api/v1/victims/" + VICTIM + "plan/steps/": rule(None, PLANNERS),
    "api/v1/victims/" + VICTIM + "contacts/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "updates/": rule(POLICE | ADVISER),
    "api/v1/victims/" + VICTIM + "updates/<update>/not-reached/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/<statement>/answer/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "statements/<statement>/text/": rule(None, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "circumstances/": rule(POLICE | ADVISER, IN_TOUCH),
    "api/v1/victims/" + VICTIM + "safe-contact/": rule(None, SPEAK_WITH_VICTIMS),
    "api/v1/duties/": rule(HOLD_DUTIES),
    "api/v1/victims/" + VICTIM + "handovers/": rule(POLICE | ADVISER, HOLD_DUTIES - {"idva_b"}),
    "api/v1/victims/" + VICTIM + "handovers/<handover>/answer/": rule(None, {"officer_b"}),
    "api/v1/victims/" + VICTIM + "handovers/<handover>/withdraw/": rule(None, GIVE),
    "api/v1/incidents/": rule(POLICE - {"custody"}, CONTROL),
    "api/v1/incidents/" + INCIDENT: rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "regrade/": rule(CONTROL, CONTROL),
    "api/v1/incidents/" + INCIDENT + "further-calls/": rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "links/": rule(POLICE | ADVISER, CONTROL),
    "api/v1/incidents/" + INCIDENT + "dispatch/": rule(None, CONTROL),
    "api/v1/incidents/" + INCIDENT + "attendance/": rule(None, OFFICERS),
    "api/v1/incidents/" + INCIDENT + "crimes/": rule(None, CONTROL | OFFICERS),
    "api/v1/incidents/" + INCIDENT + "crimes/<crime>/outcome/": rule(None, INVESTIGATE),
    "api/v1/incidents/" + INCIDENT + "exhibits/": rule(POLICE | ADVISER, CONTROL | INVESTIGATE),
    "api/v1/incidents/" + INCIDENT + "exhibits/<exhibit>/": rule(POLICE | ADVISER),
    "api/v1/incidents/" + INCIDENT + "request-closure/": rule(None, CONTROL | OFFICERS),
    "api/v1/incidents/" + INCIDENT + "sign-off/": rule(None, {"inspector"}),
    "api/v1/incidents/" + INCIDENT + "assessments/": rule(None, OFFICERS),
    "api/v1/assessments/" + ASSESSMENT: rule(POLICE | ADVISER, ASSESS),
    "api/v1/assessments/" + ASSESSMENT + "submit/": rule(None, ASSESS),
    "api/v1/assessments/" + ASSESSMENT + "review/": rule(None, REVIEWERS),
    "api/v1/assessments/" + ASSESSMENT + "unknowns/": rule(POLICE | ADVISER, JUDGES),
    "api/v1/reassessments/": rule(JUDGES | GRANTED),
    "api/v1/reassessments/<reassessment>/": rule(POLICE | ADVISER),
    "api/v1/reassessments/<reassessment>/conclude/": rule(None, HAVE_RISK),
    "api/v1/notices/": rule(INVESTIGATE | {"superintendent"}),
    "api/v1/" + PROTECTION: rule(POLICE | ADVISER),
    "api/v1/" + PROTECTION + "decide/": rule(None, {"superintendent"}),
    "api/v1/" + PROTECTION + "serve/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "hearing/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "outcome/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "lapse/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "withdraw/": rule(None, INVESTIGATE),
    "api/v1/" + PROTECTION + "breach/": rule(None, RECORD),
    "api/v1/incidents/" + INCIDENT + "notice/": rule(None, INVESTIGATE),
    "api/v1/disclosures/": rule(DISCLOSE),
    "api/v1/" + DISCLOSURE: rule(POLICE),
    "api/v1/" + DISCLOSURE + "check/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "decide/": rule(None, {"manager", "head"}),
    "api/v1/" + DISCLOSURE + "visit/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "take/": rule(None, DISCLOSE),
    "api/v1/" + DISCLOSURE + "withdraw/": rule(None, DISCLOSE),
    "api/v1/victims/" + VICTIM + "disclosures/": rule(POLICE | ADVISER, DISCLOSE),
    "api/v1/victims/" + VICTIM + "orders/": rule(POLICE | ADVISER, RECORD),
    "api/v1/victims/" + VICTIM + "orders/<order>/end/": rule(None, RECORD),
    "api/v1/victims/" + VICTIM + "orders/<order>/breach/": rule(None, RECORD),
    "api/v1/referrals/": rule(QUEUE),
    "api/v1/referrals/" + REFERRAL: rule(QUEUE),
    "api/v1/referrals/" + REFERRAL + "claim/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "share/": rule(None, MARU),
    "api/v1/referrals/" + REFERRAL + "complete/": rule(None, MARU),
    "api/v1/serial/": rule(POLICE),
    "api/v1/people/<person>/plan/": rule(POLICE, MANAGE),
    "api/v1/custody-events/": rule(None, CUSTODY_SENDERS),
    "api/v1/custody-events/waiting/": rule(MATCHERS),
    "api/v1/custody-events/<message>/candidates/": rule(MATCHERS),
    "api/v1/custody-events/<message>/match/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/set-aside/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/take-up/": rule(None, MATCHERS),
    "api/v1/custody-events/<message>/take-back/": rule(None, MATCHERS),
}

#: Open to everybody, signed in or not.
PUBLIC = {"health/", "health/live/"}

#: What a parameter stands for, by the first part of the address.
REFERENCES = {
    "learning": "<notice>",
    "victims": "<victim>",
    "people": "<person>",
    "incidents": "<incident>",
    "assessments": "<assessment>",
    "reassessments": "<reassessment>",
    "reviews": "<assessment>",
    "referrals": "<referral>",
    "notices": "<protection>",
    "custody": "<message>",
    "custody-events": "<message>",
    "disclosures": "<disclosure>",
}


def template(route: str) -> str:
    """A route as the table writes it: parameters by what they stand for."""
    first = route.removeprefix("api/v1/").split("/")[0]
    route = re.sub(r"<str:username>", "<officer>", route)
    route = re.sub(r"<path:number>", "<crime>", route)
    route = re.sub(r"<slug:victim>", "<victim>", route)
    route = re.sub(r"<uuid:exhibit>", "<exhibit>", route)
    route = re.sub(r"<slug:file>", "<file>", route)
    route = re.sub(r"<int:order_id>", "<order>", route)
    route = re.sub(r"<slug:other>", "<other>", route)
    route = re.sub(r"<slug:trigger>", "<trigger>", route)
    route = re.sub(r"<slug:marker>", "<warning>", route)
    route = re.sub(r"<int:position>", "<step>", route)
    route = re.sub(r"<int:version>", "<version>", route)
    route = re.sub(r"<int:instrument_id>", "<instrument>", route)
    route = re.sub(r"<\w+:reference>", REFERENCES.get(first, "<reference>"), route)
    route = re.sub(r"<int:absence_id>", "<absence>", route)
    route = re.sub(r"<int:handover_id>", "<handover>", route)
    route = re.sub(r"<int:(update|statement)_id>", r"<\1>", route)
    return re.sub(r"<int:marker_id>", "<marker>", re.sub(r"<uuid:key>", "<draft>", route))


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address of the service but Django's administration and allauth's own pages."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if route.startswith(("administration/", "account/")):
            continue
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield template(route)


@dataclass(frozen=True)
class Case:
    """One case: a victim whose incident was attended, assessed and referred."""

    filled: dict[str, str]

    def address(self, route: str) -> str:
        for name, value in self.filled.items():
            route = route.replace(f"<{name}>", value)
        assert "<" not in route, f"nothing to fill {route} in with"
        return "/" + route


@pytest.fixture
def case(people: Callable[[str], User]) -> Case:
    now = clock.now()
    for username in PEOPLE:
        person(username)
    attended = response.attended(at=now - timedelta(hours=3))
    assessment = risk.kept(Assessment.objects.get(incident=attended), "q18", at=now)
    victim = Victim.objects.get(pk=assessment.victim_id)
    referral = maru.a_referral(now - timedelta(hours=2), victim=victim)
    assign_perm("victims.view_victim", person("idva"), victim)
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
    draft = CallDraft.objects.create(
        key=uuid4(), handler=person("handler"), answered_at=now, updated_at=now
    )
    arm = exhibits.exhibit(attended, now, person_id=victim.person_id)
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
    return Case(
        {
            "absence": str(away.pk),
            "handover": str(offer.pk),
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
            "reassessment": owed.reference,
            "marker": str(marker.pk),
            "warning": f"marker-{marker.pk}",
            "trigger": "gone_quiet",
            "step": "1",
            "version": "1",
            "update": str(told.pk),
            "statement": str(offered.pk),
            "message": unknown_message(now).reference,
            "file": custody.file_of_nothing(now).reference,
            "draft": str(draft.key),
            "exhibit": str(arm.key),
            "crime": crime.number,
            "officer": "officer",
        }
    )


def unknown_message(now: datetime) -> CustodyEvent:
    """A custody message that waits: nobody is known by its number."""
    return custody.custody_event("bail", at=now, person_number="N/0/0", custody_number="C/0")


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person(username), backend="accounts.backends.RoleBackend")
    return client


def answer(client: Client, method: str, address: str) -> int:
    """The status of a request whose writes are undone."""
    with transaction.atomic():
        options: dict[str, Any] = {}
        if address.startswith("/api/") and method != "get":
            options = {"data": "{}", "content_type": "application/json"}
        status = getattr(client, method)(address, **options).status_code
        transaction.set_rollback(True)
    return int(status)


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) - PUBLIC == set(RULES)


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_read(case: Case, username: str) -> None:
    client = signed_in(username)
    wrong = {}
    for route, allowed in RULES.items():
        if allowed.read is None:
            continue
        status = answer(client, "get", case.address(route))
        good = {200, 302} if username in allowed.read else {403, 404}
        if status not in good:
            wrong[route] = status
    assert not wrong


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_write(case: Case, username: str) -> None:
    client = signed_in(username)
    wrong = {}
    for route, allowed in RULES.items():
        method = "patch" if route in PATCHED else "post"
        status = answer(client, method, case.address(route))
        writers = allowed.write or frozenset()
        refused = {403, 404, 405}
        if (username in writers) == (status in refused) or status >= 500:
            wrong[route] = status
    assert not wrong


def test_nobody_sees_anything(case: Case) -> None:
    client = Client()
    wrong = {}
    for route in RULES:
        for method in ("get", "post"):
            status = answer(client, method, case.address(route))
            if status not in ({401} if route.startswith("api/") else {302}):
                wrong[method, route] = status
    assert not wrong
    assert all(client.get("/" + route).status_code in {200, 503} for route in PUBLIC)


@pytest.mark.parametrize("username", sorted(EVERYBODY - POLICE - ADVISER))
def test_what_is_not_seen_is_not_told_from_what_is_not_there(case: Case, username: str) -> None:
    """An outsider gets the same answer for a record that exists and for one that does not."""
    client = signed_in(username)
    nothing = Case(
        dict.fromkeys(case.filled, "XX-2026-999999")
        | {"update": "999999", "statement": "999999"}
        | {"marker": "999999", "absence": "999999", "handover": "999999", "draft": str(uuid4())}
        | {"exhibit": str(uuid4()), "instrument": "999999", "order": "999999"}
        | {"step": "999", "version": "999", "warning": "marker-999999"}
    )
    for route, allowed in RULES.items():
        if "<" not in route or allowed.read is None or username in allowed.read:
            continue
        there = answer(client, "get", case.address(route))
        assert there == answer(client, "get", nothing.address(route)), route

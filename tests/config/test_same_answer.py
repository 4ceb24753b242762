"""For every model that hangs from a victim, every surface gives one person the same answer.

A model with a key to a victim, directly or through another, is declared below or fails the test. A
persona either sees a victim's row in lists and exports (`visible_to`), on its pages, in the API and
as a file, or on none of them. The walk over every address keeps the table of pages true; here the
table and the rows are held against one another.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

import deadlines.services
from accounts.models import User
from core import clock
from deadlines.models import Deadline, Notification
from incidents.pages.find import find
from tests.config.every_address.rules import RULES
from tests.config.every_address.world import Case, brother
from tests.personas import PEOPLE, person
from victims.models import Victim
from victims.timeline import events_of

pytestmark = pytest.mark.django_db

V, API = "victims/<victim>/", "api/v1/"
#: The surfaces of a row of each model. Those of a role alone (a form, a queue) are not among them:
#: seeing a row is not being allowed to do something with it.
SURFACES: dict[str, tuple[str, ...]] = {
    "victims.victim": (V, V + "timeline/", V + "risk/", API + V, API + V + "timeline/"),
    "victims.victimupdate": (V + "updates/", API + V + "updates/"),
    "victims.personalstatement": (V + "statements/", API + V + "statements/"),
    "victims.safetyplan": (V + "plan/", V + "plan/versions/<version>/", API + V + "plan/"),
    "victims.handover": (V + "handover/<handover>/", API + V + "handovers/"),
    "victims.contact": (V + "contacts/", API + V + "contacts/"),
    "victims.circumstance": (V + "circumstances/", API + V + "circumstances/"),
    "incidents.incident": ("incidents/<incident>/", API + "incidents/<incident>/"),
    "incidents.involvement": ("incidents/<incident>/", API + "incidents/<incident>/"),
    "incidents.exhibit": (
        "incidents/<incident>/exhibits/",
        "incidents/<incident>/exhibits/<exhibit>/",
        API + "incidents/<incident>/exhibits/",
        API + "incidents/<incident>/exhibits/<exhibit>/",
    ),
    "risk.assessment": ("assessments/<assessment>/", API + "assessments/<assessment>/"),
    "risk.reassessment": ("reassessments/<reassessment>/", API + "reassessments/<reassessment>/"),
    "perpetrators.protectionnotice": ("notices/<protection>/", API + "notices/<protection>/"),
    "perpetrators.order": (V + "orders/", API + V + "orders/"),
    "perpetrators.disclosureapplication": (
        "disclosures/<disclosure>/",
        API + "disclosures/<disclosure>/",
    ),
}
#: With `visible_to`, and shown as a part of pages that are held to the table above.
PARTS = {
    "deadlines.deadline",
    "deadlines.notification",
    "incidents.noncrimereview",
    "marac.hearing",
    "marac.hearingline",
    "marac.maracaction",
    "marac.maraccase",
    "marac.maracflag",
    "marac.researchrequest",
    "marac.transfer",
    "perpetrators.orderbreach",
    "referrals.agencyreferral",
    "referrals.casereview",
    "referrals.childrenconcern",
    "referrals.courtsupport",
    "referrals.gradecheck",
    "referrals.idvacase",
    "referrals.outgoing",
    "referrals.referral",
    "referrals.referralpause",
    "referrals.schoolnotice",
    "referrals.secondopinion",
    "referrals.sharing",
    "referrals.supportneed",
    "referrals.survey",
    "risk.gradechange",
    "risk.gradejudgement",
    "risk.reassessmentreason",
    "risk.unknownanswer",
    "victims.note",
    "victims.safecontact",
    "victims.victimaccess",
}
#: Without `visible_to`: why none is needed.
THROUGH_ANOTHER = {
    "accounts.withholding": "read through victims.register, which asks the victim's own policy",
    "deadlines.escalation": "steps of a clock; never listed by themselves",
    "incidents.crime": "a part of the incident, read with it",
    "incidents.crimeowed": "a part of the review of non-crimes",
    "marac.conflict": "shuts a hearing; read with it",
    "perpetrators.releasewatch": "a part of a release, with the victim's own policy",
    "referrals.outgoingattempt": "a part of a message to an agency",
    "risk.assessmentreview": "a part of the assessment",
    "victims.planstep": "a part of the plan",
    "victims.victimgrant": "the grant itself: who may see, not what",
}
#: Agencies have nothing of a victim but what they were told, and what they sent.
OF_AGENCIES = {"referrals.sharing", "referrals.agencyreferral", "referrals.childrenconcern"}
#: At a meeting whose statement they signed they hear what is said there (housing did).
HEARD = {label for label in PARTS if label.startswith("marac.")}
OUTSIDERS = ("idva_b", "agency", "agency_b", "analyst", "administrator", "nobody", "brother")


def paths() -> dict[str, str]:
    """Every model with a key to a victim, and the way there."""
    known: dict[type[models.Model], str] = {Victim: "pk"}
    before = -1
    while before < len(known):
        before = len(known)
        for model in apps.get_models():
            way = _way(model, known) if model not in known else ""
            if way:
                known[model] = way
    return {
        model._meta.label_lower: way
        for model, way in known.items()
        # The history of a row is shown nowhere by itself.
        if not any(field.name == "pgh_id" for field in model._meta.fields)
    } | {"incidents.incident": "involvements__victim", "incidents.exhibit": "person__victim"}


def _way(model: type[models.Model], known: dict[type[models.Model], str]) -> str:
    keys = [field for field in model._meta.fields if field.is_relation]
    for field in sorted(keys, key=lambda one: one.related_model is not Victim):
        if field.related_model in known:
            rest = known[field.related_model]  # type: ignore[index]
            return field.name if rest == "pk" else f"{field.name}__{rest}"
    return ""


def who(username: str) -> User:
    """The persona as the next request reads them."""
    return User.objects.get(pk=(brother() if username == "brother" else person(username)).pk)


def seen(label: str, way: str, reader: User, victim: Victim) -> bool:
    rows: Any = apps.get_model(label)._default_manager.all()
    return bool(rows.visible_to(reader).filter(**{way: victim.pk}).exists())


@pytest.fixture
def victim(case: Case) -> Victim:
    return Victim.objects.select_related("person").get(reference=case.filled["victim"])


def test_every_model_that_hangs_from_a_victim_is_declared() -> None:
    declared = set(SURFACES) | PARTS | set(THROUGH_ANOTHER)
    found = paths()
    assert set(found) == declared
    for label in declared:
        rows: Any = apps.get_model(label)._default_manager.all()
        assert hasattr(rows, "visible_to") == (label not in THROUGH_ANOTHER), label


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_a_row_is_seen_on_all_its_surfaces_or_on_none(username: str, victim: Victim) -> None:
    reader, wrong = who(username), {}
    sees = Victim.objects.visible_to(reader).filter(pk=victim.pk).exists()
    for label, routes in SURFACES.items():
        way = paths()[label]
        everybody: Any = apps.get_model(label)._default_manager.all()
        there = everybody.filter(**{way: victim.pk}).exists()
        listed = seen(label, way, reader, victim) if there else sees
        for route in routes:
            readers = RULES[route].read or frozenset()
            if (username in readers) != listed:
                wrong[label, route] = listed
    assert not wrong


@pytest.mark.parametrize("username", OUTSIDERS)
def test_who_must_see_nothing_sees_no_row_of_any_model(username: str, victim: Victim) -> None:
    """Those to whom it was never given, from whom it was taken back, and from whom withheld."""
    reader = who(username)
    own = OF_AGENCIES if username in {"agency", "agency_b"} else set()
    own |= HEARD if username == "agency" else set()
    labels = (set(SURFACES) | PARTS) - own
    ways = paths()
    wrong = [label for label in sorted(labels) if seen(label, ways[label], reader, victim)]
    assert not wrong


@pytest.mark.parametrize("username", [*sorted(PEOPLE), "brother"])
def test_search_messages_clocks_and_timeline_answer_as_the_page_does(
    username: str, victim: Victim
) -> None:
    reader = who(username)
    sees = Victim.objects.visible_to(reader).filter(pk=victim.pk).exists()
    assert bool(find(victim.reference, reader).path) == sees
    name = f"{victim.person.given_name} {victim.person.family_name}"
    named = [one.pk for one in find(name, reader).people]
    assert (victim.person_id in named) == sees
    deadlines.services.notify(
        users=[reader],
        level=Notification.Level.INFORMATION,
        headline="Something happened",
        reference=victim.reference,
        path="/",
        victim_id=victim.pk,
        at=clock.now(),
    )
    told = Notification.objects.visible_to(reader).filter(victim=victim)
    assert told.filter(headline="Something happened").exists() == sees
    assert Deadline.objects.visible_to(reader).filter(victim=victim).exists() == sees
    if username == "brother":
        assert not events_of(victim, reader).filter(victim_id__isnull=True).exists()

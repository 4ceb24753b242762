"""What an agency refers is weighed by the same criteria, before and after it is clear of whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.errors import InvalidInput
from deadlines.models import Deadline, Notification
from marac.models import MaracCase
from marac.services import cases
from marac.services.cases import asking
from referrals import services
from referrals.models import AgencyReferral
from tests.factories import marac as make
from tests.factories import risk, victims
from tests.factories.incoming import referred
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def met(case: MaracCase) -> dict[str, int]:
    return {row["code"]: row["number"] for row in case.criteria if row["is_met"]}


def said(incoming: AgencyReferral, who: Person | None, at: datetime) -> AgencyReferral:
    return services.say_who(
        referral_id=incoming.referral_id,
        person_id=who.pk if who else None,
        actor=person("worker"),
        at=at,
    )


def unclear(at: datetime, **says: Any) -> tuple[AgencyReferral, Victim]:
    """A referral without a birth date, and whom it is about."""
    make.conference()
    known = victims.victim(grade="standard", at=at - 30 * HOUR)
    return referred(at, **{"date_of_birth": None, "yes_count": 15, **says}), known


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"yes_count": 13, "grade": "medium"}, None),
        ({"yes_count": 14, "grade": "medium"}, {"yes_answers": 14}),
        ({"yes_count": 2, "grade": "high"}, {"judgement": 1}),
        ({"yes_count": None, "grade": "standard"}, None),
        ({"yes_count": 20, "grade": "high"}, {"yes_answers": 20, "judgement": 1}),
    ],
)
@pytest.mark.parametrize("is_clear", [True, False])
def test_the_same_criteria_before_and_after(
    says: dict[str, Any], expected: dict[str, int] | None, is_clear: bool, at: datetime
) -> None:
    make.conference()
    known = victims.victim(grade="standard", at=at - 30 * HOUR)
    incoming = referred(at, **says, **({} if is_clear else {"date_of_birth": None}))
    assert (incoming.victim == known) is is_clear
    found = [met(case) for case in MaracCase.objects.all()]
    assert found == ([] if expected is None else [expected])
    if not is_clear:
        said(incoming, known.person, at + HOUR)
        after = list(MaracCase.objects.all())
        assert [met(case) for case in after] == found
        assert all(case.victim == known for case in after)


def test_identified_its_case_goes_there_with_its_clock(at: datetime) -> None:
    incoming, known = unclear(at)
    case = MaracCase.objects.get()
    assert (case.victim, case.source, case.agency) == (incoming.victim, "agency", incoming.agency)
    said(incoming, known.person, at + HOUR)
    case.refresh_from_db()
    clocks = Deadline.objects.of(case)
    assert (case.victim, case.state, case.version) == (known, "proposed", 2)
    assert set(clocks.values_list("victim", flat=True)) == {known.pk}
    told = Notification.objects.filter(reference=case.reference)
    assert set(told.values_list("victim", flat=True)) == {known.pk}


def test_beside_an_open_case_it_is_added_to_that(at: datetime) -> None:
    incoming, known = unclear(at)
    open_one = make.case(at - HOUR, victim=known, state="proposed")
    said(incoming, known.person, at + HOUR)
    joined = MaracCase.objects.exclude(pk=open_one.pk).get()
    assert (joined.state, Deadline.objects.of(joined).get().state) == ("not_accepted", "cancelled")
    assert open_one.reference in joined.decided_words
    open_one.refresh_from_db()
    assert met(open_one) == {"yes_answers": 15}
    assert incoming.what_happened in open_one.words


def accepted(case: MaracCase, at: datetime) -> None:
    cases.decide_case(
        case_id=case.pk,
        accept=True,
        words="",
        version=case.version,
        actor=person("coordinator"),
        at=at,
    )


def grade_of(victim: Victim) -> str:
    return Victim.objects.get(pk=victim.pk).grade


def test_accepted_before_it_was_clear_the_grade_is_of_whom_it_is_about(at: datetime) -> None:
    incoming, known = unclear(at)
    before, case = incoming.victim, MaracCase.objects.get()
    accepted(case, at + HOUR)
    assert grade_of(before) == "very_high"
    said(incoming, known.person, at + 2 * HOUR)
    case.refresh_from_db()
    assert (case.victim, case.state, MaracCase.objects.count()) == (known, "accepted", 1)
    assert (grade_of(known), grade_of(before)) == ("very_high", "high")


def test_on_an_agenda_it_stays_and_the_coordinator_is_told(at: datetime) -> None:
    incoming, known = unclear(at)
    before, case = incoming.victim, MaracCase.objects.get()
    accepted(case, at + HOUR)
    case.refresh_from_db()
    make.hearing(make.meeting(at + 300 * HOUR), case)
    said(incoming, known.person, at + 2 * HOUR)
    case.refresh_from_db()
    assert (case.victim, grade_of(before)) == (before, "very_high")
    told = Notification.objects.filter(user=person("coordinator"), reference=case.reference)
    assert f"The case is about {known.reference}: put it right" in set(
        told.values_list("headline", flat=True)
    )


def test_taken_back_it_is_about_the_former_again(at: datetime) -> None:
    incoming, known = unclear(at)
    provisional = incoming.victim
    said(incoming, known.person, at + HOUR)
    services.take_back_who(
        referral_id=incoming.referral_id, actor=person("worker"), at=at + 2 * HOUR
    )
    assert [case.victim for case in MaracCase.objects.all()] == [provisional]


def test_what_the_conference_refused_is_not_proposed_again_by_working_on_it(at: datetime) -> None:
    """The unit says that nobody else is meant, and is done with it: no new fact."""
    incoming, _ = unclear(at)
    case = MaracCase.objects.get()
    cases.decide_case(
        case_id=case.pk,
        accept=False,
        words="A neighbour's dispute.",
        version=case.version,
        actor=person("coordinator"),
        at=at + HOUR,
    )
    said(incoming, None, at + 2 * HOUR)
    services.claim(referral_id=incoming.referral_id, actor=person("worker"), at=at + 3 * HOUR)
    referral = services.complete(
        referral_id=incoming.referral_id,
        outcome="nothing_to_share",
        words="Nothing more to do.",
        no_idva_reason="She did not want one.",
        version=AgencyReferral.objects.get().referral.version,
        actor=person("worker"),
        at=at + 4 * HOUR,
    )
    assert referral.state == "completed"
    assert [one.state for one in MaracCase.objects.all()] == ["not_accepted"]


@pytest.mark.parametrize("below", ["", " ", "\n\t"])
def test_below_threshold_an_agency_says_why_or_is_refused(below: str, at: datetime) -> None:
    make.conference()
    victims.victim(grade="standard", at=at - 30 * HOUR)
    incoming = referred(at, yes_count=3)
    asked: dict[str, Any] = {
        "referral_id": incoming.referral_id,
        "words": "She will not stay alive there.",
        "actor": person("agency"),
        "at": at + HOUR,
    }
    with pytest.raises(InvalidInput) as refused:
        asking.propose_referred(below_reason=below, **asked)
    assert refused.value.field == "below_reason" and not MaracCase.objects.exists()
    case = asking.propose_referred(below_reason="Her sister was killed by his brother.", **asked)
    assert (met(case), case.below_reason) == ({}, "Her sister was killed by his brother.")


def test_what_the_police_know_counts_for_an_agencys_referral_too(at: datetime) -> None:
    """Three incidents under one record: the agency that counts three answers needs no reasons."""
    make.conference()
    known = victims.victim(grade="standard", at=at - 30 * HOUR)
    for hours in (1, 2, 3):
        risk.an_incident(at - hours * HOUR, known)
    referred(at, yes_count=3)
    assert met(MaracCase.objects.get()) == {"escalation": 3}


def test_the_page_refuses_without_reasons_and_keeps_what_was_typed(
    at: datetime, sign_in: Any
) -> None:
    make.conference()
    victims.victim(grade="standard", at=at - 30 * HOUR)
    incoming = referred(at, yes_count=3)
    client: Client = sign_in("agency")
    path = f"/marac/propose/?referral={incoming.referral.reference}"
    page = client.post(path, {"words": "She will not stay alive there.", "below_reason": ""})
    assert page.status_code == 400
    assert "No criterion is met" in page.content.decode()
    assert "She will not stay alive there." in page.content.decode()

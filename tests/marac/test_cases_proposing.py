"""A case comes before a conference by a rule or by hand; one of two people, never a second."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import InvalidInput
from core.models import PolicyVersion
from deadlines.models import Deadline, Notification
from incidents.models import Involvement
from marac import services
from marac.models import MaracCase
from tests.factories import incidents as calls
from tests.factories import marac as make
from tests.factories import risk
from tests.personas import PEOPLE, person
from victims.models import Victim

pytestmark = pytest.mark.django_db

FOURTEEN = (*(f"q{number:02d}" for number in range(1, 15) if number != 8), "q22")
MAY = {
    "coordinator",
    "chair",
    "worker",
    "worker_b",
    "manager",
    "investigator",
    "supervisor",
    "neighbourhood",
    "agency",
    "agency_b",
    "idva",
    "idva_b",
    "idva_manager",
}


def propose(victim: Victim, at: datetime, **changes: object) -> MaracCase:
    said: dict[str, object] = {
        "source": MaracCase.Source.WORKER,
        "words": "She fears for her life.",
        "below_reason": "He found her new address.",
        "actor": person("worker"),
        "at": at,
    }
    return services.propose(victim_id=victim.pk, **{**said, **changes})  # type: ignore[arg-type]


def test_somebody_refers_a_victim_to_the_conference_of_where_they_live(at: datetime) -> None:
    conference = make.conference()
    victim = risk.a_victim(at)
    case = propose(victim, at, children=2)
    assert case.conference == conference
    assert (case.state, case.source, case.children) == ("proposed", "worker", 2)
    assert case.agency == person("worker").team.agency  # type: ignore[union-attr]
    assert [row["code"] for row in case.criteria] == [
        "yes_answers",
        "escalation",
        "judgement",
        "repeat",
    ]
    assert not any(row["is_met"] for row in case.criteria)
    assert case.below_reason == "He found her new address."
    duty = Deadline.objects.get(kind="marac_decide")
    assert (duty.owner, duty.team) == (conference.coordinator, conference.team)
    # Two working days from Monday ten o'clock.
    assert duty.due_at == at + timedelta(days=2)
    assert Notification.objects.filter(user=conference.coordinator).count() == 1
    said = AuditEvent.objects.get(verb="marac_case.proposed")
    assert (said.subject, said.victim_id) == (case.reference, victim.pk)


def test_below_the_threshold_it_needs_reasons(at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    with pytest.raises(InvalidInput) as refused:
        propose(victim, at, below_reason="  ")
    assert refused.value.field == "below_reason"
    assert not MaracCase.objects.exists()
    risk.submitted(at, *FOURTEEN, victim=victim)
    case = propose(victim, at + timedelta(hours=1), below_reason="")
    met = {row["code"]: (row["number"], row["needs"]) for row in case.criteria if row["is_met"]}
    assert met == {"yes_answers": (14, 14), "judgement": (1, 1)}


def test_it_needs_words(at: datetime) -> None:
    make.conference()
    with pytest.raises(InvalidInput) as refused:
        propose(risk.a_victim(at), at, words="")
    assert refused.value.field == "words"


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_refer(username: str, at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    if username in MAY:
        assert propose(victim, at, actor=person(username)).proposed_by.username == username
    else:
        with pytest.raises(PermissionDenied):
            propose(victim, at, actor=person(username))


def test_an_open_case_is_returned_and_learns_what_is_new_once(at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    case = propose(victim, at)
    again = propose(victim, at + timedelta(minutes=1))
    assert (again.pk, again.version, again.words) == (case.pk, 1, case.words)
    further = propose(victim, at + timedelta(hours=1), words="He waited at the school.", children=3)
    assert (further.pk, further.version, further.children) == (case.pk, 2, 3)
    assert further.words == (
        "She fears for her life.\n\nCounty police, 23 Nov 2026: He waited at the school."
    )
    assert MaracCase.objects.count() == 1
    assert AuditEvent.objects.filter(verb="marac_case.further").count() == 1


def test_a_reviewed_assessment_that_meets_a_criterion_proposes_by_itself(at: datetime) -> None:
    make.conference()
    call = calls.incident(at=at)
    victim = Victim.objects.get()
    accused = Involvement.objects.get(incident=call, role="perpetrator").person
    row = risk.submitted(at, *FOURTEEN, victim=victim, incident=call, officer=person("officer"))
    assert not MaracCase.objects.exists()
    risk.reviewed(row, at + timedelta(hours=1))
    case = MaracCase.objects.get()
    assert (case.victim, case.perpetrator, case.source) == (victim, accused, "assessment")
    assert {row["code"] for row in case.criteria if row["is_met"]} == {"yes_answers", "judgement"}


def test_one_below_the_threshold_proposes_nothing(at: datetime) -> None:
    make.conference()
    risk.reviewed(risk.submitted(at, "q01"), at + timedelta(hours=1))
    assert not MaracCase.objects.exists()


def test_one_that_goes_back_to_its_officer_proposes_nothing_yet(at: datetime) -> None:
    make.conference()
    row = risk.submitted(at, *FOURTEEN)
    risk.reviewed(row, at + timedelta(hours=1), decision="return", rationale="Ask about children.")
    assert not MaracCase.objects.exists()


def test_without_any_conference_nothing_is_proposed(at: datetime) -> None:
    risk.reviewed(risk.submitted(at, *FOURTEEN), at + timedelta(hours=1))
    assert not MaracCase.objects.exists()


def test_a_further_fact_is_added_to_the_open_case(at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    risk.reviewed(risk.submitted(at, *FOURTEEN, victim=victim), at + timedelta(hours=1))
    case = MaracCase.objects.get()
    for days in (1, 2):
        risk.an_incident(at + timedelta(days=days), victim)
    later = at + timedelta(days=3)
    risk.reviewed(risk.submitted(later, "q01", victim=victim), later + timedelta(hours=1))
    case.refresh_from_db()
    assert MaracCase.objects.count() == 1
    met = {row["code"]: row["number"] for row in case.criteria if row["is_met"]}
    # Nobody's calmer answers take away what was met; the incidents are new.
    assert met == {"yes_answers": 14, "judgement": 1, "escalation": 4}
    assert case.version == 2


def test_the_force_sets_the_numbers(at: datetime) -> None:
    make.conference()
    PolicyVersion.objects.create(
        effective_from=at,
        values={"high_from_yes": 2},
        author=person("administrator"),
        reason="test",
        recorded_at=at,
    )
    row = risk.submitted(at, "q06", "q22")
    risk.reviewed(row, at + timedelta(hours=1))
    assert MaracCase.objects.get().criteria[0]["needs"] == 2

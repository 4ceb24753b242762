"""What the services of cases refuse, each with its words at its field and nothing written."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User, Withholding
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput, Stale
from marac.models import Hearing, MaracCase
from marac.services import close_case, decide_case, describe_case, pass_action
from marac.services import propose as propose_case
from marac.services.cases import asking
from referrals.models import AgencyReferral
from tests.factories import marac as make
from tests.factories import risk, victims
from tests.factories.incoming import referred
from tests.marac.action_scene import agreed, one, settled
from tests.marac.live_scene import under_way
from tests.personas import person, team
from victims.models import Victim

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOT_KNOWN = {"minority_ethnic": "not_known", "lgbt": "not_known", "disability": "not_known"}


@pytest.fixture
def victim(at: datetime) -> Victim:
    make.conference()
    return risk.a_victim(at)


def propose(victim: Victim, at: datetime, **changes: Any) -> MaracCase:
    said: dict[str, Any] = {
        "source": MaracCase.Source.WORKER,
        "words": "She fears for her life.",
        "below_reason": "He found her new address.",
        "actor": person("worker"),
        "at": at,
    }
    return propose_case(victim_id=victim.pk, **{**said, **changes})


def withheld(victim: Victim, name: str, at: datetime) -> User:
    Withholding.objects.create(
        victim=victim, person=person(name), reason="Brother", set_by=person("head"), set_at=at
    )
    return User.objects.get(username=name)


def test_nobody_refers_whom_they_must_not_know(victim: Victim, at: datetime) -> None:
    with pytest.raises(PermissionDenied):
        propose(victim, at, actor=withheld(victim, "worker", at))
    assert not MaracCase.objects.exists()


@pytest.mark.parametrize("source", ["assessment", "incident", "", "nobody"])
def test_what_a_rule_proposes_nobody_says_by_hand(
    victim: Victim, source: str, at: datetime
) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(victim, at, source=source)
    assert refused.value.field == "source"


def test_an_agency_refers_for_itself_and_a_coordinator_for_any(
    victim: Victim, at: datetime
) -> None:
    other = team("children").agency
    with pytest.raises(InvalidInput) as refused:
        propose(victim, at, actor=person("idva"), agency=other)
    assert refused.value.field == "agency"
    assert propose(victim, at, actor=person("coordinator"), agency=other).agency == other


def test_of_no_agency_one_refers_for_none(victim: Victim, at: datetime) -> None:
    User.objects.filter(username=person("worker").username).update(team=None)
    with pytest.raises(InvalidInput) as refused:
        propose(victim, at, actor=User.objects.get(username="worker"))
    assert refused.value.field == "agency"


def test_nobody_harms_themselves_and_nobody_unknown_does(victim: Victim, at: datetime) -> None:
    for perpetrator_id in (victim.person_id, 0):
        with pytest.raises(InvalidInput) as refused:
            propose(victim, at, perpetrator_id=perpetrator_id)
        assert refused.value.field == "perpetrator"


@pytest.mark.parametrize("children", [-1, 31])
def test_as_many_children_as_there_can_be(victim: Victim, children: int, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(victim, at, children=children)
    assert refused.value.field == "children"
    assert propose(victim, at, children=30).children == 30


def test_a_closed_record_is_open_again_once_its_case_is_proposed(
    victim: Victim, at: datetime
) -> None:
    Victim.objects.filter(pk=victim.pk).update(closed_at=at, closed_reason="Quiet for a year")
    propose(victim, at + HOUR)
    victim.refresh_from_db()
    assert victim.closed_at is None


def test_there_must_be_a_conference(at: datetime) -> None:
    with pytest.raises(DomainError, match="no conference"):
        propose(risk.a_victim(at), at)


def test_while_it_is_not_clear_who_is_meant_the_agency_cannot_press_it(at: datetime) -> None:
    make.conference()
    victims.victim(grade="standard", at=at - 30 * HOUR)
    incoming = referred(at, date_of_birth=None, yes_count=2)
    assert incoming.identified == AgencyReferral.Identified.SEVERAL
    with pytest.raises(DomainError, match="finding out"):
        asking.propose_referred(
            referral_id=incoming.referral_id,
            words="She is in danger.",
            below_reason="His record.",
            actor=person("agency"),
            at=at,
        )


def described(case: MaracCase, at: datetime, **said: Any) -> MaracCase:
    given = {**NOT_KNOWN, "children": 1, "version": case.version, "actor": person("coordinator")}
    return describe_case(case_id=case.pk, at=at, **{**given, **said})


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"lgbt": "perhaps"}, "lgbt"),
        ({"disability": ""}, "disability"),
        ({"minority_ethnic": "YES"}, "minority_ethnic"),
        ({"children": 31}, "children"),
        ({"children": -1}, "children"),
    ],
)
def test_what_the_return_cannot_count(
    victim: Victim, said: dict[str, Any], field: str, at: datetime
) -> None:
    case = make.case(at, victim=victim)
    with pytest.raises(InvalidInput) as refused:
        described(case, at, **said)
    assert refused.value.field == field


def test_what_is_over_is_not_described_anew(victim: Victim, at: datetime) -> None:
    case = make.case(at, victim=victim, state="closed", closed_at=at, closed_because="done")
    with pytest.raises(DomainError, match="is over: closed"):
        described(case, at + HOUR)


def test_nobody_describes_answers_or_closes_whom_they_must_not_know(
    victim: Victim, at: datetime
) -> None:
    proposed = make.case(at, victim=victim, state="proposed")
    chair = withheld(victim, "chair", at)
    with pytest.raises(PermissionDenied):
        described(proposed, at, actor=chair)
    said: dict[str, Any] = {"case_id": proposed.pk, "version": 1, "actor": chair, "at": at}
    with pytest.raises(PermissionDenied):
        decide_case(accept=True, words="", **said)
    MaracCase.objects.update(state="accepted", decided_at=at, decided_by=person("coordinator"))
    with pytest.raises(PermissionDenied):
        close_case(because="error", words="Wrong person.", **said)
    assert not AuditEvent.objects.filter(verb__startswith="marac_case.").exists()


def test_closed_stale_or_for_no_reason_it_stays(victim: Victim, at: datetime) -> None:
    case = make.case(at, victim=victim)
    said: dict[str, Any] = {"case_id": case.pk, "actor": person("chair"), "at": at + HOUR}
    with pytest.raises(InvalidInput) as refused:
        close_case(because="bored", words="x", version=1, **said)
    assert refused.value.field == "because"
    with pytest.raises(Stale) as stale:
        close_case(because="error", words="Wrong person.", version=7, **said)
    assert stale.value.yours == {"because": "error", "words": "Wrong person."}
    case.refresh_from_db()
    assert case.state == "accepted"


def test_what_is_settled_is_not_passed_on(at: datetime) -> None:
    action = settled(one(at), at + HOUR)
    with pytest.raises(DomainError, match="settled already"):
        pass_action(
            action_id=action.pk,
            owner_id=None,
            version=action.version,
            actor=person("coordinator"),
            at=at + 2 * HOUR,
        )


def test_nothing_is_agreed_for_what_was_taken_off(at: datetime) -> None:
    scene = under_way(at, state="actions")
    Hearing.objects.filter(pk=scene.first.pk).update(state="taken_off", ended_words="Error")
    with pytest.raises(PermissionDenied):
        agreed(scene.first, at)

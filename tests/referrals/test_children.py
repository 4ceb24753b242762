"""Children are referred to children's services: said once, answered within their time, urgent."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import InvalidInput
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from referrals import services
from referrals.models import ChildrenConcern, Sharing
from referrals.services import Concern
from tests.factories import incidents, victims
from tests.factories.incidents import couple, in_call
from tests.factories.referrals import an_agency
from tests.marks import committed
from tests.personas import PEOPLE, person, team
from tests.referrals.races import together
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db
#: One working day after Monday at ten.
DUE = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
IN_TOUCH = {
    "officer",
    "officer_b",
    "supervisor",
    "worker",
    "worker_b",
    "manager",
    "investigator",
    "neighbourhood",
}


def family(at: datetime) -> Victim:
    """A victim with a child on record."""
    team("maru")
    row = incidents.incident(at=at, people=(*couple(), in_call("child", given_name="Ella", age=6)))
    found = row.involvements.get(role="victim").victim
    assert found is not None
    return found


def concern(**changes: Any) -> Concern:
    said: dict[str, Any] = {
        "children": [Person.objects.get(given_name="Ella").pk],
        "urgency": "today",
        "seen": "Ella hid under the bed and said that this happens often.",
        "worry": "That she is hurt when he comes back.",
        "parents_know": False,
        "parents_words": "To tell him now would put them in danger.",
    }
    return Concern(**{**said, **changes})


def referred(victim: Victim, at: datetime, **changes: Any) -> Sharing:
    said: dict[str, Any] = {
        "agency_id": an_agency("County children", "children").pk,
        "concern": changes.pop("concern", None) or concern(),
        "actor": person("worker"),
    }
    return services.refer_children(victim_id=victim.pk, at=at, **{**said, **changes})


def test_it_is_a_sharing_that_says_what_is_feared(at: datetime) -> None:
    victim = family(at)
    sharing = referred(victim, at)
    assert (sharing.kind, sharing.basis, sharing.consent) == ("children", "child", "not_needed")
    row = ChildrenConcern.objects.get()
    assert [str(child) for child in row.children.all()] == ["Ella"]
    said = str(sharing.told)
    for words in (
        "Ella, born about 2020",
        "hid under the bed",
        "hurt when he comes",
        "No: To tell",
    ):
        assert words in said
    assert "banging on the door" not in said
    deadline = Deadline.objects.open().get(kind="children_answer")
    assert (deadline.due_at, deadline.owner, deadline.team) == (
        DUE,
        person("worker"),
        team("maru"),
    )
    assert not Notification.objects.filter(user=person("manager")).exists()


def test_the_answer_ends_the_wait(at: datetime) -> None:
    sharing = referred(family(at), at, agency_id=person("agency_b").team.agency_id)  # type: ignore[union-attr]
    services.answer_sharing(
        sharing_id=sharing.pk, answer="taken_on", words="", actor=person("agency_b"), at=at
    )
    assert Deadline.objects.get(kind="children_answer").state == "met"


def test_no_answer_climbs_the_ladder(at: datetime) -> None:
    team("maru")
    manager, head = person("manager"), person("head")
    referred(family(at), at)
    sweep(at=DUE + timedelta(minutes=1))
    assert Deadline.objects.get(kind="children_answer").state == "breached"
    assert Notification.objects.filter(user=person("worker"), level="breach").exists()
    sweep(at=DUE + timedelta(hours=5))
    assert Notification.objects.filter(user=manager).exists()
    sweep(at=DUE + timedelta(hours=25))
    assert Notification.objects.filter(user=head, victim__isnull=False).exists()


def test_withdrawn_nobody_waits(at: datetime) -> None:
    sharing = referred(family(at), at)
    services.withdraw_sharing(
        sharing_id=sharing.pk, because="Sent to the wrong county", actor=person("worker"), at=at
    )
    assert Deadline.objects.get(kind="children_answer").state == "cancelled"


def test_a_child_in_danger_now_is_told_the_managers_at_once(at: datetime) -> None:
    manager = person("manager")
    sharing = referred(family(at), at, concern=concern(urgency="now"))
    told = Notification.objects.get(user=manager)
    assert told.reference == sharing.reference
    assert "Ella" not in told.headline


def test_said_anew_takes_the_place_of_what_was_said(at: datetime) -> None:
    victim = family(at)
    first, second = referred(victim, at), referred(victim, at, concern=concern(worry="More now."))
    first.refresh_from_db()
    assert first.replaced_by == second
    assert set(
        Deadline.objects.values_list("subject_reference", "state").filter(kind="children_answer")
    ) == {(first.reference, "cancelled"), (second.reference, "running")}


def test_a_double_click_is_one_referral(at: datetime) -> None:
    victim, key = family(at), uuid4()
    assert referred(victim, at, key=key).pk == referred(victim, at, key=key).pk
    assert Sharing.objects.count() == 1


def test_a_child_who_is_not_on_record_yet(at: datetime) -> None:
    victim = victims.victim()
    team("maru")
    referred(
        victim,
        at,
        concern=Concern(
            child_name="Tom O'Neill",
            child_born=date(2012, 5, 1),
            urgency="ordinary",
            seen="He told his teacher.",
            worry="That it goes on.",
            parents_know=True,
        ),
    )
    assert [str(child) for child in ChildrenConcern.objects.get().children.all()] == ["Tom O'Neill"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"children": []}, "children"),
        ({"children": [10**9]}, "children"),
        ({"children": [], "child_born": date(2012, 5, 1)}, "child_name"),
        ({"child_name": "Tom", "child_born": date(2027, 5, 1)}, "child_born"),
        ({"child_name": "12"}, "child_name"),
        ({"urgency": "soon"}, "urgency"),
        ({"seen": " "}, "seen"),
        ({"worry": ""}, "worry"),
        ({"parents_words": ""}, "parents_words"),
        ({"what": ["everything"]}, "what"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    at: datetime, changes: dict[str, Any], field: str
) -> None:
    victim = family(at)
    with pytest.raises(InvalidInput) as refused:
        referred(victim, at, concern=concern(**changes))
    assert refused.value.field == field
    assert not Sharing.objects.exists()


def test_only_childrens_services_and_none_on_the_register(at: datetime) -> None:
    victim = family(at)
    services_ = an_agency("County children", "children")
    services_.withholdings.create(
        victim=victim, reason="Her sister works there", set_by=person("head"), set_at=at
    )
    for agency in (an_agency(), services_):
        with pytest.raises(InvalidInput) as refused:
            referred(victim, at, agency_id=agency.pk)
        assert refused.value.field == "agency"


@pytest.mark.parametrize("username", PEOPLE)
def test_whoever_keeps_in_touch_refers_and_nobody_else(at: datetime, username: str) -> None:
    victim, actor = family(at), person(username)
    if username in IN_TOUCH:
        assert referred(victim, at, actor=actor).shared_by == actor
        return
    with pytest.raises(PermissionDenied):
        referred(victim, at, actor=actor)


@committed
def test_two_at_once_leave_one_standing(at: datetime) -> None:
    victim = family(at)
    first, second = person("worker"), person("worker_b")
    an_agency("County children", "children")
    said = concern()
    together(
        lambda: referred(victim, at, concern=said, actor=first),
        lambda: referred(victim, at, concern=said, actor=second),
    )
    assert Sharing.objects.filter(replaced_by=None).count() == 1
    assert Deadline.objects.open().filter(kind="children_answer").count() == 1

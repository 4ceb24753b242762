"""An action is chased by its day; nobody's goes to somebody; two who act at once lose nothing."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Queue
from typing import Any

import pytest
from django.db import connections

from accounts.models import Absence, Team, User, Withholding
from core.errors import DomainError
from core.working_time import Allowance
from deadlines import kinds
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from marac.action_reactions import no_action_for_whom_it_is_withheld
from marac.models import Conference, MaracAction
from marac.services import actions
from tests.marac.action_scene import DAY, agreed, one, passed, settled
from tests.marac.live_scene import actor, near, under_way
from tests.marks import committed
from tests.personas import person, team
from victims.events import Withheld

HOUR = timedelta(hours=1)


def heard_at(when: datetime) -> set[str]:
    """Who is told of actions by a sweep at that instant."""
    Notification.objects.all().delete()
    sweep(at=when)
    return set(Notification.objects.values_list("user__username", flat=True))


def leads(username: str, kind: str) -> User:
    row = person(username)
    Team.objects.filter(pk=team(kind).pk).update(supervisor=row)
    return row


def other(name: str = "W. Pell") -> User:
    row = User.objects.create_user("pell", "x", name=name, team=team("partner"))
    row.groups.set(person("agency").groups.all())
    return row


@pytest.mark.django_db
class TestChased:
    def test_owner_then_the_agencys_lead_then_the_chair_of_that_conference(
        self, at: datetime
    ) -> None:
        action = one(at)
        lead = other()
        Team.objects.filter(pk=team("partner").pk).update(supervisor=lead)
        # Another conference's chair hears nothing of this one.
        Conference.objects.exclude(pk=action.case.conference_id).delete()
        assert heard_at(at + 3 * DAY) == set()
        assert heard_at(at + 4 * DAY) == {"agency"}
        assert heard_at(at + 6.3 * DAY) == {"agency"}
        assert heard_at(action.due_at - HOUR) == set()
        assert heard_at(action.due_at + HOUR / 60) == {"agency"}
        row = Deadline.objects.of(action).get()
        assert row.state == Deadline.State.BREACHED
        steps = [instant for instant in row.step_times if instant > row.due_at]
        assert heard_at(steps[0]) == {"pell"}
        assert heard_at(steps[1]) == {"chair", "coordinator"}
        assert heard_at(steps[1] + 30 * DAY) == set()

    def test_what_partners_are_told_they_may_read(self, at: datetime) -> None:
        action = one(at)
        heard_at(at + 4 * DAY)
        [told] = Notification.objects.all()
        reader = actor("agency")
        assert Notification.objects.visible_to(reader).get() == told
        assert Deadline.objects.visible_to(reader).exists()
        assert told.path == f"/marac/actions/{action.reference}/"
        assert str(action.victim) not in told.headline
        assert not Deadline.objects.visible_to(actor("agency_b")).exists()
        Withholding.objects.create(
            victim_id=action.victim_id,
            person=reader,
            reason="His sister.",
            set_by=person("head"),
            set_at=at,
        )
        reader = actor("agency")
        assert not Notification.objects.visible_to(reader).exists()
        assert not Deadline.objects.visible_to(reader).exists()

    def test_without_an_owner_whoever_leads_hears_and_without_a_lead_the_team(
        self, at: datetime
    ) -> None:
        scene = under_way(at, state="actions")
        action = agreed(scene.first, at)
        other()
        assert heard_at(at + 4 * DAY) == {"agency", "pell"}
        leads("agency", "partner")
        assert heard_at(action.due_at) >= {"agency"}
        assert "pell" not in set(Notification.objects.values_list("user__username", flat=True))

    def test_nobody_who_is_near_or_must_not_know_and_whoever_stands_in(self, at: datetime) -> None:
        action = one(at)
        row = Deadline.objects.of(action).get()
        near(action.hearing, "chair", at)
        stands_in = other()
        Absence.objects.create(
            person=person("agency"),
            cover=stands_in,
            from_at=at,
            until_at=at + 60 * DAY,
            recorded_by=person("agency"),
            recorded_at=at,
        )
        assert heard_at(at + 4 * DAY) == {"agency", "pell"}
        Withholding.objects.create(
            victim_id=action.victim_id,
            person=stands_in,
            reason="Her brother.",
            set_by=person("head"),
            set_at=at,
        )
        assert heard_at(action.due_at) == {"agency"}
        last = row.step_times[-1]
        assert heard_at(last) == {"coordinator"}

    def test_what_is_settled_is_chased_no_more_and_late_is_late_for_ever(
        self, at: datetime
    ) -> None:
        action = settled(one(at), at + 20 * DAY)
        assert Deadline.objects.of(action).get().state == Deadline.State.MET_LATE
        assert heard_at(at + 60 * DAY) == set()


@pytest.mark.django_db
class TestNobodys:
    def test_what_somebody_had_who_left_goes_to_the_lead(self, at: datetime) -> None:
        action = one(at)
        lead = other()
        Team.objects.filter(pk=team("partner").pk).update(supervisor=lead)
        system = User.objects.system()
        assert actions.pass_on_of_leavers(actor=system, at=at) == 0
        User.objects.filter(username="agency").update(is_active=False)
        Notification.objects.all().delete()
        assert actions.pass_on_of_leavers(actor=system, at=at) == 1
        action.refresh_from_db()
        assert (action.owner, Deadline.objects.of(action).get().owner) == (None, None)
        assert Notification.objects.get().user == lead
        assert actions.pass_on_of_leavers(actor=system, at=at) == 0

    def test_and_of_who_works_for_another_agency_now(self, at: datetime) -> None:
        action = one(at)
        User.objects.filter(username="agency").update(team=team("children"))
        assert actions.pass_on_of_leavers(actor=User.objects.system(), at=at) == 1
        action.refresh_from_db()
        assert (action.owner, action.team) == (None, team("partner"))

    @pytest.mark.parametrize("whole_agency", [False, True])
    def test_who_must_not_know_any_more_has_none(self, at: datetime, whole_agency: bool) -> None:
        action = one(at)
        Notification.objects.all().delete()
        agency_id = team("partner").agency_id
        no_action_for_whom_it_is_withheld(
            Withheld(
                withholding_id=1,
                victim_id=action.victim_id,
                person_id=None if whole_agency else person("agency").pk,
                agency_id=agency_id if whole_agency else None,
                actor=person("head"),
                at=at,
            )
        )
        action.refresh_from_db()
        assert action.state == MaracAction.State.OPEN
        told = set(Notification.objects.values_list("user__username", flat=True))
        if whole_agency:
            assert told == {"chair", "coordinator"}
        else:
            assert action.owner is None and "chair" not in told


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each on a connection of its own, begun together; what they returned, or raised."""
    barrier, results = threading.Barrier(len(works)), Queue[tuple[int, Any]]()

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results.put((number, work()))
        except Exception as error:
            results.put((number, error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    returned = dict(results.get(timeout=20) for _ in threads)
    for thread in threads:
        thread.join(20)
    return [returned[number] for number in range(len(works))]


@committed
def test_settled_by_two_at_once_and_passed_on_while_settled(at: datetime) -> None:
    """One of two answers stands, the other is refused; an action is settled or passed, not lost."""
    scene = under_way(at, state="actions")
    first, second = (agreed(scene.first, at, owner_id=person("agency").pk) for _ in range(2))
    results = at_once(
        lambda: settled(first, at, by="agency"),
        lambda: settled(first, at, by="coordinator", state="not_done"),
    )
    refused = [one for one in results if isinstance(one, DomainError)]
    assert len(refused) == 1 and refused[0].code == "already_taken"
    assert Deadline.objects.of(first).get().settled_at == at

    to = other()
    results = at_once(lambda: settled(second, at), lambda: passed(second, to.pk, at, by="chair"))
    assert sum(isinstance(one, DomainError) for one in results) == 1
    second.refresh_from_db()
    row = Deadline.objects.of(second).get()
    assert second.version == 2
    assert (second.state == "done") is (row.state == Deadline.State.MET)
    assert (second.owner_id == to.pk) is (row.owner_id == to.pk)


def test_a_ladder_that_names_people_says_who_they_are() -> None:
    with pytest.raises(ValueError, match="does not say who is named"):
        kinds.Kind(
            code="x",
            name="X",
            subject_type="marac.maracaction",
            url_name="marac:action",
            allowance=lambda policy: Allowance(),
            ladder=((kinds.named("doer"),),),
            source="test",
            still_owed=lambda ids: set(ids),
        )

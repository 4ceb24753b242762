"""What a meeting agrees, what becomes of it, and who says so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User, Withholding
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from marac.models import Conflict, MaracAction, MaracCase, Meeting, Minutes
from tests.factories import marac
from tests.marac.action_scene import (
    DAY,
    EVIDENCE,
    WORDS,
    agreed,
    day,
    one,
    opened_again,
    passed,
    settled,
)
from tests.marac.live_scene import THERE, actor, near, under_way, withheld
from tests.personas import PEOPLE, person, team

pytestmark = pytest.mark.django_db
State = MaracAction.State
HOUR = timedelta(hours=1)
WRITERS = set(THERE)
#: Of the housing agency, and those who keep or chair conferences.
ANSWER = {"agency", "coordinator", "chair"}


def verbs(action: MaracAction) -> list[str]:
    rows = AuditEvent.objects.filter(subject=action.reference, verb__startswith="marac.")
    return list(rows.order_by("pk").values_list("verb", flat=True))


def clock(action: MaracAction) -> Deadline:
    return Deadline.objects.of(action).latest("pk")


def who_may(act: Callable[[str], object]) -> set[str]:
    """Of everybody, those whom a step is not forbidden; nothing of it stays."""
    allowed = set()
    for name in PEOPLE:
        person(name)
        with transaction.atomic():
            try:
                act(name)
                allowed.add(name)
            except PermissionDenied:
                pass
            transaction.set_rollback(True)
    return allowed


def colleague(team_kind: str = "partner", name: str = "W. Pell", **changes: object) -> User:
    """Somebody of the same agency who attends meetings."""
    row = User.objects.create_user(
        name.replace(". ", "").lower(), "x", name=name, team=team(team_kind), **changes
    )
    row.groups.set(person("agency").groups.all())
    return row


class TestAgreed:
    def test_who_what_by_when_and_its_clock(self, at: datetime) -> None:
        action = one(at, is_for_officers=True)
        assert action.reference.startswith("MA-2026-")
        assert (action.owner, action.team, action.words) == (
            person("agency"),
            team("partner"),
            WORDS,
        )
        assert (action.due_on, action.due_at) == (day(at), action.due_at)
        assert action.due_at.astimezone(at.tzinfo).hour == 23
        row = clock(action)
        assert (row.kind, row.owner, row.due_at) == (
            "marac_action",
            person("agency"),
            action.due_at,
        )
        assert row.victim_id == action.victim_id
        assert verbs(action) == ["marac.action_agreed"]
        assert Meeting.objects.get().changes == action.number == 1

    def test_those_who_speak_at_the_meeting_agree(self, at: datetime) -> None:
        scene = under_way(at, state="actions")
        assert who_may(lambda name: agreed(scene.first, at, by=name)) == WRITERS

    def test_sent_again_with_its_key_it_is_the_same_action(self, at: datetime) -> None:
        scene, key = under_way(at, state="actions"), uuid4()
        first = agreed(scene.first, at, key=key)
        assert agreed(scene.first, at + HOUR, key=key).pk == first.pk
        for changed in (
            {"hearing": scene.second},
            {"words": "Something else."},
            {"by": "agency"},
        ):
            with pytest.raises(InvalidInput) as refused:
                agreed(
                    **{  # type: ignore[arg-type]
                        "hearing": scene.first,
                        "at": at,
                        "key": key,
                        **changed,
                    }
                )
            assert refused.value.field == "key"
        assert MaracAction.objects.count() == Deadline.objects.count() == 1

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            (lambda at: {"words": " "}, "words"),
            (lambda at: {"words": "x" * 1_001}, "words"),
            (lambda at: {"due_on": day(at, -1)}, "due_on"),
            (lambda at: {"due_on": day(at, 367)}, "due_on"),
            (lambda at: {"agency_id": team("idva").agency_id}, "agency_id"),
            (lambda at: {"agency_id": 0}, "agency_id"),
            (lambda at: {"owner_id": person("agency_b").pk}, "owner_id"),
            (lambda at: {"owner_id": colleague(is_active=False).pk}, "owner_id"),
            (lambda at: {"owner_id": 0}, "owner_id"),
            # Of the police, but with no access to anybody's record.
            (
                lambda at: {
                    "agency_id": team("response").agency_id,
                    "owner_id": person("administrator").pk,
                },
                "owner_id",
            ),
        ],
    )
    def test_what_cannot_be_meant(
        self, at: datetime, said: Callable[[datetime], dict[str, object]], field: str
    ) -> None:
        scene = under_way(at, state="actions")
        with pytest.raises(InvalidInput) as refused:
            agreed(scene.first, at, **said(at))
        assert refused.value.field == field
        assert not MaracAction.objects.exists() and not Deadline.objects.exists()

    def test_nobody_near_to_the_case_and_no_agency_it_is_withheld_from(self, at: datetime) -> None:
        scene = under_way(at, state="actions")
        near(scene.first, "agency", at)
        with pytest.raises(InvalidInput):
            agreed(scene.first, at, owner_id=person("agency").pk)
        Withholding.objects.create(
            victim_id=scene.first.victim_id,
            agency=team("children").agency,
            reason="His mother works there.",
            set_by=person("head"),
            set_at=at,
        )
        with pytest.raises(InvalidInput) as refused:
            agreed(scene.first, at, agency_id=team("children").agency_id)
        assert refused.value.field == "agency_id"
        withheld(scene.first, "agency_b", at)
        with pytest.raises(PermissionDenied):
            agreed(scene.first, at, by="agency_b")

    def test_who_must_not_know_has_no_action(self, at: datetime) -> None:
        scene = under_way(at, state="actions")
        withheld(scene.first, "agency", at)
        with pytest.raises(InvalidInput) as refused:
            agreed(scene.first, at, owner_id=person("agency").pk)
        assert refused.value.field == "owner_id"

    def test_until_the_minutes_are_approved(self, at: datetime) -> None:
        scene = under_way(at)
        with pytest.raises(DomainError, match="not come to this case"):
            agreed(scene.second, at)
        first = scene.first
        first.began_at, first.ended_at, first.state = at, at, "concluded"
        first.save(update_fields=["state", "began_at", "ended_at"])
        agreed(first, at)
        Meeting.objects.update(state="held", ended_at=at + HOUR)
        agreed(first, at + HOUR)
        Minutes.objects.create(
            meeting=scene.meeting, content={}, approved_at=at, approved_by=person("chair")
        )
        with pytest.raises(DomainError, match="minutes are approved"):
            agreed(first, at + HOUR)
        assert MaracAction.objects.count() == 2

    def test_without_an_owner_the_team_that_spoke_has_it(self, at: datetime) -> None:
        scene = under_way(at, state="actions", there=("chair", "coordinator"))
        police = team("response").agency
        person("supervisor"), person("investigator"), person("officer")
        # Nobody of the police spoke but the chair and the coordinator of the conference itself.
        assert agreed(scene.first, at, agency_id=police.pk).team == team("daisu")
        marac.attendance(scene.meeting, person("worker"), at=at)
        action = agreed(scene.first, at, agency_id=police.pk)
        assert (action.team, action.owner) == (team("maru"), None)
        assert clock(action).team == team("maru")


class TestSettled:
    @pytest.mark.parametrize("state", ["done", "not_done", "overtaken"])
    def test_each_state_with_its_words(self, at: datetime, state: str) -> None:
        action = settled(one(at), at + DAY, state=state)
        action.refresh_from_db()
        assert (action.state, action.evidence, action.settled_by, action.settled_at) == (
            state,
            EVIDENCE,
            person("agency"),
            at + DAY,
        )
        assert clock(action).state == Deadline.State.MET
        assert verbs(action) == ["marac.action_agreed", f"marac.action_{state}"]

    def test_what_was_not_done_is_put_before_the_chair(self, at: datetime) -> None:
        action = one(at)
        Notification.objects.all().delete()
        settled(action, at + DAY, state="not_done")
        told = Notification.objects.values_list("user__username", flat=True)
        assert set(told) == {"chair", "coordinator"}

    def test_who_says_so(self, at: datetime) -> None:
        action = one(at)
        assert who_may(lambda name: settled(action, at, by=name)) == ANSWER

    def test_whoever_has_it_says_so_without_going_to_meetings(self, at: datetime) -> None:
        scene = under_way(at, state="actions")
        police = team("response").agency_id
        action = agreed(scene.first, at, agency_id=police, owner_id=person("officer").pk)
        with pytest.raises(PermissionDenied):
            settled(action, at, by="officer_b")
        settled(action, at, by="officer")

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"evidence": " "}, "evidence"),
            ({"evidence": "x" * 4_001}, "evidence"),
            ({"state": "open"}, "state"),
            ({"state": "gone"}, "state"),
        ],
    )
    def test_never_without_words(self, at: datetime, said: dict[str, str], field: str) -> None:
        action = one(at)
        with pytest.raises(InvalidInput) as refused:
            settled(action, at, **said)
        assert refused.value.field == field

    def test_settled_never_changes_silently(self, at: datetime) -> None:
        action = settled(one(at), at)
        # The same form again is the same answer; another one is refused.
        assert settled(action, at + HOUR).settled_at == at
        for changed in ({"state": "not_done"}, {"evidence": "Other."}, {"by": "coordinator"}):
            with pytest.raises(AlreadyTaken, match=r"done, by T\. Boyle"):
                settled(action, at, **changed)
        with pytest.raises(DomainError):
            passed(action, colleague().pk, at)
        assert verbs(action).count("marac.action_done") == 1

    def test_a_stale_form_is_shown_both_versions(self, at: datetime) -> None:
        action = one(at)
        passed(action, colleague().pk, at)
        with pytest.raises(Stale) as refused:
            settled(action, at, version=action.version)
        assert refused.value.yours == {"state": "Done", "evidence": EVIDENCE}
        assert refused.value.theirs["who"] == "W. Pell"

    def test_who_may_not_know_of_the_victim_any_more_settles_nothing(self, at: datetime) -> None:
        action = one(at)
        withheld(action.hearing, "agency", at)
        near(action.hearing, "chair", at)
        for name in ("agency", "chair"):
            with pytest.raises(PermissionDenied):
                settled(action, at, by=name)
            assert not MaracAction.objects.visible_to(actor(name)).exists()


class TestOpenedAgain:
    def test_with_a_reason_and_what_was_said_stays_on_record(self, at: datetime) -> None:
        action = settled(one(at), at + DAY)
        row = opened_again(action, at + 2 * DAY)
        assert (row.state, row.evidence, row.settled_at, row.settled_by) == (
            "open",
            "",
            None,
            None,
        )
        event = AuditEvent.objects.get(verb="marac.action_reopened")
        assert event.detail["reason"] == "The camera was taken."
        assert event.detail["before"] == {"state": "done", "evidence": EVIDENCE, "by": "T. Boyle"}
        assert clock(row).state == Deadline.State.RUNNING
        assert Deadline.objects.of(row).count() == 2
        settled(row, at + 3 * DAY, state="overtaken")

    def test_a_day_that_is_past_is_given_anew(self, at: datetime) -> None:
        action, later = settled(one(at), at), at + 10 * DAY
        with pytest.raises(InvalidInput) as refused:
            opened_again(action, later)
        assert refused.value.field == "due_on"
        row = opened_again(action, later, due_on=day(later, 3))
        assert (row.due_on, clock(row).due_at) == (day(later, 3), row.due_at)

    def test_never_without_a_reason_while_open_or_after_the_case(self, at: datetime) -> None:
        action = one(at)
        with pytest.raises(DomainError, match="is open"):
            opened_again(action, at)
        done = settled(action, at)
        with pytest.raises(InvalidInput):
            opened_again(done, at, reason="")
        with pytest.raises(Stale):
            opened_again(done, at, version=1)
        MaracCase.objects.filter(pk=action.case_id).update(
            state="closed", closed_at=at, closed_because="done"
        )
        with pytest.raises(DomainError, match="case is closed"):
            opened_again(done, at)

    def test_who_opens_again(self, at: datetime) -> None:
        action = settled(one(at), at)
        assert who_may(lambda name: opened_again(action, at, by=name)) == ANSWER


class TestPassedOn:
    def test_to_a_colleague_with_its_clock(self, at: datetime) -> None:
        action, other = one(at), colleague()
        Notification.objects.all().delete()
        row = passed(action, other.pk, at)
        assert (row.owner, clock(row).owner) == (other, other)
        [told] = Notification.objects.all()
        assert (told.user, told.reference) == (other, action.reference)
        # A partner reads it although they see no victim's record.
        assert Notification.objects.visible_to(other).exists()
        assert Deadline.objects.visible_to(other).exists()
        assert passed(row, other.pk, at, version=1).version == row.version

    def test_back_to_the_team(self, at: datetime) -> None:
        row = passed(one(at), None, at)
        assert (row.owner, row.team, clock(row).owner) == (None, team("partner"), None)

    @pytest.mark.parametrize(
        "to",
        [
            lambda: person("agency_b").pk,
            lambda: colleague(is_active=False).pk,
            lambda: 0,
            lambda: User.objects.system().pk,
        ],
    )
    def test_only_within_the_agency(self, at: datetime, to: Callable[[], int]) -> None:
        action = one(at)
        with pytest.raises(InvalidInput) as refused:
            passed(action, to(), at)
        assert refused.value.field == "owner_id"

    def test_who_passes_on(self, at: datetime) -> None:
        action, other = one(at), colleague()
        assert who_may(lambda name: passed(action, other.pk, at, by=name)) == ANSWER

    def test_not_to_somebody_near_or_who_must_not_know(self, at: datetime) -> None:
        action, other = one(at), colleague()
        Conflict.objects.create(
            hearing=action.hearing,
            person=other,
            words="My neighbour.",
            declared_at=at,
            declared_by=other,
        )
        with pytest.raises(InvalidInput, match="near to this case"):
            passed(action, other.pk, at)

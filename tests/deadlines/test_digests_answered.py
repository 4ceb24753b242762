"""A digest is acknowledged once, or whoever leads is told; what may not be seen is not read."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import Absence, Team, User, Withholding
from audit.models import AuditEvent
from config.celery import app
from deadlines import digests, tasks
from deadlines.models import Deadline, Digest, Notification
from tests.deadlines.digesting import DAY, HOUR, SEVEN, digest_of, digest_of_team, owed
from tests.factories.victims import victim
from tests.personas import person, team

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def made(*names: str, at: datetime = SEVEN) -> list[Digest]:
    """Digests of these people, each with something out of time."""
    for name in names:
        owed(at - HOUR, by=name)
    digests.make(at=at)
    return [row for name in names if (row := digest_of(name, at)) is not None]


def told(name: str) -> list[str]:
    rows = Notification.objects.filter(user__username=name).order_by("pk")
    return list(rows.values_list("headline", flat=True))


def test_acknowledged_once_whoever_clicks_twice() -> None:
    [row] = made("officer")
    digests.acknowledge(digest_id=row.pk, actor=person("officer"), at=SEVEN + HOUR)
    again = digests.acknowledge(digest_id=row.pk, actor=person("officer"), at=SEVEN + 2 * HOUR)
    assert (again.acknowledged_at, again.acknowledged_by) == (SEVEN + HOUR, person("officer"))
    assert AuditEvent.objects.filter(verb="digest.acknowledged").count() == 1


@pytest.mark.parametrize("name", ["officer_b", "supervisor", "head"])
def test_nobody_acknowledges_for_another(name: str) -> None:
    person("supervisor")
    [row] = made("officer")
    with pytest.raises(PermissionDenied):
        digests.acknowledge(digest_id=row.pk, actor=person(name), at=SEVEN + HOUR)
    row.refresh_from_db()
    assert row.acknowledged_at is None


def test_a_leader_acknowledges_the_teams_and_so_does_who_stands_in() -> None:
    person("supervisor")
    made("officer")
    row = digest_of_team("response")
    assert row is not None
    now = timezone.now()
    Absence.objects.create(
        person=person("supervisor"),
        cover=person("officer_b"),
        from_at=now - HOUR,
        until_at=now + HOUR,
        recorded_by=person("head"),
        recorded_at=now,
    )
    digests.acknowledge(digest_id=row.pk, actor=person("officer_b"), at=now)
    row.refresh_from_db()
    assert row.acknowledged_by == person("officer_b")


def test_unanswered_is_told_to_the_leader_as_one_message() -> None:
    person("supervisor"), person("head")
    mine, other = made("officer", "officer_b")
    assert digests.escalate(at=SEVEN + DAY - timedelta(seconds=1)) == 0
    assert digests.escalate(at=SEVEN + DAY) == 3  # two people's, and the team's
    mine.refresh_from_db(), other.refresh_from_db()
    assert mine.escalated_to == other.escalated_to == person("supervisor")
    assert mine.escalated_at == SEVEN + DAY
    assert told("supervisor") == [
        "2 digests were not acknowledged in time by those who answer to you"
    ]
    # The team's own is its leader's to read: that is told a step higher.
    assert told("head") == ["1 digest was not acknowledged in time by those who answer to you"]
    assert Notification.objects.filter(level="warning").count() == 2


def test_told_once() -> None:
    person("supervisor")
    made("officer")
    digests.escalate(at=SEVEN + DAY)
    assert digests.escalate(at=SEVEN + DAY + HOUR) == 0
    assert len(told("supervisor")) == 1


def test_acknowledged_in_time_is_not_told_and_late_stays_told() -> None:
    person("supervisor")
    mine, other = made("officer", "officer_b")
    digests.acknowledge(digest_id=mine.pk, actor=person("officer"), at=SEVEN + HOUR)
    digests.escalate(at=SEVEN + DAY)
    digests.acknowledge(digest_id=other.pk, actor=person("officer_b"), at=SEVEN + DAY + HOUR)
    mine.refresh_from_db(), other.refresh_from_db()
    assert (mine.escalated_at, other.escalated_at) == (None, SEVEN + DAY)
    assert other.acknowledged_at == SEVEN + DAY + HOUR


def test_a_leaders_own_goes_to_the_head_and_the_heads_to_nobody() -> None:
    person("head")
    leader, head = made("supervisor", "head")
    digests.escalate(at=SEVEN + DAY)
    leader.refresh_from_db(), head.refresh_from_db()
    assert leader.escalated_to == person("head")
    assert (head.escalated_at, head.escalated_to) == (SEVEN + DAY, None)


def test_nobody_is_told_of_whoever_has_left() -> None:
    person("supervisor")
    [row] = made("officer")
    User.objects.filter(username="officer").update(is_active=False)
    digests.escalate(at=SEVEN + DAY)
    row.refresh_from_db()
    assert (row.escalated_at, row.escalated_to) == (SEVEN + DAY, None)
    assert told("supervisor") == []


def references(row: Digest, name: str) -> list[str]:
    reader = User.objects.get(pk=person(name).pk)
    [one] = digests.shown([row], reader=reader)
    return [line.reference for part in one.parts for line in part.lines]


def test_an_ended_grant_is_not_read_afterwards() -> None:
    client = victim()
    duty = owed(SEVEN - HOUR, by="idva", victim_id=client.pk)
    assign_perm("victims.view_victim", person("idva"), client)
    digests.make(at=SEVEN)
    row = digest_of("idva")
    assert row is not None
    assert references(row, "idva") == [duty.subject_reference]
    remove_perm("victims.view_victim", person("idva"), client)
    [one] = digests.shown([row], reader=User.objects.get(username="idva"))
    assert one.parts == []  # neither the line nor its number


def test_what_is_withheld_since_is_not_read_and_the_rest_is() -> None:
    kept = victim()
    owed(SEVEN - HOUR, victim_id=kept.pk)
    other = owed(SEVEN - HOUR)
    person("supervisor")
    digests.make(at=SEVEN)
    own, of_team = digest_of("officer"), digest_of_team("response")
    assert own is not None
    assert of_team is not None
    for name in ("officer", "supervisor"):
        Withholding.objects.create(
            victim=kept, person=person(name), reason="x", set_by=person("head"), set_at=SEVEN
        )
    assert references(own, "officer") == [other.subject_reference]
    assert references(of_team, "supervisor") == [other.subject_reference]
    [one] = digests.shown([own], reader=User.objects.get(username="officer"))
    assert [part.number for part in one.parts] == [1]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def today(db: None) -> datetime:
    """Now; digests may be made at any hour of the day."""
    for name in ("officer", "officer_b", "supervisor", "head"):
        person(name)
    return timezone.now()


def test_the_page_shows_todays_and_acknowledges(sign_in: SignIn, today: datetime) -> None:
    [row] = made("officer", at=today)
    client = sign_in("officer")
    page = client.get("/digests/").content.decode()
    assert row.lines[0]["reference"] in page
    assert "Acknowledge<" in page
    for _ in range(2):
        answer = client.post(f"/digests/{row.pk}/acknowledge/")
        assert (answer.status_code, answer["Location"]) == (302, "/digests/")
    row.refresh_from_db()
    assert row.acknowledged_by == person("officer")
    page = client.get("/digests/").content.decode()
    assert "Acknowledged" in page
    assert f"/digests/{row.pk}/acknowledge/" not in page


def test_earlier_ones_are_listed_and_opened(sign_in: SignIn, today: datetime) -> None:
    [row] = made("officer", at=today - DAY)
    client = sign_in("officer")
    page = client.get("/digests/").content.decode()
    assert "No digest today" in page
    assert f"/digests/{row.pk}/" in page
    assert row.lines[0]["reference"] in client.get(f"/digests/{row.pk}/").content.decode()


def test_a_leader_sees_who_acknowledged_and_nothing_of_theirs(
    sign_in: SignIn, today: datetime
) -> None:
    own = owed(today + HOUR)
    [row] = made("officer_b", at=today)
    mine = digest_of("officer", today)
    assert mine is not None
    digests.acknowledge(digest_id=row.pk, actor=person("officer_b"), at=today)
    leader = sign_in("supervisor")
    page = leader.get("/digests/").content.decode()
    assert "Fenwick response" in page
    assert "PC 2210 T. Hale" in page
    assert "not yet" in page
    assert own.subject_reference not in page
    assert leader.get(f"/digests/{mine.pk}/").status_code == 404
    assert leader.post(f"/digests/{mine.pk}/acknowledge/").status_code == 404


def test_whoever_has_none_is_told_so(sign_in: SignIn, today: datetime) -> None:
    made("officer", at=today)
    assert "No digest today" in sign_in("officer_b").get("/digests/").content.decode()


def test_the_page_costs_the_same_with_many_lines(
    sign_in: SignIn, today: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    client_of, one = sign_in("supervisor"), victim()
    for _ in range(12):
        owed(today - HOUR, victim_id=one.pk)
    digests.make(at=today)
    Deadline.objects.all().update(due_at=today + 9 * DAY)
    assert Team.objects.get(pk=team("response").pk).supervisor == person("supervisor")
    client_of.get("/digests/")
    # Session, person, roles, bell; digests, victims that may be seen, who acknowledged.
    with django_assert_num_queries(7):
        client_of.get("/digests/")


def test_the_beat_calls_the_task_and_the_task_is_a_shell(today: datetime) -> None:
    assert app.conf.beat_schedule["make digests"]["task"] == tasks.make_digests.name
    [row] = made("officer", at=today - 2 * DAY)
    tasks.make_digests()
    row.refresh_from_db()
    assert row.escalated_to == person("supervisor")

"""One digest a person and team and day: what it holds, and who gets none."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from accounts.models import Absence, Team, User, Withholding
from core.models import PolicyVersion
from deadlines import digests, services
from deadlines.digests import making
from deadlines.models import Deadline, Digest, Notification
from tests.deadlines.digesting import (
    DAY,
    HOUR,
    SEVEN,
    digest_of,
    digest_of_team,
    lines,
    owed,
    tell,
)
from tests.factories.victims import victim
from tests.personas import person, team

pytestmark = pytest.mark.django_db


def away(name: str, cover: str) -> None:
    Absence.objects.create(
        person=person(name),
        cover=person(cover),
        from_at=SEVEN - DAY,
        until_at=SEVEN + DAY,
        recorded_by=person(name),
        recorded_at=SEVEN - DAY,
    )


def test_it_says_what_is_over_due_and_new() -> None:
    over, today = owed(SEVEN - HOUR), owed(SEVEN + 20 * HOUR)
    later = owed(SEVEN + 30 * HOUR)
    tell("officer", SEVEN - HOUR)
    assert digests.make(at=SEVEN) == 1
    row = digest_of("officer")
    assert lines(row) == [
        ("over", over.subject_reference),
        ("today", today.subject_reference),
        ("yours", later.subject_reference),
        ("messages", "NT-2026-000001"),
    ]
    assert row is not None
    assert {name: row.numbers[name] for name in ("open", "over", "today", "yours")} == {
        "open": 3,
        "over": 1,
        "today": 1,
        "yours": 1,
    }
    assert row.lines[0]["words"] == "Visit"
    assert row.answer_by == SEVEN + DAY
    assert row.team == team("response")


def test_whoever_has_nothing_gets_none() -> None:
    person("worker")
    owed(SEVEN + 40 * HOUR, by="officer_b")
    digests.make(at=SEVEN)
    assert [row.person for row in Digest.objects.all()] == [person("officer_b")]
    # Known since yesterday and not due before tomorrow: there is nothing to say.
    assert digests.make(at=SEVEN + DAY) == 1
    assert digest_of("officer_b", SEVEN + DAY) is not None  # due that night
    assert digests.make(at=SEVEN + 2 * DAY) == 1  # over by now
    Deadline.objects.update(due_at=SEVEN + 9 * DAY)
    assert digests.make(at=SEVEN + 3 * DAY) == 0


def test_what_was_handed_over_since_is_new() -> None:
    known, mine = owed(SEVEN + 40 * HOUR), owed(SEVEN + 50 * HOUR, by="officer_b")
    tomorrow = SEVEN + DAY
    digests.make(at=SEVEN)
    Deadline.objects.filter(pk=mine.pk).update(owner=person("officer"))
    digests.make(at=tomorrow)
    row = digest_of("officer", tomorrow)
    assert lines(row) == [
        ("today", known.subject_reference),
        ("yours", mine.subject_reference),
    ]
    assert row is not None
    assert [line.get("is_new", False) for line in row.lines] == [False, True]


def test_a_clock_that_stands_still_is_neither_over_nor_due() -> None:
    row = owed(SEVEN - HOUR)
    Deadline.objects.filter(pk=row.pk).update(paused_at=SEVEN - 2 * HOUR)
    digests.make(at=SEVEN)
    assert lines(digest_of("officer")) == [("yours", row.subject_reference)]


def test_made_once_a_day_whoever_asks() -> None:
    owed(SEVEN - HOUR)
    assert digests.make(at=SEVEN) == 1
    owed(SEVEN - HOUR, by="worker")
    assert digests.make(at=SEVEN + 5 * timedelta(minutes=1)) == 0
    assert Digest.objects.count() == 1


@pytest.mark.parametrize(
    ("now", "made"),
    [
        ("2026-11-23T06:59:00+00:00", 0),
        ("2026-11-23T07:00:00+00:00", 1),
        ("2026-11-23T16:00:00+00:00", 1),  # after an outage
        ("2026-07-01T05:59:00+00:00", 0),
        ("2026-07-01T06:00:00+00:00", 1),  # seven on the summer's clock
    ],
)
def test_at_the_hour_of_the_policy_on_the_wall_clock(now: str, made: int) -> None:
    at = datetime.fromisoformat(now)
    owed(at - HOUR)
    assert digests.make_if_due(at=at) == made


def test_the_hour_and_the_time_to_answer_are_the_forces() -> None:
    PolicyVersion.objects.create(
        effective_from=SEVEN - DAY,
        values={"digest_hour": 9, "digest_answer_hours": 4},
        author=person("head"),
        reason="Later",
        recorded_at=SEVEN - DAY,
    )
    owed(SEVEN - HOUR)
    assert digests.make_if_due(at=SEVEN + HOUR) == 0
    assert digests.make_if_due(at=SEVEN + 2 * HOUR) == 1
    assert Digest.objects.get().answer_by == SEVEN + 6 * HOUR


def test_whoever_is_away_gets_none_and_who_stands_in_gets_theirs() -> None:
    row = owed(SEVEN - HOUR)
    own = owed(SEVEN + HOUR, by="officer_b")
    away("officer", "officer_b")
    digests.make(at=SEVEN)
    assert digest_of("officer") is None
    assert lines(digest_of("officer_b")) == [
        ("over", row.subject_reference),
        ("today", own.subject_reference),
    ]


def test_with_nobody_to_stand_in_it_is_with_nobody() -> None:
    person("supervisor")
    row = owed(SEVEN + HOUR)
    away("officer", "officer_b")
    User.objects.filter(username="officer_b").update(is_active=False)
    digests.make(at=SEVEN)
    assert digest_of("officer") is None
    assert lines(digest_of_team("response")) == [("nobody", row.subject_reference)]


def test_the_team_sees_what_is_over_and_nobodys() -> None:
    person("supervisor")
    over, nobodys = owed(SEVEN - HOUR), owed(SEVEN + 90 * HOUR, by=None)
    owed(SEVEN + HOUR)
    digests.make(at=SEVEN)
    row = digest_of_team("response")
    assert lines(row) == [("over", over.subject_reference), ("nobody", nobodys.subject_reference)]
    assert row is not None
    assert row.numbers["open"] == 3
    assert row.lines[0]["who"] == "PC 2210 T. Hale"
    # What nobody has is not put into everybody's own.
    assert digest_of("supervisor") is None


def test_the_team_sees_who_did_not_acknowledge() -> None:
    person("supervisor")
    for name in ("officer", "officer_b"):
        owed(SEVEN + HOUR, by=name)
    digests.make(at=SEVEN)
    first = digest_of("officer_b")
    assert first is not None
    digests.acknowledge(digest_id=first.pk, actor=person("officer_b"), at=SEVEN + HOUR)
    Deadline.objects.update(due_at=SEVEN + 9 * DAY)
    digests.make(at=SEVEN + DAY)
    row = digest_of_team("response", SEVEN + DAY)
    assert row is not None
    assert [line["words"] for line in row.lines] == ["PC 2210 T. Hale"]


def test_a_team_that_nobody_leads_has_none() -> None:
    owed(SEVEN - HOUR)
    digests.make(at=SEVEN)
    assert digest_of_team("response") is None


def test_lines_are_few_and_numbers_whole() -> None:
    for _ in range(making.MOST_LINES + 3):
        owed(SEVEN - HOUR)
    digests.make(at=SEVEN)
    row = digest_of("officer")
    assert row is not None
    assert (len(row.lines), row.numbers["over"]) == (making.MOST_LINES, making.MOST_LINES + 3)


def test_a_message_is_in_one_digest_and_seen_ones_in_none() -> None:
    tell("officer", SEVEN - HOUR)
    tell("officer_b", SEVEN - HOUR)
    seen = Notification.objects.get(user=person("officer_b"))
    services.mark_seen(user=person("officer_b"), notification_ids=[seen.pk], at=SEVEN)
    tell("officer", SEVEN - HOUR, level="warning")  # was sent by itself
    digests.make(at=SEVEN)
    assert lines(digest_of("officer")) == [("messages", "NT-2026-000001")]
    assert digest_of("officer_b") is None
    assert digests.make(at=SEVEN + DAY) == 0


def test_messages_wait_for_whoever_is_away() -> None:
    tell("officer", SEVEN - 2 * DAY)
    away("officer", "officer_b")
    digests.make(at=SEVEN)
    assert digest_of("officer") is None
    assert digests.make(at=SEVEN + 2 * DAY) == 1


def test_what_is_withheld_or_not_granted_is_not_in_it() -> None:
    open_one, kept = victim(), victim(given_name="Other", number="07700 900123")
    for name in ("officer", "idva"):
        owed(SEVEN - HOUR, by=name, victim_id=kept.pk)
    shown = owed(SEVEN - HOUR, by="idva", victim_id=open_one.pk)
    tell("officer", SEVEN - HOUR, victim_id=kept.pk)
    assign_perm("victims.view_victim", person("idva"), open_one)
    person("supervisor")
    Withholding.objects.create(
        victim=kept, person=person("officer"), reason="x", set_by=person("head"), set_at=SEVEN
    )
    digests.make(at=SEVEN)
    assert digest_of("officer") is None
    row = digest_of("idva")
    assert lines(row) == [("over", shown.subject_reference)]
    assert row is not None
    assert row.numbers["over"] == row.numbers["open"] == 1
    team_row = digest_of_team("response")
    assert team_row is not None
    assert team_row.numbers["over"] == 1


def test_the_cover_is_not_told_what_is_withheld_from_them() -> None:
    kept = victim()
    owed(SEVEN - HOUR, victim_id=kept.pk)
    away("officer", "officer_b")
    person("officer_b")
    Withholding.objects.create(
        victim=kept, agency=team("response").agency, reason="x", set_by=person("head"), set_at=SEVEN
    )
    assert digests.make(at=SEVEN) == 0


def test_it_holds_no_name_of_a_victim() -> None:
    somebody = victim(given_name="Marigold", family_name="Unwritten")
    owed(SEVEN - HOUR, victim_id=somebody.pk)
    digests.make(at=SEVEN)
    row = digest_of("officer")
    assert row is not None
    assert "Marigold" not in str(row.lines)
    assert "Unwritten" not in str(row.lines)


def test_old_ones_are_not_kept_for_ever() -> None:
    Digest.objects.create(
        person=person("officer"),
        on=(SEVEN - making.KEPT - DAY).date(),
        created_at=SEVEN - making.KEPT - DAY,
        answer_by=SEVEN,
    )
    digests.make(at=SEVEN)
    assert not Digest.objects.exists()


def made_for(people: int, at: datetime) -> int:
    """How many statements it takes to make the digests of so many people, two duties each."""
    unit = team("response")
    users = User.objects.bulk_create(
        User(username=f"many-{at.day}-{n}", name=f"Officer {n}", team=unit) for n in range(people)
    )
    template = owed(at - HOUR)
    Deadline.objects.bulk_create(
        Deadline(
            kind=template.kind,
            subject_type=template.subject_type,
            subject_id=1_000_000 * at.day + 2 * user.pk + n,
            subject_reference=f"TE-{at.day}-{user.pk}-{n}",
            owner=user,
            team=unit,
            started_at=at - DAY,
            due_at=at - HOUR,
            basis="x",
            step_times=[at - HOUR],
        )
        for user in users
        for n in (0, 1)
    )
    with CaptureQueriesContext(connection) as captured:
        assert digests.make(at=at) >= people
    return len(captured)


def test_many_people_cost_as_many_statements_as_few() -> None:
    person("supervisor")
    Team.objects.filter(pk=team("response").pk).update(supervisor=person("supervisor"))
    few, many = made_for(3, SEVEN), made_for(300, SEVEN + DAY)
    assert many <= few + 1, (few, many)
    assert few <= 22

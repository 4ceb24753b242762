"""A partner's digest: what is theirs to do for a victim whose record they do not see."""

from datetime import timedelta

import pytest

from accounts.models import User, Withholding
from deadlines import digests, services
from deadlines.models import Deadline, Notification
from marac.deadlines.actions import ACTION
from referrals import services as unit
from tests.deadlines.digesting import DAY, HOUR, SEVEN, digest_of, digest_of_team, lines, owed
from tests.factories.incoming import referred
from tests.factories.victims import victim
from tests.personas import person, team

pytestmark = pytest.mark.django_db


def an_action(due: timedelta, victim_id: int | None = None) -> Deadline:
    """The partner's own duty for a victim: of the kind that conferences give agencies."""
    row = owed(SEVEN + due, by="agency", victim_id=victim_id or victim().pk)
    Deadline.objects.filter(pk=row.pk).update(kind=ACTION, team=team("partner"))
    return row


def withhold_from(name: str, victim_id: int | None) -> None:
    assert victim_id is not None
    Withholding.objects.create(
        victim_id=victim_id, person=person(name), reason="x", set_by=person("head"), set_at=SEVEN
    )


def seen(name: str) -> list[str]:
    reader, row = User.objects.get(username=name), digest_of(name)
    assert row is not None
    [one] = digests.shown([row], reader=reader)
    return [line.reference for part in one.parts for line in part.lines]


def test_their_own_duties_are_in_it_and_no_others() -> None:
    over, today = an_action(-HOUR), an_action(3 * HOUR)
    owed(SEVEN - HOUR, by="agency", victim_id=victim().pk)  # of a kind that is the police's
    digests.make(at=SEVEN)
    assert lines(digest_of("agency")) == [
        ("over", over.subject_reference),
        ("today", today.subject_reference),
    ]
    assert seen("agency") == [over.subject_reference, today.subject_reference]


def test_whoever_leads_the_partners_team_has_what_is_over() -> None:
    leader = person("agency")
    type(team("partner")).objects.filter(pk=team("partner").pk).update(supervisor=leader)
    over = an_action(-HOUR)
    digests.make(at=SEVEN)
    assert lines(digest_of_team("partner")) == [("over", over.subject_reference)]


def test_of_a_victim_withheld_from_them_nothing() -> None:
    row = an_action(-HOUR)
    withhold_from("agency", row.victim_id)
    digests.make(at=SEVEN)
    assert digest_of("agency") is None


def test_withheld_since_it_is_read_no_more() -> None:
    row, other = an_action(-HOUR), an_action(-HOUR)
    digests.make(at=SEVEN)
    withhold_from("agency", row.victim_id)
    assert seen("agency") == [other.subject_reference]


def test_the_units_answer_reaches_whoever_referred() -> None:
    """On "Waiting for you" and in the next digest; not once the victim is withheld from them."""
    row = referred(SEVEN - HOUR)
    unit.answer_agency(
        referral_id=row.referral_id, words="We rang her.", actor=person("worker"), at=SEVEN - HOUR
    )
    rep = User.objects.get(pk=person("agency").pk)
    assert Notification.objects.visible_to(rep).get().path == f"/referred/{row.referral.reference}/"
    digests.make(at=SEVEN)
    assert lines(digest_of("agency")) == [("messages", row.referral.reference)]
    assert seen("agency") == [row.referral.reference]
    withhold_from("agency", row.victim_id)
    rep = User.objects.get(pk=rep.pk)
    assert not Notification.objects.visible_to(rep).exists()
    digests.make(at=SEVEN + DAY)
    assert digest_of("agency", SEVEN + DAY) is None


def test_the_referrals_own_clock_stays_the_units() -> None:
    row = referred(SEVEN - HOUR)
    rep = User.objects.get(pk=person("agency").pk)
    assert not Deadline.objects.visible_to(rep).exists()
    services.notify(
        users=[person("nobody")],
        level="information",
        headline="x",
        reference=row.referral.reference,
        path="/",
        victim_id=row.victim_id,
        at=SEVEN,
    )
    nobody = User.objects.get(username="nobody")
    assert not Notification.objects.visible_to(nobody).exists()

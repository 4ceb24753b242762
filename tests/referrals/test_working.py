"""Claiming, giving up, sharing and finishing: what happens, and every refusal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Agency
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from referrals import services
from referrals.models import Referral, ReferralDay, Sharing
from tests.factories.referrals import a_referral, an_agency, claimed, completed, shared
from tests.personas import person
from victims import services as victims

HOUR = timedelta(hours=1)


@pytest.fixture
def referral(db: None, at: datetime) -> Referral:
    return a_referral(at)


@pytest.fixture
def mine(referral: Referral, at: datetime) -> Referral:
    return claimed(referral, at + HOUR)


def deadline_of(referral: Referral) -> Deadline:
    return Deadline.objects.get(kind="referral", subject_id=referral.pk)


def verbs(referral: Referral) -> list[str]:
    rows = AuditEvent.objects.filter(subject=referral.reference, verb__startswith="referral.")
    return list(rows.order_by("pk").values_list("verb", flat=True))


# Claiming


def test_claiming_gives_referral_deadline_and_victim_to_the_worker(mine: Referral) -> None:
    worker = person("worker")
    assert (mine.state, mine.claimed_by) == (Referral.State.CLAIMED, worker)
    assert deadline_of(mine).owner == worker
    mine.victim.refresh_from_db()
    assert mine.victim.contact_owner == worker
    assert verbs(mine) == ["referral.opened", "referral.claimed"]


def test_claiming_takes_what_the_first_response_had_and_no_more(
    referral: Referral, at: datetime
) -> None:
    """An IDVA's plan stays theirs; giving the referral back leaves what was handed over by name."""
    victim, investigator = referral.victim, person("investigator")
    for duties, who in ((["contact", "risk"], person("officer")), (["plan"], investigator)):
        victims.set_responsible(victim_id=victim.pk, person=who, duties=duties, actor=who, at=at)
    claimed(referral, at + HOUR)
    victim.refresh_from_db()
    worker = person("worker")
    assert (victim.contact_owner, victim.risk_owner) == (worker, worker)
    assert victim.plan_owner == investigator
    offer = victims.hand_over(
        victim_id=victim.pk, duty="plan", to=worker, words="Yours.", actor=investigator, at=at
    )
    victims.answer_handover(handover_id=offer.pk, takes=True, actor=worker, at=at + HOUR)
    services.release(referral_id=referral.pk, actor=worker, at=at + 2 * HOUR)
    victim.refresh_from_db()
    assert (victim.contact_owner, victim.risk_owner) == (None, None)
    assert victim.plan_owner == worker


def test_the_second_is_told_who_has_it_and_since_when(mine: Referral, at: datetime) -> None:
    with pytest.raises(AlreadyTaken, match=r"M\. Castellanos has RF-.* since 11:00"):
        services.claim(referral_id=mine.pk, actor=person("worker_b"), at=at + 2 * HOUR)
    with pytest.raises(AlreadyTaken, match=r"since 23 November, 11:00"):
        services.claim(referral_id=mine.pk, actor=person("worker_b"), at=at + 30 * HOUR)


def test_claiming_twice_changes_nothing(mine: Referral, at: datetime) -> None:
    again = services.claim(referral_id=mine.pk, actor=person("worker"), at=at + 2 * HOUR)
    assert (again.claimed_at, again.version) == (mine.claimed_at, mine.version)


@pytest.mark.parametrize("who", ["officer", "head", "idva", "nobody"])
def test_only_the_unit_claims(referral: Referral, at: datetime, who: str) -> None:
    with pytest.raises(PermissionDenied):
        services.claim(referral_id=referral.pk, actor=person(who), at=at)
    with pytest.raises(PermissionDenied):
        services.claim_next(actor=person(who), at=at)
    referral.refresh_from_db()
    assert referral.claimed_by is None


def test_a_finished_one_cannot_be_claimed(mine: Referral, at: datetime) -> None:
    completed(mine, at + 2 * HOUR)
    with pytest.raises(DomainError, match=r"was finished by M\. Castellanos"):
        services.claim(referral_id=mine.pk, actor=person("worker_b"), at=at + 3 * HOUR)


def test_claim_next_takes_over_time_then_risk_then_time(db: None, at: datetime) -> None:
    later_high = a_referral(at - HOUR, grade="high")
    high = a_referral(at - 2 * HOUR, grade="high")
    over = a_referral(at - 80 * HOUR, grade="medium")
    medium = a_referral(at - 50 * HOUR, grade="medium")
    taken = [services.claim_next(actor=person("worker"), at=at).pk for _ in range(4)]
    assert taken == [over.pk, high.pk, later_high.pk, medium.pk]
    with pytest.raises(DomainError, match="nothing to claim") as refusal:
        services.claim_next(actor=person("worker"), at=at)
    assert refusal.value.code == "nothing_waiting"


# Giving up


def test_release_gives_it_back_and_the_clock_runs_on(mine: Referral, at: datetime) -> None:
    due = deadline_of(mine).due_at
    services.release(referral_id=mine.pk, actor=person("worker"), at=at + 2 * HOUR, reason="Leave")
    mine.refresh_from_db()
    assert (mine.state, mine.claimed_by, mine.claimed_at) == ("waiting", None, None)
    deadline = deadline_of(mine)
    assert (deadline.owner, deadline.due_at, deadline.state) == (None, due, "running")
    mine.victim.refresh_from_db()
    assert mine.victim.contact_owner is None
    assert verbs(mine)[-1] == "referral.released"


def test_hand_over_gives_it_to_another(mine: Referral, at: datetime) -> None:
    services.hand_over(
        referral_id=mine.pk, to=person("worker_b"), actor=person("worker"), at=at + 2 * HOUR
    )
    mine.refresh_from_db()
    assert mine.claimed_by == deadline_of(mine).owner == person("worker_b")
    mine.victim.refresh_from_db()
    assert mine.victim.contact_owner == person("worker_b")
    assert verbs(mine)[-1] == "referral.handed_over"


def test_the_manager_may_move_anybodys(mine: Referral, at: datetime) -> None:
    services.hand_over(
        referral_id=mine.pk, to=person("manager"), actor=person("manager"), at=at + 2 * HOUR
    )
    mine.refresh_from_db()
    assert mine.claimed_by == person("manager")


@pytest.mark.parametrize("step", ["release", "hand_over"])
def test_a_colleague_may_not(mine: Referral, at: datetime, step: str) -> None:
    more = {"to": person("manager")} if step == "hand_over" else {}
    with pytest.raises(PermissionDenied, match=r"M\. Castellanos has"):
        getattr(services, step)(referral_id=mine.pk, actor=person("worker_b"), at=at, **more)


@pytest.mark.parametrize(
    ("who", "words"), [("officer", "does not work on referrals"), ("worker", "has it already")]
)
def test_hand_over_only_to_another_worker(
    mine: Referral, at: datetime, who: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        services.hand_over(referral_id=mine.pk, to=person(who), actor=person("worker"), at=at)
    assert refusal.value.field == "to"


def test_what_nobody_has_is_neither_released_nor_handed_over(
    referral: Referral, at: datetime
) -> None:
    with pytest.raises(DomainError, match="Nobody has"):
        services.release(referral_id=referral.pk, actor=person("manager"), at=at)
    with pytest.raises(DomainError, match="can be claimed"):
        services.hand_over(
            referral_id=referral.pk, to=person("worker"), actor=person("manager"), at=at
        )


# Sharing


def test_sharing_is_recorded(mine: Referral, at: datetime) -> None:
    row = shared(mine, at + 2 * HOUR, what=["risk", "identity", "risk"])
    assert row.what == ["risk", "identity"]
    assert (row.shared_by, row.victim_id) == (person("worker"), mine.victim_id)
    event = AuditEvent.objects.get(verb="referral.shared")
    assert event.headline == "Shared with Fenwick Housing"
    assert event.detail["basis"] == "public_task"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": []}, "what"),
        ({"what": ["everything"]}, "what"),
        ({"why": "  "}, "why"),
        ({"why": "\x00"}, "why"),
        ({"why": "x" * 10_001}, "why"),
        ({"basis": "because"}, "basis"),
        ({"basis": "consent", "consent": "not_sought", "consent_reason": "Unsafe"}, "basis"),
        ({"consent": "maybe"}, "consent"),
        ({"consent": "refused"}, "consent_reason"),
        ({"consent": "not_sought", "consent_reason": " "}, "consent_reason"),
        ({"agency_id": 0}, "agency"),
    ],
)
def test_sharing_refuses_with_the_field(
    mine: Referral, at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        shared(mine, at, **changes)
    assert refusal.value.field == field
    assert not Sharing.objects.exists()


def test_the_police_are_not_a_partner(mine: Referral, at: datetime) -> None:
    police = Agency.objects.filter(kind="police").first()
    assert police is not None
    with pytest.raises(InvalidInput, match="partner"):
        shared(mine, at, agency_id=police.pk)


def test_without_consent_with_reasons(mine: Referral, at: datetime) -> None:
    row = shared(mine, at, consent="refused", consent_reason="A child is in danger.")
    assert row.consent_reason == "A child is in danger."
    assert AuditEvent.objects.get(verb="referral.shared").is_grave


def test_the_database_refuses_no_reasons_too(mine: Referral, at: datetime) -> None:
    row = shared(mine, at, consent="refused", consent_reason="A child is in danger.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sharing.objects.filter(pk=row.pk).update(consent_reason="")


def test_each_agency_once(mine: Referral, at: datetime) -> None:
    shared(mine, at)
    with pytest.raises(AlreadyTaken, match=r"was told by M\. Castellanos on 23 November at 10:00"):
        shared(mine, at)
    shared(mine, at, agency_id=an_agency("Fenwick Health", "health").pk)
    assert Sharing.objects.count() == 2


@pytest.mark.parametrize("who", ["worker_b", "manager", "officer"])
def test_only_who_has_it_shares(mine: Referral, at: datetime, who: str) -> None:
    with pytest.raises(PermissionDenied):
        shared(mine, at, actor=person(who))
    assert not Sharing.objects.exists()


def test_claim_it_before_sharing(referral: Referral, at: datetime) -> None:
    with pytest.raises(DomainError, match="Claim it first"):
        shared(referral, at, actor=person("worker"))


def test_nothing_is_shared_after_the_end(mine: Referral, at: datetime) -> None:
    completed(mine, at + HOUR)
    with pytest.raises(DomainError, match="was finished"):
        shared(mine, at + 2 * HOUR)


# Finishing


def test_finishing_in_time_is_met(mine: Referral, at: datetime) -> None:
    done = completed(mine, mine.due_at)
    assert (done.state, done.late_reason) == (Referral.State.COMPLETED, "")
    assert deadline_of(mine).state == Deadline.State.MET
    day = ReferralDay.objects.get(day=mine.due_at.date())
    assert (day.done, day.done_in_time) == (1, 1)


def test_finishing_late_is_met_late_for_ever(mine: Referral, at: datetime) -> None:
    late = mine.due_at + timedelta(seconds=1)
    with pytest.raises(InvalidInput) as refusal:
        completed(mine, late, late_reason=" ")
    assert refusal.value.field == "late_reason"
    done = completed(mine, late)
    assert done.late_reason == "Nobody was on duty."
    assert deadline_of(mine).state == Deadline.State.MET_LATE
    day = ReferralDay.objects.get(day=late.date())
    assert (day.done, day.done_in_time) == (1, 0)
    assert AuditEvent.objects.get(verb="referral.completed").is_grave
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=mine.pk).update(late_reason="")


def test_high_without_an_idva_needs_words(db: None, at: datetime) -> None:
    high = claimed(a_referral(at, grade="high"), at)
    with pytest.raises(InvalidInput) as refusal:
        completed(high, at, no_idva_reason="")
    assert refusal.value.field == "no_idva_reason"
    shared(high, at)
    done = completed(high, at, outcome="shared_idva", no_idva_reason="")
    assert done.no_idva_reason == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "gone"}, "outcome"),
        ({"outcome": "shared"}, "outcome"),
        ({"outcome": "shared_idva"}, "outcome"),
        ({"words": ""}, "words"),
        ({"words": "\u202e"}, "words"),
        ({"words": "x" * 10_001}, "words"),
        ({"late_reason": "\x07"}, "late_reason"),
    ],
)
def test_finishing_refuses_with_the_field(
    mine: Referral, at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        completed(mine, at, **changes)
    assert refusal.value.field == field
    mine.refresh_from_db()
    assert mine.state == Referral.State.CLAIMED
    assert deadline_of(mine).state == Deadline.State.RUNNING


def test_nothing_to_share_is_untrue_once_something_was(mine: Referral, at: datetime) -> None:
    shared(mine, at)
    with pytest.raises(InvalidInput, match="Something was shared"):
        completed(mine, at, outcome="nothing_to_share")


def test_a_stale_page_is_refused_with_both_versions(mine: Referral, at: datetime) -> None:
    with pytest.raises(Stale) as refusal:
        completed(mine, at, version=mine.version - 1)
    assert refusal.value.theirs == {"grade": "Medium", "with": "M. Castellanos"}
    assert refusal.value.yours["words"] == "D. Marsh rings her each Monday."
    assert refusal.value.version == mine.version


@pytest.mark.parametrize("who", ["worker_b", "manager", "officer"])
def test_only_who_has_it_finishes(mine: Referral, at: datetime, who: str) -> None:
    with pytest.raises(PermissionDenied):
        completed(mine, at, actor=person(who))


def test_twice_is_refused(mine: Referral, at: datetime) -> None:
    completed(mine, at)
    mine.refresh_from_db()
    with pytest.raises(DomainError, match="was finished by"):
        completed(mine, at)
    assert sum(ReferralDay.objects.values_list("done", flat=True)) == 1


def test_tallies_equal_a_recount(db: None, at: datetime) -> None:
    for hours in (0, 30, 100):
        referral = claimed(a_referral(at - hours * HOUR), at - hours * HOUR)
        completed(referral, at)
    a_referral(at)
    kept = list(ReferralDay.objects.order_by("day").values_list())
    assert sum(row[1] for row in kept) == 4
    assert sum(row[2] for row in kept) == 3
    assert sum(row[3] for row in kept) == 2
    services.rebuild_tallies()
    assert list(ReferralDay.objects.order_by("day").values_list()) == kept


def test_rebuilding_mends_what_is_wrong(db: None, at: datetime) -> None:
    a_referral(at)
    right = list(ReferralDay.objects.values_list())
    ReferralDay.objects.update(arrived=7, done=3, done_in_time=2)
    ReferralDay.objects.create(day=at.date() - timedelta(days=9), arrived=4)
    services.rebuild_tallies()
    assert ReferralDay.objects.get(day=at.date() - timedelta(days=9)).arrived == 0
    assert list(ReferralDay.objects.filter(arrived__gt=0).values_list()) == right


def test_a_day_is_a_local_day(db: None) -> None:
    midnight_in_summer = datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    a_referral(midnight_in_summer)
    assert ReferralDay.objects.get().day.isoformat() == "2026-07-02"
    services.rebuild_tallies()
    assert ReferralDay.objects.get().day.isoformat() == "2026-07-02"

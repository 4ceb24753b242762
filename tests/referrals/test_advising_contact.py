"""The adviser's first contact, who stands in for them, who must not know, and the end of a case."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Absence, Team, User, Withholding
from core import clock, events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from referrals import services
from referrals.models import IdvaCase
from referrals.services.advising.allocating import let_go
from referrals.services.advising.locking import locked
from tests.factories import victims
from tests.factories.advising import accepted, contact, referred
from tests.personas import person, team
from tests.referrals.test_advising import clock as clock_of
from tests.referrals.test_advising import who_sees
from victims.events import Withheld
from victims.models import Victim, VictimAccess, VictimUpdate
from victims.services import News, owe_updates, set_responsible

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(db: None, at: datetime) -> IdvaCase:
    """R. Amadi has it; the client is texted between half past nine and half past two."""
    victim = victims.victim(grade="high", at=at - HOUR)
    victims.safe_contact(victim, at=at - HOUR)
    return accepted(at, victim=victim)


def reread(case: IdvaCase) -> IdvaCase:
    return IdvaCase.objects.get(pk=case.pk)


def first(case: IdvaCase) -> Deadline:
    return clock_of(case, "idva_first_contact")


def give_up(
    case: IdvaCase, at: datetime, by: str = "idva", words: str = "Left with the GP"
) -> None:
    services.give_up_idva_contact(
        case_id=case.pk, words=words, version=reread(case).version, actor=person(by), at=at
    )


@pytest.mark.parametrize("by", ["idva", "idva_manager"])
def test_reached_by_the_service(case: IdvaCase, at: datetime, by: str) -> None:
    spoke = at + HOUR
    contact(case, at + 2 * HOUR, by=person(by), outcome="reached", contacted_at=spoke)
    assert reread(case).first_contact_at == spoke
    assert (first(case).state, first(case).settled_at) == ("met", spoke)
    contact(case, at + 3 * HOUR, outcome="reached")
    assert reread(case).first_contact_at == spoke, "the first stays the first"


def test_reached_by_others_or_before_is_not_the_advisers_contact(
    case: IdvaCase, at: datetime
) -> None:
    contact(case, at + HOUR, by=person("worker"), outcome="reached")
    contact(case, at + HOUR, outcome="reached", contacted_at=at - timedelta(minutes=10))
    contact(case, at + HOUR, outcome="no_answer")
    assert reread(case).first_contact_at is None
    assert first(case).state == "running"


def test_reached_by_who_stands_in(case: IdvaCase, at: datetime) -> None:
    """Whoever works in the adviser's place is the adviser, also one of another team."""
    Absence.objects.create(
        person=person("idva"),
        cover=person("worker"),
        from_at=at,
        until_at=at + 5 * HOUR,
        recorded_by=person("idva"),
        recorded_at=at,
    )
    contact(case, at + HOUR, by=person("worker"), outcome="reached")
    assert reread(case).first_contact_at == at + HOUR


def test_given_up_after_three_attempts_by_the_safe_way(case: IdvaCase, at: datetime) -> None:
    contact(case, at + HOUR)
    contact(case, at + HOUR, by=person("worker"))
    contact(case, at + HOUR, way="call", other_way_reason="The text did not go")
    for missing in (2, 1):
        with pytest.raises(
            DomainError, match=rf"{missing} more attempt.*{3 - missing} of 3 so far"
        ):
            give_up(case, at + HOUR)
        contact(case, at + HOUR + (3 - missing) * DAY, by=person("idva_manager"))
    give_up(case, at + 2 * HOUR)
    now = reread(case)
    assert (now.gave_up_at, now.gave_up_words) == (at + 2 * HOUR, "Left with the GP")
    assert (now.state, first(case).state) == ("accepted", "cancelled")
    assert Notification.objects.filter(user=person("idva_manager"), level="warning").exists()
    with pytest.raises(AlreadyTaken):
        give_up(case, at + 3 * HOUR)
    contact(case, at + 3 * HOUR, outcome="reached")
    assert reread(case).first_contact_at == at + 3 * HOUR, "reached after all"


def test_giving_up_is_refused(case: IdvaCase, at: datetime) -> None:
    for _ in range(3):
        contact(case, at + HOUR)
    with pytest.raises(InvalidInput) as refusal:
        give_up(case, at + HOUR, words=" ")
    assert refusal.value.field == "words"
    with pytest.raises(PermissionDenied):
        give_up(case, at + HOUR, by="idva_b")
    with pytest.raises(Stale):
        services.give_up_idva_contact(
            case_id=case.pk, words="x", version=99, actor=person("idva"), at=at
        )
    contact(case, at + HOUR, outcome="reached")
    with pytest.raises(AlreadyTaken, match="reached meanwhile"):
        give_up(case, at + 2 * HOUR)


def test_passing_on_loses_no_attempt_and_no_time(case: IdvaCase, at: datetime) -> None:
    due = first(case).due_at
    contact(case, at + HOUR)
    contact(case, at + HOUR + DAY)
    services.pass_on_idva_case(
        case_id=case.pk,
        to=person("idva_b"),
        words="Texts only",
        version=case.version,
        actor=person("idva"),
        at=at + HOUR,
    )
    assert (first(case).owner, first(case).due_at) == (person("idva_b"), due)
    contact(case, at + HOUR + 2 * DAY, by=person("idva_b"))
    give_up(case, at + HOUR, by="idva_b")


def test_attempts_close_together_are_one(case: IdvaCase, at: datetime) -> None:
    """Three texts within the hour are one honest try."""
    for minutes in (0, 3, 59):
        contact(case, at + timedelta(minutes=minutes))
    with pytest.raises(DomainError, match="1 of 3 so far, each at least 4 hours after"):
        give_up(case, at + HOUR)


def test_who_stands_in_sees_and_works(case: IdvaCase, at: datetime) -> None:
    """From the beginning of the absence to its end, and nothing needs to run for it."""
    now = clock.now()
    absence = Absence.objects.create(
        person=person("idva"),
        cover=person("idva_b"),
        from_at=now - HOUR,
        until_at=now + HOUR,
        recorded_by=person("idva"),
        recorded_at=now,
    )
    assert who_sees(case.victim) == {"idva", "idva_b", "idva_manager"}
    services.pass_on_idva_case(
        case_id=case.pk,
        to=person("idva_manager"),
        words="She asked for somebody older.",
        version=case.version,
        actor=person("idva_b"),
        at=now,
    )
    assert who_sees(case.victim) == {"idva_manager"}
    Absence.objects.filter(pk=absence.pk).update(person=person("idva_manager"))
    assert who_sees(case.victim) == {"idva_b", "idva_manager"}
    waiting = referred(
        now, victim=victims.victim(given_name="Ada", family_name="Birch", grade="high", at=now)
    )
    services.accept_idva_case(
        case_id=waiting.pk, to=person("idva"), version=1, actor=person("idva_b"), at=now
    )
    Absence.objects.update(until_at=now - timedelta(minutes=1))
    assert who_sees(case.victim) == {"idva_manager"}


def withhold(case: IdvaCase, at: datetime, **whom: int) -> None:
    """As the register does: the row, and the fact."""
    actor = person("head")
    row = Withholding.objects.create(
        victim=case.victim, reason="His brother", set_by=actor, set_at=at, **whom
    )
    fact = {"person_id": None, "agency_id": None, **whom}
    events.announce(
        Withheld(withholding_id=row.pk, victim_id=case.victim_id, actor=actor, at=at, **fact)
    )


def test_who_must_not_know_is_never_given_it(case: IdvaCase, at: datetime) -> None:
    withhold(case, at, person_id=person("idva_b").pk)
    barred, version = person("idva_b"), case.version
    steps: list[Callable[[], object]] = [
        lambda: services.allocate_idva_case(
            case_id=case.pk, to=barred, version=version, actor=person("idva_manager"), at=at
        ),
        lambda: services.pass_on_idva_case(
            case_id=case.pk, to=barred, words="x", version=version, actor=person("idva"), at=at
        ),
    ]
    for step in steps:
        with pytest.raises(InvalidInput) as refusal:
            step()
        assert refusal.value.field == "to"
    assert reread(case).owner == person("idva")


def test_withheld_from_the_adviser_it_goes_to_who_leads_at_once(
    case: IdvaCase, at: datetime
) -> None:
    withhold(case, at + HOUR, person_id=person("idva").pk)
    now = reread(case)
    assert (now.state, now.owner) == ("accepted", person("idva_manager"))
    assert who_sees(case.victim) == {"idva_manager"}
    victim = Victim.objects.get(pk=case.victim_id)
    assert victim.contact_owner == victim.plan_owner == person("idva_manager")
    assert first(case).owner == person("idva_manager")
    assert not VictimAccess.objects.filter(person=person("idva"), ended_at=None).exists()


def test_withheld_from_who_leads_another_leader_has_it(case: IdvaCase, at: datetime) -> None:
    second = User.objects.create_user("second", name="E. Second", team=team("idva"))
    second.groups.set(person("idva_manager").groups.all())
    waiting = referred(
        at, victim=victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    )
    withhold(waiting, at, person_id=person("idva_manager").pk)
    assert reread(waiting).owner == second
    with pytest.raises(PermissionDenied):
        services.accept_idva_case(
            case_id=waiting.pk, version=2, actor=person("idva_manager"), at=at
        )
    services.accept_idva_case(case_id=waiting.pk, version=2, actor=second, at=at)


@pytest.mark.parametrize("answered", [True, False])
def test_withheld_from_the_service_it_is_over_and_the_unit_has_them(
    case: IdvaCase, at: datetime, answered: bool
) -> None:
    mine = case
    if not answered:
        mine = referred(
            at, victim=victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
        )
    withhold(mine, at, agency_id=team("idva").agency_id)
    assert reread(mine).state == ("closed" if answered else "refused")
    assert who_sees(mine.victim) == set()
    victim = Victim.objects.get(pk=mine.victim_id)
    assert victim.contact_team.kind == ("maru" if answered else "response")
    assert not Deadline.objects.open().of(mine).exists()
    assert Notification.objects.filter(user=person("worker"), reference=mine.reference).exists()


def test_the_end_of_a_case(case: IdvaCase, at: datetime) -> None:
    """Sight ends; contact and plan go back to the unit, and what hangs from them with it."""
    set_responsible(
        victim_id=case.victim_id, person=person("worker"), duties=["plan"], actor=case.owner, at=at
    )
    let_go(locked(case.pk), "Support is complete", case.owner, at + HOUR)
    assert who_sees(case.victim) == set()
    victim = Victim.objects.get(pk=case.victim_id)
    assert (victim.contact_owner, victim.contact_team) == (None, team("maru"))
    assert victim.plan_owner == person("worker"), "what somebody else has stays theirs"
    assert first(case).state == "cancelled"
    assert not VictimUpdate.objects.filter(owner=person("idva")).exists()


def test_without_a_unit_the_victim_goes_back_to_who_referred(case: IdvaCase, at: datetime) -> None:
    Team.objects.filter(kind="maru").update(kind="partner")
    let_go(locked(case.pk), "Support is complete", case.owner, at)
    assert Victim.objects.get(pk=case.victim_id).contact_team == person("worker").team


def test_another_reason_to_see_outlives_the_case(case: IdvaCase, at: datetime) -> None:
    VictimAccess.objects.create(
        victim=case.victim,
        person=person("idva"),
        why="given",
        reason="Asked by the court",
        given_by=person("idva_manager"),
        from_at=at,
    )
    let_go(locked(case.pk), "Support is complete", case.owner, at)
    assert who_sees(case.victim) == {"idva", "idva_manager"}


def test_what_is_owed_to_the_victim_goes_with_contact(
    case: IdvaCase, at: datetime, people: Callable[[str], User]
) -> None:
    [owed] = owe_updates(
        news=[News(case.victim_id, "release", "Released", at, "victims.victim", 1)],
        actor=people("custody"),
        at=at,
    )
    assert owed.owner == person("idva")
    let_go(locked(case.pk), "Support is complete", case.owner, at)
    owed.refresh_from_db()
    assert owed.owner is None
    assert owed.team == team("maru")

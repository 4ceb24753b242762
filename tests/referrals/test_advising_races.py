"""Two at once about one case of the IDVA service: one gets it; none sees whom they must not."""

import threading
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User, Withholding
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from referrals import services
from referrals.models import IdvaCase, SupportNeed
from referrals.services.advising.closing import NotReady
from tests.factories import victims
from tests.factories.advising import accepted, referred
from tests.marks import committed
from tests.personas import person, team
from tests.referrals.test_case_closing import closed
from tests.referrals.test_case_work import need, reviewed
from tests.referrals.test_races import at_once
from victims.events import Withheld
from victims.models import Victim, VictimAccess
from victims.services import end_all_access

HOUR = timedelta(hours=1)


def second_manager() -> User:
    other = User.objects.create_user("second", name="E. Second", team=team("idva"))
    other.groups.set(person("idva_manager").groups.all())
    return other


@committed
def test_two_managers_accept_and_allocate_at_once(at: datetime) -> None:
    case, second = referred(at), second_manager()
    first, idva, idva_b = person("idva_manager"), person("idva"), person("idva_b")
    results = at_once(
        lambda: services.accept_idva_case(case_id=case.pk, to=idva, version=1, actor=first, at=at),
        lambda: services.accept_idva_case(
            case_id=case.pk, to=idva_b, version=1, actor=second, at=at
        ),
    )
    [won] = [one for one in results if isinstance(one, IdvaCase)]
    [lost] = [one for one in results if isinstance(one, AlreadyTaken)]
    assert str(won.answered_by) in lost.message
    results = at_once(
        *(
            lambda who=who: services.allocate_idva_case(
                case_id=case.pk, to=who, version=won.version, actor=first, at=at
            )
            for who in (second, first)
        )
    )
    assert sorted(type(one).__name__ for one in results) == ["IdvaCase", "Stale"]
    [standing] = VictimAccess.objects.filter(ended_at=None)
    assert standing.person == IdvaCase.objects.get().owner


@committed
def test_referred_twice_at_once_is_one_case(at: datetime) -> None:
    referred(at)
    victim = victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    worker, other = person("worker"), person("worker_b")
    results = at_once(
        lambda: referred(at, victim=victim, actor=worker),
        lambda: referred(at, victim=victim, actor=other),
    )
    assert sorted(type(one).__name__ for one in results) == ["AlreadyTaken", "IdvaCase"]
    assert IdvaCase.objects.open().filter(victim=victim).count() == 1


def withhold(case: IdvaCase, adviser: User, actor: User, at: datetime) -> None:
    """As the register does: the row, the end of what they see, and the fact."""
    with transaction.atomic():
        row = Withholding.objects.create(
            victim=case.victim, person=adviser, reason="His brother", set_by=actor, set_at=at
        )
        end_all_access(
            victim_id=case.victim_id,
            person_ids=[adviser.pk],
            because="Withheld",
            actor=actor,
            at=at,
        )
        events.announce(Withheld(row.pk, case.victim_id, adviser.pk, None, actor=actor, at=at))


@committed
def test_allocated_while_it_is_withheld(at: datetime) -> None:
    """Whichever comes first: in the end the adviser neither has the case nor sees the victim."""
    case, manager, actor = accepted(at), person("idva_manager"), person("head")
    barred = person("idva_b")
    results = at_once(
        lambda: services.allocate_idva_case(
            case_id=case.pk, to=barred, version=case.version, actor=manager, at=at
        ),
        lambda: withhold(case, barred, actor, at),
    )
    assert all(one is None or isinstance(one, IdvaCase | InvalidInput) for one in results)
    now = IdvaCase.objects.get()
    assert now.owner != barred
    assert not Victim.objects.visible_to(User.objects.get(pk=barred.pk)).exists()
    assert Victim.objects.get(pk=case.victim_id).contact_owner != barred


@committed
def test_allocation_waits_for_a_withholding_and_is_refused(at: datetime) -> None:
    """Not by luck of timing: it is withheld before, and commits after the allocation has begun."""
    case, manager, actor = accepted(at), person("idva_manager"), person("head")
    barred, holds, may_commit = person("idva_b"), threading.Event(), threading.Event()

    def withholds() -> None:
        with transaction.atomic():
            withhold(case, barred, actor, at)
            holds.set()
            may_commit.wait(10)

    def allocates() -> IdvaCase:
        holds.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        return services.allocate_idva_case(
            case_id=case.pk, to=barred, version=case.version, actor=manager, at=at
        )

    _, refusal = at_once(withholds, allocates)
    assert isinstance(refusal, InvalidInput)
    assert refusal.field == "to"


@committed
def test_passed_on_and_allocated_at_once(at: datetime) -> None:
    case, manager, adviser = accepted(at), person("idva_manager"), person("idva")
    to, later = person("idva_b"), at + HOUR
    results = at_once(
        lambda: services.pass_on_idva_case(
            case_id=case.pk, to=to, words="x", version=case.version, actor=adviser, at=later
        ),
        lambda: services.allocate_idva_case(
            case_id=case.pk, to=manager, version=case.version, actor=manager, at=later
        ),
    )
    assert sum(isinstance(one, IdvaCase) for one in results) == 1
    [standing] = VictimAccess.objects.filter(ended_at=None)
    assert standing.person == IdvaCase.objects.get().owner


@committed
def test_closed_while_something_is_added(at: datetime) -> None:
    """Whichever comes first: no need stays open behind a closed case, and no contact after it."""
    case, adviser, later = accepted(at), person("idva"), at + HOUR
    reviewed(case, later, closing=True)
    results = at_once(
        lambda: closed(case, later),
        lambda: need(case, later),
    )
    done = IdvaCase.objects.get()
    if done.state == IdvaCase.State.CLOSED:
        assert not SupportNeed.objects.exists()
        assert isinstance(results[1], DomainError | PermissionDenied)
        return
    assert isinstance(results[0], NotReady)
    assert SupportNeed.objects.get().opened_by == adviser


@committed
def test_a_need_waits_for_the_closing_and_is_refused(at: datetime) -> None:
    """Not by luck of timing: the closing commits only after the need was begun."""
    case, closes, may_commit = accepted(at), threading.Event(), threading.Event()
    reviewed(case, at + HOUR, closing=True)

    def closing() -> None:
        with transaction.atomic():
            closed(case, at + HOUR)
            closes.set()
            may_commit.wait(10)

    def adds() -> object:
        closes.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        return need(case, at + HOUR)

    _, refusal = at_once(closing, adds)
    assert isinstance(refusal, DomainError | PermissionDenied)
    assert not SupportNeed.objects.exists()

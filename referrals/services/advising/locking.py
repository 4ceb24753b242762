"""Holding a case of the IDVA service while it is changed."""

from accounts.models import User
from core.errors import AlreadyTaken, DomainError, Stale
from referrals.models import IdvaCase
from victims.models import Victim

State = IdvaCase.State


def locked(case_id: int) -> IdvaCase:
    """The case, locked until the transaction ends, with the person and the team that have it.

    The victim first, everywhere: allocating a case, withdrawing access and passing a duty then wait
    for one another.
    """
    victim_id = IdvaCase.objects.values_list("victim_id", flat=True).get(pk=case_id)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    IdvaCase.objects.select_for_update(no_key=True).get(pk=case_id)
    case = IdvaCase.objects.select_related(
        "owner__team", "team", "referred_by", "answered_by", "closed_by"
    ).get(pk=case_id)
    case.victim = victim
    return case


def require_waiting(case: IdvaCase) -> None:
    """Raises AlreadyTaken for one that is answered already, saying by whom and how."""
    if case.state != State.REFERRED:
        answer = "did not accept" if case.state == State.REFUSED else "accepted"
        raise AlreadyTaken(f"{case.answered_by} {answer} {case.reference} already.")


def require_supported(case: IdvaCase) -> None:
    """Raises DomainError for a case that waits for its answer, or that is over."""
    if case.state == State.REFERRED:
        raise DomainError(f"{case.reference} waits for an answer. Accept it first.")
    if case.state != State.ACCEPTED:
        raise DomainError(f"{case.reference} is over: {case.get_state_display().lower()}.")


def refuse_stale(case: IdvaCase, version: int, yours: dict[str, str]) -> None:
    """Raises Stale, with who has the case now, where it changed since `version` was read."""
    if case.version == version:
        return
    theirs = {"state": case.get_state_display(), "owner": str(case.owner)}
    raise Stale(
        f"{case.reference} changed after you opened this: {case.owner} has it. "
        "Look at both, then send yours again.",
        theirs=theirs,
        yours=yours,
        version=case.version,
    )


def is_held_by(case: IdvaCase, person: User) -> bool:
    return case.owner_id == person.pk

"""What registers of higher apps tell a look-up: orders and bail, open conference actions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User

#: What can be told, each by whatever app keeps a register of it.
ORDERS, CONFERENCES = "orders", "conferences"
SUBJECTS = (ORDERS, CONFERENCES)


@dataclass(frozen=True)
class Asked:
    """Whom and what a register is asked about: only those who are surely meant."""

    person_ids: tuple[int, ...]
    #: Those complained of in incidents here or with these people.
    perpetrator_ids: tuple[int, ...]
    address_id: int | None
    at: datetime
    reader: User


@dataclass(frozen=True)
class Told:
    """One thing in force, in words that stand by themselves; `url` leads to it where it has one."""

    words: str
    #: Whom it is about: what is told of somebody set aside is left out with them.
    person_id: int | None = None
    reference: str = ""
    url: str = ""
    is_alarming: bool = True


#: One query at most; called once a look-up, when there is somebody or somewhere to ask about.
Teller = Callable[[Asked], Iterable[Told]]

_tellers: dict[str, list[Teller]] = {}


def register(subject: str, teller: Teller) -> Teller:
    """Let an app tell what its register holds. Raises ValueError for a subject nobody asks about.

    `subject` is ORDERS or CONFERENCES. Once anybody registers, silence means that there is none.
    """
    if subject not in SUBJECTS:
        raise ValueError(f"nobody asks about {subject!r}")
    tellers = _tellers.setdefault(subject, [])
    if teller not in tellers:
        tellers.append(teller)
    return teller


def is_kept(subject: str) -> bool:
    """Whether any register of this is kept: without one, nothing told does not mean none."""
    return bool(_tellers.get(subject))


def told_of(subject: str, asked: Asked) -> tuple[Told, ...]:
    """All that is told, in the order of the registers."""
    if not (asked.person_ids or asked.perpetrator_ids or asked.address_id):
        return ()
    return tuple(each for teller in _tellers.get(subject, ()) for each in teller(asked))

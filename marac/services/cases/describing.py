"""What the return asks of a case; not known is an answer, never guessed."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import DomainError, InvalidInput
from marac import near
from marac.models import MaracCase
from marac.permissions import can_describe
from marac.services.cases.deciding import refuse_stale
from marac.services.cases.proposing import MOST_CHILDREN
from marac.services.cases.telling import record
from marac.services.locking import locked_case

#: What is said of a case for the return.
DESCRIBED = ("minority_ethnic", "lgbt", "disability", "children")


@transaction.atomic
def describe_case(
    *,
    case_id: int,
    minority_ethnic: str,
    lgbt: str,
    disability: str,
    children: int,
    version: int,
    actor: User,
    at: datetime,
) -> MaracCase:
    """Say what the national return counts of the victim: each yes, no or not known.

    The same again changes nothing. Raises PermissionDenied; Stale; InvalidInput at the field;
    DomainError once the case is over.
    """
    case = locked_case(case_id)
    if not can_describe(actor):
        raise PermissionDenied("Your role does not describe cases of a conference.")
    near.require_open_to(actor, case)
    said = {"minority_ethnic": minority_ethnic, "lgbt": lgbt, "disability": disability}
    for field, value in said.items():
        if value not in MaracCase.Answer.values:
            raise InvalidInput("Say yes, no or not known.", field=field)
    if not 0 <= children <= MOST_CHILDREN:
        raise InvalidInput(f"Give a number from 0 to {MOST_CHILDREN}.", field="children")
    if not case.is_open:
        raise DomainError(f"{case.reference} is over: {case.get_state_display().lower()}.")
    now: dict[str, object] = {**said, "children": children}
    before = {name: getattr(case, name) for name in now}
    if before == now:
        return case
    refuse_stale(case, version, now)
    for name, new in now.items():
        setattr(case, name, new)
    case.version += 1
    case.save(update_fields=[*now, "version"])
    detail = {"before": before, "after": now}
    record(case, "described", f"What the return asks of {case.reference}", actor, at, detail)
    return case

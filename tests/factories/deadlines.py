"""Deadlines of kinds that only tests know, for subjects that need nothing else (areas)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from accounts.models import Area
from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines import kinds, services
from deadlines.models import Deadline
from tests.personas import person

KIND, PAUSABLE = "test_visit", "test_enquiry"
HOURS = 10

#: Subject ids that are done, and ids at which asking fails; cleared by the fixture `duties`.
done: set[int] = set()
poisonous: set[int] = set()
_numbers = count(1)


def _ten_hours(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=HOURS)


def _still_owed(ids: Sequence[int]) -> set[int]:
    if not poisonous.isdisjoint(ids):
        raise RuntimeError("the subject cannot be read")
    return set(ids) - done


def _kind(code: str, name: str, *, may_pause: bool = False) -> kinds.Kind:
    return kinds.register(
        kinds.Kind(
            code=code,
            name=name,
            subject_type="accounts.area",
            url_name="test:nowhere",
            allowance=_ten_hours,
            source="force policy",
            runs_from="the call",
            ladder=(
                (kinds.OWNER,),
                (kinds.TEAM_SUPERVISOR,),
                (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
            ),
            still_owed=_still_owed,
            may_pause=may_pause,
        )
    )


VISIT = _kind(KIND, "Visit")
ENQUIRY = _kind(PAUSABLE, "Enquiry", may_pause=True)


def subject() -> Area:
    """Something to have a duty for."""
    return Area.objects.create(name=f"Place {next(_numbers)}")


def duty(
    *, started_at: datetime, at: datetime | None = None, kind: str = KIND, **fields: Any
) -> tuple[Area, Deadline]:
    """A subject and its running deadline, due ten hours after it started; PC Hale has it."""
    place = fields.pop("subject", None) or subject()
    owner = fields.pop("owner", None) or person("officer")
    row = services.start(
        kind=kind,
        subject=place,
        reference=f"TE-2026-{place.pk:06d}",
        started_at=started_at,
        at=at or started_at,
        actor=owner,
        owner=owner,
        **{"victim_id": None, "team": owner.team, **fields},
    )
    return place, row

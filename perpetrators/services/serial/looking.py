"""When it is looked: at once when an incident gains somebody, and every night for everybody."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from core import policy
from core.clock import months_before
from incidents.models import Involvement
from perpetrators.models import SerialRecognition
from perpetrators.services.serial.counting import count
from perpetrators.services.serial.keeping import keep

log = logging.getLogger(__name__)

BATCH = 1_000

#: Those complained of since an instant, in order of their numbers, so many at a time: one short
#: scan of an index for each, however many incidents they have.
_STEP = """
SELECT p.id FROM victims_person p
 CROSS JOIN LATERAL (
       SELECT FROM incidents_involvement i
        WHERE i.person_id = p.id AND i.role = 'perpetrator' AND i.received_at > %(since)s
        LIMIT 1) accused
 WHERE p.id > %(after)s
 ORDER BY p.id LIMIT %(batch)s
"""


@dataclass(frozen=True)
class Passed:
    """What a pass over everybody came to."""

    looked_at: int
    found: int
    ended: int


def look_again(*, incident_id: int, actor: User, at: datetime) -> None:
    """Look at those complained of in an incident, once what added them is committed.

    After the commit, since of two incidents that name the same person at once neither sees the
    other's victim before: whoever commits last sees both. It delays no call and can fail none; what
    a crash lost the night finds. Four short reads for most calls: somebody with one victim.
    """
    transaction.on_commit(lambda: _look(incident_id=incident_id, actor=actor, at=at), robust=True)


def _look(*, incident_id: int, actor: User, at: datetime) -> None:
    accused = Involvement.objects.filter(incident=incident_id, role=Involvement.Role.PERPETRATOR)
    look_at(person_ids=set(accused.values_list("person_id", flat=True)), actor=actor, at=at)


def look_at(*, person_ids: Collection[int], actor: User, at: datetime) -> None:
    """Write what is different for these people; nothing is locked while nobody is serial."""
    rules = policy.at(at)
    counted = count(person_ids, at=at, rules=rules)
    serial = {pk for pk, one in counted.items() if one.count >= rules.serial_victims}
    if serial:
        keep(person_ids=serial, actor=actor, at=at)


def find_all(*, at: datetime, actor: User, batch: int = BATCH) -> Passed:
    """Look at everybody who was complained of in the policy's years, and at who was serial so far.

    So many at a time, each part a transaction of its own: what was committed stays when it is
    interrupted, and a second pass changes nothing.
    """
    rules = policy.at(at)
    looked_at = found = ended = 0
    for people in _steps(at, 12 * rules.serial_years, batch):
        looked_at += len(people)
        counted = count(people, at=at, rules=rules)
        serial = {pk for pk, one in counted.items() if one.count >= rules.serial_victims}
        if serial:
            found += len(keep(person_ids=serial, actor=actor, at=at).found)
    for people in _not_looked_at(at, batch):
        looked_at += len(people)
        ended += len(keep(person_ids=people, actor=actor, at=at).ended)
    return Passed(looked_at, found, ended)


def _steps(at: datetime, months: int, batch: int) -> Iterator[list[int]]:
    after, since = 0, months_before(at, months)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_STEP, {"after": after, "since": since, "batch": batch})
            people = [pk for (pk,) in cursor.fetchall()]
        if not people:
            return
        yield people
        after = people[-1]


def _not_looked_at(at: datetime, batch: int) -> Iterator[list[int]]:
    """Who stood before this pass and was not counted in it: they are to end."""
    after = 0
    while True:
        rows = SerialRecognition.objects.standing().filter(pk__gt=after, looked_at__lt=at)
        some = list(rows.order_by("pk").values_list("pk", "person_id")[:batch])
        if not some:
            return
        yield [person_id for _, person_id in some]
        after = some[-1][0]

"""Recognitions kept in step with what is on record: found, changed, ended, each in the audit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core import events, policy
from core.policy import ForcePolicy
from deadlines import bulk
from perpetrators.deadlines.management import PLAN_DUE, PLAN_DUE_KIND
from perpetrators.events import SerialPerpetratorRecognised
from perpetrators.models import SerialRecognition
from perpetrators.services.serial.alike import alike_to
from perpetrators.services.serial.counting import Counted, count
from perpetrators.services.serial.planners import planners_of
from victims.models import Person

_WRITTEN = ["alike", "victim_count", "looked_at", "basis", "ended_at", "told_with"]
#: "No more" in an audit line, a page's words and a cancelled deadline.
NO_MORE = "No longer a serial perpetrator by the force policy"
BATCH = 1_000

_Through = SerialRecognition.victims.through


@dataclass
class Kept:
    """What one look changed, by the numbers of people."""

    found: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


@transaction.atomic
def keep(*, person_ids: Collection[int], actor: User, at: datetime) -> Kept:
    """Count these people and the records like theirs anew, and write what is different.

    Who reaches the policy's number is recognised (SerialPerpetratorRecognised, and a plan is owed);
    who falls below it is so no longer. Twice changes nothing. The number of statements does not
    depend on how many people are given, but for the events announced.
    """
    rules = policy.at(at)
    touched = _locked(person_ids)
    counted = count(touched, at=at, rules=rules)
    rows = {
        row.person_id: row
        for row in SerialRecognition.objects.filter(person__in=touched).order_by("pk")
    }
    kept, said = Kept(), list[AuditEvent]()
    for _, one in sorted(counted.items()):
        _weigh(one, rows, kept, said, rules=rules, actor=actor, at=at)
    _write(counted, rows, kept, rules)
    audit.record_many(said)
    sync_plan_duty(
        [row.pk for row in rows.values()],
        {rows[pk].pk: one.area_id for pk, one in counted.items() if pk in rows},
        actor=actor,
        at=at,
        rules=rules,
    )
    for pk in kept.found:
        if rows[pk].told_with_id is None:
            events.announce(
                SerialPerpetratorRecognised(
                    person_id=pk, victim_ids=counted[pk].victim_ids, actor=actor, at=at
                )
            )
    return kept


def _locked(person_ids: Collection[int]) -> set[int]:
    """Those people and everybody like them, held until the end: of two looks the second sees what
    the first wrote. In order of their numbers, so that nobody waits in a circle."""
    alike = alike_to(person_ids)
    touched = set(person_ids) | {other for others in alike.values() for other in others}
    people = Person.objects.filter(pk__in=touched).order_by("pk")
    return set(people.select_for_update(no_key=True).values_list("pk", flat=True))


def _weigh(
    one: Counted,
    rows: dict[int, SerialRecognition],
    kept: Kept,
    said: list[AuditEvent],
    *,
    rules: ForcePolicy,
    actor: User,
    at: datetime,
) -> None:
    """What the count makes of one person; `rows` gains a row for whoever is new."""
    row, is_serial = rows.get(one.person_id), one.count >= rules.serial_victims
    if row is None and not is_serial:
        return
    was = row.victim_count if row is not None and row.ended_at is None else None
    if row is None:
        row = SerialRecognition(person_id=one.person_id, first_found_at=at)
        rows[one.person_id] = row
    row.looked_at = at
    if was is None and not is_serial:
        return
    verb, headline = _news(was, one.count, is_serial=is_serial, basis=one.basis(rules))
    where = {"recognised": kept.found, "ended": kept.ended, "counted": kept.changed}.get(verb)
    row.victim_count, row.basis = one.count, one.basis(rules)
    row.alike = [[other.reference, why] for other, why in one.alike]
    row.ended_at = None if is_serial else at
    if where is None:
        return
    where.append(one.person_id)
    said.append(
        audit.event(
            actor=actor,
            at=at,
            verb=f"serial.{verb}",
            headline=headline,
            subject=one.record.reference,
            is_grave=verb == "recognised",
            detail={"basis": row.basis, "before": was, "alike": row.alike},
        )
    )


def _news(was: int | None, now: int, *, is_serial: bool, basis: str) -> tuple[str, str]:
    """Verb and headline of what became different; no verb where nothing did."""
    if not is_serial:
        return "ended", f"{NO_MORE}: {basis}"
    if was is None:
        return "recognised", f"Serial perpetrator: {basis}"
    if was != now:
        return "counted", f"Serial perpetrator: {basis}; before, {was}"
    return "", ""


def _write(
    counted: Mapping[int, Counted],
    rows: Mapping[int, SerialRecognition],
    kept: Kept,
    rules: ForcePolicy,
) -> None:
    new = [row for row in rows.values() if row.pk is None]
    SerialRecognition.objects.bulk_create(new, batch_size=BATCH)
    for pk, row in rows.items():
        lead = _lead(counted[pk], counted, rules) if pk in counted else None
        row.told_with = rows[lead] if lead is not None and lead != pk else None
    SerialRecognition.objects.bulk_update(rows.values(), _WRITTEN, batch_size=BATCH)
    _write_victims(counted, rows)


def _lead(one: Counted, counted: Mapping[int, Counted], rules: ForcePolicy) -> int | None:
    """Whose row stands for one human being: the record with the most victims, then the oldest."""
    serial = [
        counted[pk]
        for pk in one.group
        if pk in counted and counted[pk].count >= rules.serial_victims
    ]
    if one.count < rules.serial_victims:
        return None
    return max(serial, key=lambda other: (other.count, -other.person_id)).person_id


def _write_victims(counted: Mapping[int, Counted], rows: Mapping[int, SerialRecognition]) -> None:
    wanted = {
        (row.pk, victim_id)
        for pk, row in rows.items()
        if pk in counted
        for victim_id in counted[pk].victim_ids
    }
    there = {
        (recognition_id, victim_id): pk
        for pk, recognition_id, victim_id in _Through.objects.filter(
            serialrecognition__in=[row.pk for row in rows.values()]
        ).values_list("pk", "serialrecognition_id", "victim_id")
    }
    _Through.objects.filter(pk__in=[there[key] for key in there.keys() - wanted]).delete()
    _Through.objects.bulk_create(
        [
            _Through(serialrecognition_id=recognition_id, victim_id=victim_id)
            for recognition_id, victim_id in sorted(wanted - there.keys())
        ],
        batch_size=BATCH,
    )


def sync_plan_duty(
    recognition_ids: Sequence[int],
    areas: Mapping[int, int | None],
    *,
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    """A plan is owed for exactly those who are serial and have none: starts and cancels.

    `areas`: where the newest complaint was, by recognition, for who is to plan.
    """
    rows = SerialRecognition.objects.unplanned().filter(pk__in=recognition_ids)
    owed = {row.pk: row for row in rows.select_related("person")}
    planners = planners_of({areas.get(pk) for pk in owed})
    due_at = PLAN_DUE_KIND.due(at, rules)
    bulk.start_many(
        kind=PLAN_DUE,
        runs=[
            bulk.Run(
                subject_id=pk,
                reference=row.person.reference,
                victim_id=None,
                team_id=planners[areas.get(pk)].team_id,
                owner_id=planners[areas.get(pk)].leader_id,
                started_at=at,
                due_at=due_at,
                basis=PLAN_DUE_KIND.basis(at, rules),
            )
            for pk, row in sorted(owed.items())
        ],
        actor=actor,
        at=at,
        rules=rules,
    )
    _cancel(set(recognition_ids) - owed.keys(), actor=actor, at=at)


def _cancel(recognition_ids: Iterable[int], *, actor: User, at: datetime) -> None:
    bulk.cancel_many(
        kind=PLAN_DUE,
        subject_ids=recognition_ids,
        reason=f"{NO_MORE}, or told with another record, or planned.",
        actor=actor,
        at=at,
    )

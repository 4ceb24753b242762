"""Runs from an arrest to its end: found or begun, and brought to what their events add up to."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection

from accounts.models import User
from core import references
from core.references import Kind as Reference
from incidents.models import Involvement
from perpetrators.folding import Folded, fold
from perpetrators.messages import HERE, Message, from_content
from perpetrators.models import CustodyEpisode, CustodyEvent
from perpetrators.services.receiving.deliveries import Delivery, Overtaken
from perpetrators.services.receiving.whom import named_runs, numbered_runs


def join(
    deliveries: Sequence[Delivery], twins: Mapping[tuple[str, str], int], *, at: datetime
) -> dict[int, Folded]:
    """Give every delivery its run, in the database too; what each run adds up to, by its number.

    A message whose run nobody knows yet joins that of its twin (run numbers by message key), which
    then has the number that the message gives. The people are locked by the caller, so nobody else
    changes their runs meanwhile. Raises Overtaken where a run turns out to be another person's.
    """
    known = _known_runs(deliveries)
    _join_twins(deliveries, twins, known)
    begun: dict[tuple[str, ...], CustodyEpisode] = {}
    for one in deliveries:
        key = _key(one.message)
        run = known.get(key) or begun.get(key)
        if run is None:
            run = begun[key] = CustodyEpisode(person_id=one.person_id)
            _name(run, one.message)
        if run.person_id != one.person_id:
            raise Overtaken
        one.episode = run
    _number(list(begun.values()), at)
    folded = _fold(deliveries, {row.pk for row in known.values()}, at)
    _write(deliveries, folded, {row.pk for row in begun.values()})
    return folded


def _known_runs(deliveries: Sequence[Delivery]) -> dict[tuple[str, ...], CustodyEpisode]:
    messages = [one.message for one in deliveries]
    by_number: dict[tuple[str, ...], CustodyEpisode]
    by_number = {("number", row.system, row.custody_number): row for row in numbered_runs(messages)}
    by_name = {("ours", row.reference): row for row in named_runs(messages)}
    # Named by our reference and by its own number a run is still one row.
    by_pk = {row.pk: row for row in by_number.values()}
    return {**by_number, **{key: by_pk.get(row.pk, row) for key, row in by_name.items()}}


def _join_twins(
    deliveries: Sequence[Delivery],
    twins: Mapping[tuple[str, str], int],
    known: dict[tuple[str, ...], CustodyEpisode],
) -> None:
    wanted = {
        _key(one.message): twins[one.message.key]
        for one in deliveries
        if one.message.key in twins and _key(one.message) not in known
    }
    if not wanted:
        return
    rows = CustodyEpisode.objects.in_bulk(set(wanted.values()))
    same = {row.pk: row for row in known.values()}
    for one in deliveries:
        key = _key(one.message)
        run = rows.get(wanted.get(key, 0))
        if run is None or key in known:
            continue
        run = same.setdefault(run.pk, run)
        if one.message.system != HERE:
            if run.custody_number:
                continue
            _name(run, one.message)
        known[key] = run


def _key(message: Message) -> tuple[str, ...]:
    if message.episode:
        return ("ours", message.episode)
    if message.custody_number:
        return ("number", message.system, message.custody_number)
    return ("itself", *message.key)


def _name(run: CustodyEpisode, message: Message) -> None:
    if message.system != HERE:
        run.system, run.custody_number = message.system, message.custody_number


def _number(begun: Sequence[CustodyEpisode], at: datetime) -> None:
    places = references.reserve([(Reference.CUSTODY, CustodyEpisode)] * len(begun), at)
    for run, place in zip(begun, places, strict=True):
        run.reference, run.pk = place.reference, place.pk


def _fold(deliveries: Sequence[Delivery], known: set[int], at: datetime) -> dict[int, Folded]:
    events = _earlier(known, at) if known else {}
    for one in deliveries:
        assert one.episode is not None
        events.setdefault(one.episode.pk, []).append(one.message)
    folded = {pk: fold(messages) for pk, messages in events.items()}
    for one in deliveries:
        assert one.episode is not None
        one.found_held = one.message.key in folded[one.episode.pk].found_held
    return folded


def _earlier(run_ids: set[int], at: datetime) -> dict[int, list[Message]]:
    rows = CustodyEvent.objects.filter(episode__in=run_ids).values_list("episode_id", "content")
    earlier: dict[int, list[Message]] = {}
    for run_id, content in rows:
        assert run_id is not None
        earlier.setdefault(run_id, []).append(from_content(content, at=at))
    return earlier


def _write(deliveries: Sequence[Delivery], folded: Mapping[int, Folded], begun: set[int]) -> None:
    runs = {one.episode.pk: one.episode for one in deliveries if one.episode}
    incidents = _incidents(deliveries)
    investigators = _investigators(folded.values())
    for pk, run in runs.items():
        run.incident_id = run.incident_id or incidents.get(pk)
        _take_over(run, folded[pk])
        named = [investigators[name] for name in folded[pk].investigators if name in investigators]
        if named:
            run.investigator_id = named[-1]
    new = [run for pk, run in sorted(runs.items()) if pk in begun]
    CustodyEpisode.objects.bulk_create(new)
    changed = [run for pk, run in sorted(runs.items()) if pk not in begun]
    if changed:
        _update(changed)


def _take_over(run: CustodyEpisode, folded: Folded) -> None:
    run.state, run.state_since, run.began_at = folded.state, folded.since, folded.began_at
    run.held_at, run.offence = folded.where, folded.offence
    run.bail_until, run.bail_by_court = folded.bail_until, folded.bail_by_court
    run.bail_conditions = [{"kind": kind, "words": words} for kind, words in folded.conditions]


def _investigators(folded: Collection[Folded]) -> dict[str, int]:
    """Of the officers in the case that were named, those who work here; no query for none."""
    names = {name for one in folded for name in one.investigators}
    if not names:
        return {}
    return dict(
        User.objects.filter(username__in=names, is_active=True, is_system=False).values_list(
            "username", "pk"
        )
    )


def _incidents(deliveries: Sequence[Delivery]) -> dict[int, int]:
    """The incident that a run came of, where a message names one that the person took part in."""
    wanted = {one.message.incident for one in deliveries if one.message.incident}
    if not wanted:
        return {}
    rows = Involvement.objects.filter(
        incident__reference__in=wanted, person__in={one.person_id for one in deliveries}
    ).values_list("person_id", "incident__reference", "incident_id")
    known = {(person, reference): incident for person, reference, incident in rows}
    return {
        one.episode.pk: known[one.person_id, one.message.incident]
        for one in deliveries
        if one.episode and (one.person_id, one.message.incident) in known
    }


#: Columns that follow from a run's events, with their types.
_COLUMNS = {
    "id": "bigint",
    "system": "text",
    "custody_number": "text",
    "incident_id": "bigint",
    "investigator_id": "bigint",
    "state": "text",
    "state_since": "timestamptz",
    "began_at": "timestamptz",
    "held_at": "text",
    "offence": "text",
    "bail_until": "timestamptz",
    "bail_by_court": "boolean",
    "bail_conditions": "text",
}


def _update(runs: Sequence[CustodyEpisode]) -> None:
    """One statement for all: their new state, and one version more."""
    plain = [name for name in _COLUMNS if name != "bail_conditions"]
    taken: list[list[object]] = [[getattr(run, name) for run in runs] for name in plain]
    taken.append([json.dumps(run.bail_conditions) for run in runs])
    arrays = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
    sets = ", ".join(
        f"{name} = said.{name}{'::jsonb' if name == 'bail_conditions' else ''}"
        for name in _COLUMNS
        if name != "id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE perpetrators_custodyepisode run SET {sets}, version = run.version + 1 "  # noqa: S608
            f"FROM unnest({arrays}) AS said ({', '.join(_COLUMNS)}) WHERE run.id = said.id",
            taken,
        )

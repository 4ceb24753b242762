"""A photograph or document is added to an incident."""

import contextlib
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import DatabaseError, transaction

from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from incidents.models import Exhibit, FirstResponse, Incident
from incidents.models.exhibits import kept_in
from incidents.permissions import may_add_exhibit
from incidents.services.exhibits.contents import Kind, clean_name, look

MEGABYTE = 1_000_000
#: Files that are added together.
MOST_FILES = 10
LONGEST_WORDS = 300
LONGEST_REFERENCE = 40


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is said about a file. Without a reference it is numbered by who adds it: TH/3."""

    kind: str
    words: str
    person_id: int | None = None
    reference: str = ""


@dataclass(frozen=True)
class Added:
    """The exhibit, and whether the very same bytes were there before."""

    exhibit: Exhibit
    was_there: bool


def most_bytes(at: datetime) -> int:
    """The longest file that policy allows."""
    return policy.at(at).exhibit_megabytes * MEGABYTE


def add_exhibit(
    *, incident_id: int, file: "File[bytes]", about: Particulars, actor: User, at: datetime
) -> Added:
    """Keep one file: its bytes as they are, its type by its content, its SHA-256.

    The same bytes again for this incident give the exhibit that is there. It runs in a transaction
    of its own and never inside another: a file cannot be rolled back. Raises PermissionDenied,
    InvalidInput at `file`, `kind`, `words`, `person` or `reference`, and AlreadyTaken for a
    reference in use.
    """
    if not may_add_exhibit(actor):
        raise PermissionDenied("Only officers and the control room add photographs and documents.")
    data = _read(file, at)
    kind = look(data, file.name or "")
    about = _checked(about)
    name = uuid4().hex
    place = f"{name[:2]}/{name}"
    try:
        with transaction.atomic(durable=True):
            incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)
            digest = hashlib.sha256(data).hexdigest()
            there = Exhibit.objects.kept().filter(incident=incident, sha256=digest).first()
            if there is not None:
                return Added(there, was_there=True)
            exhibit = _new(incident, about, actor)
            exhibit.name, exhibit.content_type = (
                clean_name(file.name or "", kind),
                kind.content_type,
            )
            exhibit.size, exhibit.sha256, exhibit.uploaded_at = len(data), digest, at
            exhibit.file.name = kept_in().save(place, ContentFile(data))
            exhibit.save(force_insert=True)
            _record(exhibit, kind)
    except BaseException:
        _forget(place)
        raise
    return Added(exhibit, was_there=False)


def _read(file: "File[bytes]", at: datetime) -> bytes:
    """The bytes, never more than policy allows however long the file says it is."""
    most = most_bytes(at)
    file.seek(0)
    data = bytes(file.read(most + 1))
    if len(data) > most:
        raise InvalidInput(
            f"This file is larger than {most // MEGABYTE} MB, the most that can be added. Choose a "
            "smaller picture size, or send it in parts.",
            field="file",
        )
    return data


def _checked(about: Particulars) -> Particulars:
    if about.kind not in Exhibit.Kind.values:
        raise InvalidInput("Choose what it is.", field="kind")
    return replace(
        about,
        words=clean(about.words, field="words", longest=LONGEST_WORDS, required=True),
        reference=_checked_reference(about.reference),
    )


def _checked_reference(typed: str) -> str:
    reference = clean("".join(typed.split()), field="reference", longest=LONGEST_REFERENCE).upper()
    if reference and not re.fullmatch(r"[A-Z0-9]+([/-][A-Z0-9]+)*", reference):
        raise InvalidInput("A reference has letters, figures, / and -: TH/3.", field="reference")
    return reference


def _new(incident: Incident, about: Particulars, actor: User) -> Exhibit:
    """The row to be, of a locked incident."""
    people = incident.involvements.values_list("person", flat=True)
    if about.person_id is not None and about.person_id not in set(people):
        raise InvalidInput("Choose somebody who is named in this incident.", field="person")
    kept = Exhibit.objects.kept().filter(incident=incident)
    if about.reference and kept.filter(reference=about.reference).exists():
        raise AlreadyTaken(
            f"{about.reference} is another exhibit of this incident. Give the next number.",
            field="reference",
        )
    return Exhibit(
        incident=incident,
        person_id=about.person_id,
        kind=about.kind,
        words=about.words,
        reference=about.reference or _next_reference(incident, actor),
        uploaded_by=actor,
    )


def _next_reference(incident: Incident, actor: User) -> str:
    """Initials of who adds it and the first number never used: also not by a withdrawn one."""
    used = set(Exhibit.objects.filter(incident=incident).values_list("reference", flat=True))
    used |= set(
        FirstResponse.objects.filter(incident=incident).values_list(
            "body_worn_video_exhibit", flat=True
        )
    )
    # "PC 2210 T. Hale" is TH.
    initials = "".join(word[0] for word in actor.name.upper().split()[-2:] if word[0].isalpha())
    number = 1
    while (reference := f"{initials or 'EX'}/{number}") in used:
        number += 1
    return reference


def _record(exhibit: Exhibit, kind: Kind) -> None:
    """The headline stands on a page that more people see than may see the exhibit."""
    audit.record(
        actor=exhibit.uploaded_by,
        at=exhibit.uploaded_at,
        verb="exhibit.added",
        headline=f"Exhibit {exhibit.reference} added",
        subject=exhibit.incident.reference,
        incident_id=exhibit.incident_id,
        detail={
            "exhibit": str(exhibit.key),
            "kind": exhibit.kind,
            "words": exhibit.words,
            "person": exhibit.person_id,
            "content_type": kind.content_type,
            "size": exhibit.size,
            "sha256": exhibit.sha256,
        },
    )


def _forget(place: str) -> None:
    """Remove the file of a row that was not written; where that is not sure, it stays.

    A connection lost while committing leaves open whether the row is there: `check_exhibits` finds
    what belongs to none.
    """
    with contextlib.suppress(DatabaseError, OSError):
        if not Exhibit.objects.filter(file=place).exists():
            kept_in().delete(place)

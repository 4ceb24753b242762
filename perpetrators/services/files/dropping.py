"""A file is dropped: looked at as a whole before a line of it is taken in."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import services as audit
from core.errors import InvalidInput
from core.text import clean
from perpetrators.messages import HERE, TEXTS
from perpetrators.models import CustodyFile
from perpetrators.permissions import can_send_custody_events
from perpetrators.services.files.lines import count, header_of, text_of

MOST_BYTES = 20_000_000
#: Lines that are taken in while somebody waits for the page; a longer file goes on by itself.
AT_ONCE = 500
_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Dropped:
    """The file on record; whether it was there already, word for word."""

    file: CustodyFile
    was_there: bool = False

    @property
    def is_short(self) -> bool:
        """It can be taken in while somebody waits."""
        return self.file.lines <= AT_ONCE


def drop(*, name: str, content: bytes, system: str, actor: User, at: datetime) -> Dropped:
    """Keep a file to be taken in. Nothing is kept of one that cannot be read as a whole.

    `system`: who says so, where its lines name none. The same bytes of the same system are the same
    file. Raises PermissionDenied; InvalidInput at `file` (too large, not UTF-8, wrong columns: with
    line and column) or `system`.
    """
    if not can_send_custody_events(actor):
        raise PermissionDenied("Only the custody system and custody officers drop these files.")
    system = clean(system, field="system", longest=TEXTS["system"], required=True).lower()
    if not _SYSTEM.fullmatch(system) or system == HERE:
        raise InvalidInput("Small letters, figures and hyphens: custody, prison.", field="system")
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            f"This is {len(content) / 1_000_000:.0f} MB; the most is {MOST_BYTES // 1_000_000} MB. "
            "Split the file, with the first line in every part.",
            field="file",
        )
    text = text_of(content)
    header_of(text)
    sha256 = hashlib.sha256(content).hexdigest()
    if known := CustodyFile.objects.filter(system=system, sha256=sha256).first():
        return Dropped(known, was_there=True)
    row = CustodyFile(
        name=clean(name, field="file", longest=200) or "file.csv",
        sha256=sha256,
        system=system,
        received_at=at,
        sent_by=actor,
        lines=count(text),
        content=content,
    )
    return _keep(row, actor, at)


def _keep(row: CustodyFile, actor: User, at: datetime) -> Dropped:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(
                actor=actor,
                at=at,
                verb="custody.file_dropped",
                headline=f"A file of {row.lines:,} custody messages was dropped",
                subject=row.reference,
                detail={"name": row.name, "sha256": row.sha256, "system": row.system},
            )
    except IntegrityError:
        # Dropped twice at one moment: the other one was first.
        known = CustodyFile.objects.get(system=row.system, sha256=row.sha256)
        return Dropped(known, was_there=True)
    return Dropped(row)

"""An exhibit is given to who may see it, once its bytes are what they were."""

import hashlib
import logging
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from incidents.models import Exhibit

log = logging.getLogger(__name__)
CHUNK = 1 << 20


class Changed(DomainError):
    """The file is gone, or is not the one that was added."""

    code = "exhibit_changed"


def open_exhibit(*, exhibit: Exhibit, reader: User, path: str, at: datetime) -> "File[bytes]":
    """The file, open at its beginning, for a reader who may see it (the caller asked).

    Every opening is kept as a reading. Raises Changed, with a log entry and an audit event, where
    the file is missing or its SHA-256 is another: altered evidence is given to nobody.
    """
    audit.record_read(
        user=reader,
        at=at,
        path=path,
        subject=exhibit.incident.reference,
        incident_id=exhibit.incident_id,
    )
    try:
        file = exhibit.file.open("rb")
    except OSError:
        raise _shouted(exhibit, reader, at, "missing") from None
    if digest_of(file) != exhibit.sha256:
        file.close()
        raise _shouted(exhibit, reader, at, "changed")
    file.seek(0)
    return file


def digest_of(file: "File[bytes]") -> str:
    """The SHA-256 of a whole file, read in pieces."""
    digest = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


@transaction.atomic
def _shouted(exhibit: Exhibit, reader: User, at: datetime, what: str) -> Changed:
    log.critical("exhibit %s of %s is %s", exhibit.key, exhibit.incident.reference, what)
    audit.record(
        actor=reader,
        at=at,
        verb=f"exhibit.{what}",
        headline=f"Exhibit {exhibit.reference} refused: its file is {what}",
        subject=exhibit.incident.reference,
        incident_id=exhibit.incident_id,
        is_grave=True,
        detail={"exhibit": str(exhibit.key), "sha256": exhibit.sha256},
    )
    why = "is not there any more" if what == "missing" else "is not the one that was added"
    return Changed(
        f"The file of exhibit {exhibit.reference} {why}, so it is not given to anybody. This is "
        "recorded. Tell whoever runs the service."
    )

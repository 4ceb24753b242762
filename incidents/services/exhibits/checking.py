"""Whether every file is there, is what was added, and belongs to somebody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.storage.base import Storage

from incidents.models import Exhibit
from incidents.models.exhibits import kept_in
from incidents.services.exhibits.giving import digest_of

#: Younger than this a file without a row may be one that is just being added.
ORPHAN_AFTER = timedelta(days=1)

Progress = Callable[[int], None]


@dataclass
class Checked:
    """What was found: each missing or changed exhibit in words, each orphan by its place."""

    looked_at: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not (self.missing or self.changed or self.orphans)


def check_files(progress: Progress = lambda _: None) -> Checked:
    """Read every file again, withdrawn ones too. `progress` is told how many were looked at.

    The folders are listed before the rows are read: what is added meanwhile is then no orphan.
    """
    found, storage = Checked(), kept_in()
    lying = set(_files(storage))
    rows = Exhibit.objects.select_related("incident").order_by("pk")
    for exhibit in rows.iterator(chunk_size=500):
        lying.discard(exhibit.file.name)
        _check(exhibit, found)
        found.looked_at += 1
        progress(found.looked_at)
    found.orphans = sorted(lying)
    return found


def _check(exhibit: Exhibit, found: Checked) -> None:
    words = f"{exhibit.incident.reference} {exhibit.reference} ({exhibit.file.name})"
    try:
        with exhibit.file.open("rb") as file:
            if digest_of(file) != exhibit.sha256:
                found.changed.append(words)
    except OSError:
        found.missing.append(words)


def remove_orphans(orphans: list[str], *, at: datetime) -> list[str]:
    """Delete those that are older than a day and still belong to no exhibit; which they were."""
    storage, removed = kept_in(), []
    for place in orphans:
        is_old = storage.get_modified_time(place) <= at - ORPHAN_AFTER
        if is_old and not Exhibit.objects.filter(file=place).exists():
            storage.delete(place)
            removed.append(place)
    return removed


def _files(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file in the store, by its place."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever added
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _files(storage, f"{folder}/{name}" if folder else name)

"""What runs of custody that changed mean for what is to come: releases, and the end of bail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from perpetrators.models import ExpectedRelease
from perpetrators.services.releases import planned
from perpetrators.services.releases.bail import sync_bail
from perpetrators.services.releases.planned import Expected


@transaction.atomic
def sync_releases(rows: Sequence[Expected], *, actor: User, at: datetime) -> list[ExpectedRelease]:
    """Bring what hangs from these runs (each named once) in line; the releases that changed."""
    changed = planned.sync_releases(rows, actor=actor, at=at)
    sync_bail([row.episode for row in rows], actor=actor, at=at)
    return changed

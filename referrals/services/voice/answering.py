"""A victim answers through their link: once, in time, and without saying who they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from referrals.models import Survey
from referrals.services.voice.asking import digest_of
from referrals.services.voice.opening import settle
from referrals.services.voice.questions import checked
from victims.models import Victim

State = Survey.State
#: A secret is shorter; whatever is longer is not even looked up.
LONGEST_SECRET = 60


def behind_link(secret: str, at: datetime) -> Survey | None:
    """The survey that a link opens: to be answered in time, or answered by it; else None."""
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    row = Survey.objects.filter(link_digest=digest_of(secret)).first()
    if row is None or row.link_until is None:
        return None
    if row.state == State.ANSWERED:
        return row
    return row if row.state == State.LINK_GIVEN and at < row.link_until else None


@transaction.atomic
def answer_by_link(
    *, secret: str, answers: Mapping[str, Any], words: str, at: datetime
) -> Survey | None:
    """Keep what a victim answered through their link; answered again, the first answer stays.

    None where the link opens nothing (any more). Raises InvalidInput at a question or at `words`.
    """
    found = behind_link(secret, at)
    if found is None:
        return None
    Victim.objects.select_for_update(no_key=True).get(pk=found.victim_id)
    Survey.objects.select_for_update().get(pk=found.pk)
    row = behind_link(secret, at)
    if row is None or row.state == State.ANSWERED:
        return row
    row.answers, row.words = checked(row.about, answers, words)
    settle(row, State.ANSWERED, None, at)
    return row


@transaction.atomic
def end_links_over(*, actor: User, at: datetime) -> int:
    """Links whose time is over without an answer: the survey says so. How many."""
    over = Survey.objects.filter(state=State.LINK_GIVEN, link_until__lte=at)
    ended = 0
    for pk, victim_id in over.order_by("victim_id").values_list("pk", "victim_id"):
        Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
        row = over.filter(pk=pk).select_for_update(of=("self",)).first()
        if row is not None:
            settle(row, State.NO_ANSWER, actor, at, reason="The link's time is over")
            ended += 1
    return ended

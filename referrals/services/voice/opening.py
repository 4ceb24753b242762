"""A survey is opened when a case is closed, and falls away where there is no end to ask about."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from accounts.withheld import withheld_from
from audit import services as audit
from core.text import clean
from referrals.models import IdvaCase, Survey
from victims.models import Contact, Victim

State = Survey.State
SURVEY = "survey"
#: Of the contacts, the newest that say who knows the victim.
_LATEST = 20


@transaction.atomic
def open_survey(
    *,
    victim_id: int,
    about: str,
    idva_case_id: int | None = None,
    actor: User,
    at: datetime,
) -> Survey | None:
    """A case was closed: what the victim thought of it is to be asked.

    Whoever had contact last and still sees the victim has it, else the team that keeps in touch
    with them. One that was open from an earlier end falls away. None for a client who has died.
    Called where the end is announced, which asked whether its actor may.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    case = IdvaCase.objects.get(pk=idva_case_id) if idva_case_id else None
    if case is not None and case.closed_because == IdvaCase.ClosedBecause.DIED:
        return None
    fall_away(
        victim_ids=[victim_id],
        about=about,
        because="It ended again",
        asked_too=True,
        actor=actor,
        at=at,
    )
    owner = _last_in_touch(victim)
    team = owner.team if owner and owner.team else victim.contact_team
    row = Survey(
        victim=victim,
        about=Survey.About(about),
        idva_case=case,
        team=team,
        owner=owner,
        closed_at=at,
        opened_at=at,
        due_at=at,
    )
    row.save(force_insert=True)
    clock = deadlines.services.start(
        kind=SURVEY,
        subject=row,
        reference=victim.reference,
        victim_id=victim.pk,
        team=team,
        owner=owner,
        started_at=at,
        actor=actor,
        at=at,
    )
    row.due_at = clock.due_at
    row.save(update_fields=["due_at"])
    return row


@transaction.atomic(savepoint=False)
def fall_away(
    *,
    victim_ids: Sequence[int],
    about: str,
    because: str,
    asked_too: bool = False,
    actor: User,
    at: datetime,
) -> None:
    """What is open about this is not to be asked any more, for a reason in words.

    Of these victims only those who are to be asked cost anything: one query tells.
    Whoever has the link already may still answer, unless `asked_too`. Called where the reason is
    announced, which asked whether its actor may.
    """
    rows = Survey.objects.open().filter(about=about)
    if not asked_too:
        rows = rows.filter(state=State.TO_ASK)
    to_ask = set(rows.filter(victim__in=victim_ids).values_list("victim_id", flat=True))
    for victim_id in sorted(to_ask):
        victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
        for row in rows.filter(victim=victim).select_for_update():
            row.victim = victim
            settle(row, State.NO_ANSWER, actor, at, reason=because)


def settle(
    row: Survey, state: Survey.State, actor: User | None, at: datetime, *, reason: str = ""
) -> None:
    """The end of a locked survey; its link opens nothing any more. The caller saves the answers."""
    row.state, row.settled_at, row.settled_by = state, at, actor
    row.reason = clean(reason, field="reason", longest=1_000)
    row.save(update_fields=["state", "settled_at", "settled_by", "reason", "answers", "words"])
    # The victim's own answer is written down in the name of the service.
    who = actor or User.objects.system()
    if state == State.NO_ANSWER and not row.link_digest:
        deadlines.services.cancel(
            kind=SURVEY, subject=row, reason=reason or "No answer", actor=who, at=at
        )
    else:
        deadlines.services.meet(kind=SURVEY, subject=row, actor=who, at=at)
    said = f"Survey about {_SHORT[row.about]}: {row.get_state_display().lower()}"
    record(row, "settled", said, who, at)


def record(row: Survey, verb: str, headline: str, actor: User, at: datetime) -> None:
    """That it was asked or settled, never what was answered."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"survey.{verb}",
        headline=headline,
        subject=row.victim.reference,
        victim_id=row.victim_id,
        detail={"survey": row.pk, "about": row.about},
    )


_SHORT = {Survey.About.POLICE.value: "the police", Survey.About.ADVISER.value: "the IDVA service"}


def _last_in_touch(victim: Victim) -> User | None:
    """Who spoke with the victim last, of those who may ask and still see them."""
    rows = (
        Contact.objects.filter(victim=victim, outcome=Contact.Outcome.REACHED)
        .select_related("by__team")
        .order_by("-at", "-pk")[:_LATEST]
    )
    people = list(dict.fromkeys(row.by for row in rows))
    if victim.contact_owner is not None and victim.contact_owner not in people:
        people.append(victim.contact_owner)
    barred = withheld_from([one.pk for one in people], victim.pk)
    for one in people:
        may = one.is_active and not one.is_system and one.has_perm("referrals.ask_voice")
        if may and one.pk not in barred and _sees(one, victim):
            return one
    return None


def _sees(person: User, victim: Victim) -> bool:
    return Victim.objects.visible_to(person).filter(pk=victim.pk).exists()

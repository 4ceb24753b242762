"""Whose a reassessment is: taken over by somebody by name, or gone along with the duty."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Team, User
from audit import services as audit
from core import policy
from core.errors import AlreadyTaken
from core.trigger_rules import Trigger, rule_for
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from risk.deadlines import REASSESSMENT
from risk.models import Reassessment
from risk.services.answering import may_take
from risk.services.reassessing.rows import lock, require_open
from risk.services.triggers.rows import event, lock_victims, most_pressing
from risk.services.triggers.rules import duty_of, owners


@transaction.atomic
def take_over(
    *, reassessment_id: int, seen_owner_id: int | None, actor: User, at: datetime
) -> Reassessment:
    """Somebody makes it theirs, by name: the clock and the questions about it are theirs now.

    `seen_owner_id` is whose it was on the page: two who reach for it at once do not take it from
    one another unawares. Taken twice by one person it is taken once. Raises PermissionDenied;
    AlreadyTaken naming whose it is, or who has done it; DomainError when it fell away.
    """
    row = lock(reassessment_id)
    if not may_take(actor, row, at):
        raise PermissionDenied("Those of its team, who answer for the risk, or who lead, take it.")
    require_open(row)
    if row.owner_id == actor.pk:
        return row
    if row.owner_id != seen_owner_id:
        raise AlreadyTaken(f"{row.owner or row.team} has it now.")
    before = row.owner
    _give(row, actor, actor.team or row.team, actor, at, f"{actor} takes it over")
    if before is not None:
        deadlines.notify(
            users=[before],
            level=Notification.Level.INFORMATION,
            headline=f"{actor} took over: risk to be looked at again",
            reference=row.reference,
            path=kinds.get(REASSESSMENT).path(row.reference),
            victim_id=row.victim_id,
            at=at,
        )
    return row


@transaction.atomic
def pass_reassessment(*, victim_id: int, duty: str, actor: User, at: datetime) -> None:
    """A duty passed: the open reassessment goes to whoever it now names, and its clock with it.

    Only where the most pressing reason is that duty's by the table of triggers. Who took it over
    gives it up as well: the duty says who answers. Follows the duty's own service, which asked for
    its permission, and holds the victim's row: nothing is opened for them meanwhile.
    """
    open_ones = Reassessment.objects.open().filter(victim=victim_id)
    if not open_ones.exists():
        return
    victim = lock_victims([victim_id])[victim_id]
    locked = open_ones.select_related("owner", "team").select_for_update(of=("self",), no_key=True)
    row = locked.first()
    if row is None:
        return
    reason = most_pressing(row.reasons.standing())
    rules = policy.at(at)
    who = rule_for(rules.trigger_rules, Trigger(reason.trigger), victim.grade).who
    if duty_of(who) != duty:
        return
    name = owners({victim.pk: who}, [victim], at)[victim.pk]
    if name.person is not None and (row.owner_id, row.team_id) != (name.person.pk, name.team.pk):
        _give(row, name.person, name.team, actor, at, f"Goes to {name.person} with the duty")


def _give(
    row: Reassessment, owner: User, team: Team, actor: User, at: datetime, headline: str
) -> None:
    before = row.owner or row.team
    row.owner, row.team = owner, team
    row.version += 1
    row.save(update_fields=["owner", "team", "version"])
    deadlines.assign(kind=REASSESSMENT, subject=row, owner=owner, team=team, actor=actor, at=at)
    headline = f"Risk to be looked at again: {headline[0].lower()}{headline[1:]}"
    audit.record_many(
        [event(row, "passed", headline, actor, at, before=str(before), owner=str(owner))]
    )

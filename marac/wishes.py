"""Who speaks with the victim before and after a meeting, and what they have to report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.cover import stood_in_for
from accounts.models import Team, User
from accounts.withheld import withheld_from
from marac.models import Hearing, Meeting
from marac.near import is_near, keeper_of, near_hearing, people_near
from marac.permissions import can_decide
from marac.querysets import HearingQuerySet, keeps
from referrals.models import IdvaCase
from referrals.permissions import can_support
from referrals.services.advising import serving
from victims.models import SafeContact
from victims.safe_way import Rules, rules_of


def adviser_case(victim_id: int) -> IdvaCase | None:
    """The case of the IDVA service that supports the victim now, with who has it."""
    rows = IdvaCase.objects.supported().filter(victim=victim_id)
    return rows.select_related("owner", "team").first()


def who_reports(hearing: Hearing) -> tuple[Team, User | None]:
    """Whose it is to speak with the victim: their adviser's, else the coordinator's.

    Who has no adviser is asked through whoever keeps in touch; the coordinator sees to it. An
    adviser who is near to the case leaves it to their team.
    """
    case = adviser_case(hearing.victim_id)
    if case is None:
        return hearing.meeting.conference.team, keeper_of(hearing.case)
    near = people_near([hearing.case_id])[hearing.case_id]
    return case.team, None if case.owner_id in near else case.owner


def may_report(actor: User, hearing: Hearing, at: datetime) -> bool:
    """The victim's adviser, who stands in for or leads them; coordinators and chairs.

    Never somebody who is near to the case, or from whom the victim is withheld.
    """
    if is_near(actor, hearing.case_id):
        return False
    if actor.pk in withheld_from([actor.pk], hearing.victim_id):
        return False
    if can_decide(actor, hearing.meeting.conference):
        return True
    case = adviser_case(hearing.victim_id)
    return case is not None and serving.works_on(actor, case, at)


def is_asked_of(meeting: Meeting) -> bool:
    """Whether the victim's wishes are owed before the meeting: not before a weekly call."""
    return meeting.kind != Meeting.Kind.WEEKLY


def reportable_by(user: User, at: datetime) -> HearingQuerySet:
    """The hearings of which this person may report; nothing withheld from or near to them."""
    rows = Hearing.objects.listed().exclude(victim__in=sorted(user.withheld_victims))
    rows = rows.filter(~near_hearing(user))
    if keeps(user):
        return rows
    if not can_support(user):
        return rows.none()
    people = [user.pk, *(row.person_id for row in stood_in_for(user.pk, at))]
    theirs = Q(owner__in=people) | Q(team__in=serving.led_by(user, at))
    return rows.filter(victim__in=IdvaCase.objects.supported().filter(theirs).values("victim"))


def not_reported(rows: HearingQuerySet) -> HearingQuerySet:
    """Of these, those that lie ahead and of which nobody said what the victim wants."""
    rows = rows.filter(state__in=Hearing.OPEN, wanted="", not_asked_because="")
    return rows.exclude(meeting__kind=Meeting.Kind.WEEKLY)


def not_told(rows: HearingQuerySet) -> HearingQuerySet:
    """Of these, those that are over and whose victim was not told."""
    return rows.heard().filter(told_at__isnull=True)


def may_have_any(user: User) -> bool:
    """Whether somebody may have a victim to ask or to tell at all."""
    return keeps(user) or can_support(user)


def listed(user: User, at: datetime, *, show: str) -> HearingQuerySet:
    """What this person has to report, the next first; with `show` "told" whom they have to tell.

    Those who keep conferences have whoever has no adviser.
    """
    rows = reportable_by(user, at)
    if keeps(user):
        supported = IdvaCase.objects.supported().filter(victim=OuterRef("victim"))
        rows = rows.filter(~Exists(supported))
    found, order = (
        (not_told(rows), "ended_at")
        if show == "told"
        else (not_reported(rows), "meeting__starts_at")
    )
    return found.select_related("meeting__conference", "case", "victim__person").order_by(
        order, "pk"
    )


@dataclass(frozen=True, slots=True)
class ToReport:
    """A hearing with the way in which its victim may be reached."""

    hearing: Hearing
    rules: Rules


def with_ways(hearings: Sequence[Hearing], at: datetime) -> list[ToReport]:
    """Each with the victim's safe contact. One query."""
    current = SafeContact.objects.filter(
        is_current=True, victim__in=[row.victim_id for row in hearings]
    ).select_related("checked_by")
    by_victim = {row.victim_id: row for row in current}
    return [ToReport(row, rules_of(by_victim.get(row.victim_id), at)) for row in hearings]


def open_hearings(victim_id: int) -> Iterable[Hearing]:
    """What somebody has to report of this victim, before or after."""
    rows = Hearing.objects.filter(victim=victim_id)
    to_tell = Q(state=Hearing.State.CONCLUDED, told_at__isnull=True)
    found = rows.filter(Q(state__in=Hearing.OPEN) | to_tell)
    return found.select_related(
        "meeting__conference__team", "case__conference__coordinator", "case__conference__chair"
    )

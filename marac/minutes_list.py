"""The minutes that somebody may open, meeting by meeting: reads only, and no word of them."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from marac.models import Attendance, Meeting, Minutes, MinutesCopy
from marac.permissions import can_attend
from marac.querysets import keeps


def may_have_any(user: User) -> bool:
    """Whether somebody may open minutes at all."""
    return keeps(user) or can_attend(user)


def listed(user: User) -> QuerySet[Meeting]:
    """Meetings that were held and whose minutes this person may open.

    Each with `number`, `approved`, `sent` and `opened`: the newest version that is theirs, when it
    was approved and sent, and when their agency first opened it. For those who keep conferences
    every meeting, `number` null while nothing is approved; for an agency's own people what was
    sent to it, of meetings whose statement they signed.
    """
    rows = Meeting.objects.visible_to(user).filter(state=Meeting.State.HELD)
    newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    copies = MinutesCopy.objects.filter(minutes=OuterRef("theirs"))
    copies = copies.filter(agency__teams=user.team_id)
    if not keeps(user):
        rows = rows.filter(Exists(_places(user).filter(meeting=OuterRef("pk"))))
        newest = newest.filter(sent_at__isnull=False, copies__agency__teams=user.team_id)
        rows = rows.filter(Exists(newest))
    rows = rows.annotate(
        theirs=Subquery(newest.values("pk")[:1]),
        number=Subquery(newest.values("number")[:1]),
        approved=Subquery(newest.values("approved_at")[:1]),
        sent=Subquery(newest.values("sent_at")[:1]),
    ).annotate(opened=Subquery(copies.values("opened_at")[:1]))
    return rows.select_related("conference").order_by("-starts_at", "-pk")


def _places(user: User) -> QuerySet[Attendance]:
    """Where this person signed for themselves or an agency, and did more than observe."""
    return Attendance.objects.signed().filter(person=user.pk, is_observer=False)

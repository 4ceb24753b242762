"""Who can be sent, and what each has already."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Area, Team, User

#: A duty is shorter than this; what somebody was sent to before it is not what keeps them busy now.
BUSY_WITHIN = timedelta(hours=24)


def those_who_may_attend() -> QuerySet[User]:
    """Everybody active whose role attends incidents."""
    return User.objects.filter(
        is_active=True,
        groups__permissions__codename="attend_incident",
        groups__permissions__content_type__app_label="incidents",
    ).distinct()


def to_choose_from(area: Area | None, at: datetime) -> QuerySet[User]:
    """Officers of the response teams, those of the area first, least busy first; two queries' worth
    in one: `in_hand` counts what each was sent to in the last day and has not recorded yet."""
    return (
        those_who_may_attend()
        .filter(team__kind=Team.Kind.RESPONSE)
        .select_related("team")
        .annotate(
            in_hand=Count(
                "deployments",
                filter=Q(
                    deployments__sent_at__gt=at - BUSY_WITHIN,
                    deployments__incident__first_response__isnull=True,
                )
                & ~Q(deployments__incident__state="closed"),
                distinct=True,
            ),
            is_here=Q(team__area=area.pk if area else None),
        )
        .order_by(F("is_here").desc(nulls_last=True), "in_hand", "name")
    )

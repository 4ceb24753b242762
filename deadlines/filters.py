"""What of the clocks is shown: state, kind and who has it, the same in pages and API."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q

from accounts.cover import stood_in_for
from deadlines import kinds
from deadlines.models import Deadline
from deadlines.querysets import DeadlineQuerySet

State = Deadline.State

#: Beside the states themselves: "overdue" is open and past its time, seen by a sweep or not.
STATES = [
    ("overdue", "Out of time"),
    (State.RUNNING.value, "Running"),
    (State.MET.value, "Met"),
    (State.MET_LATE.value, "Met late"),
    (State.CANCELLED.value, "Cancelled"),
    ("set_aside", "Not watched"),
]
SETTLED = {State.MET.value, State.MET_LATE.value, State.CANCELLED.value}
OWNERS = [("me", "Me"), ("team", "My team"), ("nobody", "Nobody yet")]


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in kinds.everything()]


class ClockFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of the address; nothing chosen means everything open, by due time."""

    state = django_filters.ChoiceFilter(
        choices=STATES, method="keep", empty_label="Everything open", label="State"
    )
    kind = django_filters.ChoiceFilter(
        choices=_kind_choices, empty_label="Every kind", label="What"
    )
    owner = django_filters.ChoiceFilter(
        choices=OWNERS, method="by_owner", empty_label="Anybody", label="Who has it"
    )

    class Meta:
        model = Deadline
        fields: list[str] = []

    def __init__(self, *arguments: Any, at: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.at = at

    @property
    def shows_settled(self) -> bool:
        return self.data.get("state") in SETTLED

    @property
    def order(self) -> tuple[str, str]:
        """Open ones by due time, the overdue first; settled ones by newest."""
        return ("-settled_at", "-id") if self.shows_settled else ("due_at", "id")

    def filter_queryset(self, queryset: DeadlineQuerySet) -> DeadlineQuerySet:
        rows: DeadlineQuerySet = super().filter_queryset(queryset)
        return self._in_state(rows, self.form.cleaned_data.get("state") or "")

    def keep(self, queryset: DeadlineQuerySet, name: str, value: str) -> DeadlineQuerySet:
        """The state has a meaning of its own when it is not given: see `filter_queryset`."""
        return queryset

    def by_owner(self, queryset: DeadlineQuerySet, name: str, value: str) -> DeadlineQuerySet:
        user = self.request.user
        match value:
            case "me":
                stood_in = (absence.person_id for absence in stood_in_for(user.pk, self.at))
                return queryset.filter(owner__in=[user.pk, *stood_in])
            case "team":
                return queryset.filter(team=user.team_id) if user.team_id else queryset.none()
            case _:
                return queryset.filter(owner__isnull=True)

    def _in_state(self, rows: DeadlineQuerySet, state: str) -> DeadlineQuerySet:
        if state in SETTLED:
            return rows.filter(state=state, settled_at__isnull=False)
        match state:
            case "overdue":
                return rows.overdue(self.at)
            case "running":
                return rows.open().filter(Q(due_at__gt=self.at) | Q(paused_at__isnull=False))
            case "set_aside":
                return rows.open().filter(set_aside_at__isnull=False)
            case _:
                return rows.open()

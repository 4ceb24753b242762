"""A marker is looked at before its last day, by whoever set or renewed it."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines import kinds
from victims.deadlines.plans import end_of
from victims.models import Marker

REVIEW = "marker_review"
_SUBJECT = "marker-"


def reference_of(marker_id: int) -> str:
    """How addresses and messages name a marker: it belongs to a place or a person, not a case."""
    return f"{_SUBJECT}{marker_id}"


def id_of(reference: str) -> int | None:
    """The marker's number in such a reference; None where it is none."""
    number = reference.removeprefix(_SUBJECT)
    is_one = reference.startswith(_SUBJECT) and number.isascii() and number.isdigit()
    return int(number) if is_one and len(number) < 19 else None


def not_ended(marker_ids: Sequence[int]) -> set[int]:
    """Of these, the markers that nobody ended; one that lapsed unseen stays to be looked at."""
    rows = Marker.objects.filter(pk__in=marker_ids, ended_at__isnull=True)
    return set(rows.values_list("pk", flat=True))


def terms_of(until: date, rules: ForcePolicy, at: datetime) -> kinds.Terms:
    """So many days before the last; a marker that ends sooner than that, by its last day."""
    before = Allowance(days=rules.marker_review_days)
    terms = kinds.Terms(
        clock=Clock.FIXED, allowance=before, runs_from="its last day", source="force policy"
    )
    if KIND.under(terms).due(end_of(until), rules) > at:
        return terms
    return kinds.Terms(
        clock=Clock.FIXED, allowance=Allowance(), runs_from="for its last day", source="the marker"
    )


KIND = kinds.register(
    kinds.Kind(
        code=REVIEW,
        name="Review of a marker",
        subject_type="victims.marker",
        url_name="victims:review_marker",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(days=policy.marker_review_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.CONTROL_INSPECTOR),),
        ),
        source="force policy",
        still_owed=not_ended,
        runs_from="its last day",
        # A year lies before it: half of that is no time to warn.
        warn_percent=(95,),
    )
)

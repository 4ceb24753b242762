"""What must be on record before an incident may be closed: this app's conditions and higher apps'.

A higher app registers a condition in its `apps.ready()`. They are asked when closure is asked for,
and again with the incident locked when an inspector signs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from deadlines import kinds
from incidents.deadlines import NON_CRIME_REVIEW
from incidents.models import CrimeOwed, FirstResponse, Incident, NonCrimeReview


@dataclass(frozen=True)
class Missing:
    """One thing that is not there yet: a sentence, and where it is put right."""

    words: str
    url: str
    #: What the link says: "Record it".
    action: str


#: (incident, at) to what is missing of it.
Condition = Callable[[Incident, datetime], Iterable[Missing]]

_conditions: dict[str, tuple[int, Condition]] = {}


def register(order: int, condition: Condition) -> None:
    """Let a condition be asked; lower orders stand first."""
    _conditions[f"{condition.__module__}.{condition.__qualname__}"] = (order, condition)


def missing_of(incident: Incident, at: datetime) -> list[Missing]:
    """Everything that must still be done before this incident may be closed; empty: it may."""
    ordered = sorted(_conditions.values(), key=lambda row: row[0])
    return [missing for _, condition in ordered for missing in condition(incident, at)]


def _response_is_known(incident: Incident, at: datetime) -> Iterable[Missing]:
    """The first response is recorded; or nobody came there, and it is said why.

    Officers who never came were stood down, each with a reason: the next condition sees to that.
    """
    if FirstResponse.objects.filter(incident=incident).exists():
        return
    sent = list(incident.deployments.select_related("officer").order_by("arrived_at", "pk"))
    there = [row for row in sent if row.arrived_at]
    if there:
        yield Missing(
            f"The first response is not recorded. {there[0].officer} was there first.",
            _url("first_response", incident),
            "Record it",
        )
    elif not sent and not incident.not_sent_reason:
        yield Missing(
            "Nobody was sent, and it is not said why.", _url("detail", incident), "Say why"
        )


def _nobody_is_on_the_way(incident: Incident, at: datetime) -> Iterable[Missing]:
    on_the_way = incident.deployments.filter(arrived_at__isnull=True, cleared_at__isnull=True)
    for row in on_the_way.select_related("officer").order_by("pk"):
        yield Missing(
            f"{row.officer} is still on the way: they arrive, or are stood down with a reason.",
            _url("detail", incident),
            "Look at the officers",
        )


def _crimes_have_their_numbers(incident: Incident, at: datetime) -> Iterable[Missing]:
    response = FirstResponse.objects.filter(incident=incident).first()
    recorded = incident.crimes.count()
    owed = max(0, len(response.crimes_committed) - recorded) if response else 0
    if owed:
        are, numbers = ("is", "its number") if owed == 1 else ("are", "their numbers")
        crimes = "crime" if owed == 1 else "crimes"
        yield Missing(
            f"{owed} {crimes} {are} named in the first response without {numbers}.",
            _url("detail", incident) + "#crimes",
            "Record the crime",
        )
    elif response and not recorded and not incident.non_crime_reason:
        yield Missing(
            "No crime is recorded, and it is not said why this was none.",
            _url("first_response", incident),
            "Say why",
        )


def _what_a_supervisor_decided_is_recorded(incident: Incident, at: datetime) -> Iterable[Missing]:
    for owed in CrimeOwed.objects.filter(incident=incident, incident__crimes=None):
        yield Missing(
            "A supervisor decided that a crime should have been recorded: "
            f"{owed.get_category_display().lower()}.",
            _url("detail", incident) + "#crimes",
            "Record the crime",
        )


def _whether_it_was_a_crime_is_settled(incident: Incident, at: datetime) -> Iterable[Missing]:
    """A supervisor who is asked whether a crime was missed answers before it is closed as none."""
    reviews = NonCrimeReview.objects.waiting().filter(incident=incident)
    for review in reviews.select_related("victim"):
        if not incident.crimes.exists():
            yield Missing(
                "A supervisor is still to say whether this repeated non-crime was a crime.",
                kinds.get(NON_CRIME_REVIEW).path(review.victim.reference),
                "Look at the review",
            )


def _url(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference])


register(10, _response_is_known)
register(20, _nobody_is_on_the_way)
register(30, _crimes_have_their_numbers)
register(35, _what_a_supervisor_decided_is_recorded)
register(40, _whether_it_was_a_crime_is_settled)

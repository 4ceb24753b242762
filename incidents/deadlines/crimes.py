"""A crime has its number in time."""

from collections.abc import Sequence

from django.db.models import Count

from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register
from incidents.models import CrimeOwed, FirstResponse

CRIME_RECORDED = "crime_recorded"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.crime_recorded_hours)


def owing_a_crime_number(incident_ids: Sequence[int]) -> set[int]:
    """Of these incidents, those with fewer crimes recorded than were committed.

    How many were committed says the first response; and that there was one at all, a supervisor who
    reviewed repeated non-crimes.
    """
    rows = (
        FirstResponse.objects.filter(incident__in=incident_ids)
        .exclude(crimes_committed=[])
        .annotate(recorded=Count("incident__crimes"))
        .values_list("incident", "crimes_committed", "recorded")
    )
    decided = CrimeOwed.objects.filter(incident__in=incident_ids, incident__crimes=None)
    named_too_few = {incident for incident, named, recorded in rows if recorded < len(named)}
    return named_too_few | set(decided.values_list("incident", flat=True))


register(
    Kind(
        code=CRIME_RECORDED,
        name="Recording of the crime",
        subject_type="incidents.incident",
        url_name="incidents:detail",
        allowance=_allowance,
        ladder=((OWNER,), (TEAM_SUPERVISOR,)),
        source="national crime recording rule",
        still_owed=owing_a_crime_number,
        runs_from="the report, or the decision that it was a crime after all",
    )
)

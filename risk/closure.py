"""An incident is not closed before each victim's risk was assessed; and what is shown beside it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse

from core import policy
from incidents import beside, closure_conditions
from incidents.closure_conditions import Missing
from incidents.models import Incident, IncidentLink
from risk.due import due_because
from risk.instruments import BESIDE
from risk.models import Assessment
from risk.panels import assessments_of_incident
from victims.models import Victim

#: Only what a supervisor has before them, or agreed with, counts: neither a draft nor what came
#: back to the officer.
WHOLE = (Assessment.State.SUBMITTED, Assessment.State.REVIEWED)


def each_victim_is_assessed(incident: Incident, at: datetime) -> Iterable[Missing]:
    """Each victim has a submitted assessment, from here or from a call about the same event."""
    involved = incident.involvements.filter(role="victim", victim__isnull=False)
    victims = list(
        Victim.objects.filter(pk__in=involved.values("victim"))
        .select_related("person")
        .order_by("pk")
    )
    if not victims:
        return
    assessed = _assessments(incident, victims)
    rules = policy.at(at)
    for victim in victims:
        own = [row for row in assessed if row.victim_id == victim.pk]
        if any(row.state in WHOLE for row in own):
            continue
        if own or due_because(incident, victim, rules):
            yield _missing(incident, victim, own)


def _assessments(incident: Incident, victims: list[Victim]) -> list[Assessment]:
    """Of these victims, from this incident or one linked to it, this incident's own first."""
    links = IncidentLink.objects.filter(ended_at__isnull=True)
    rows = Assessment.objects.filter(
        Q(incident=incident)
        | Q(incident__in=links.filter(first=incident).values("second"))
        | Q(incident__in=links.filter(second=incident).values("first")),
        victim__in=victims,
    ).exclude(instrument__purpose__in=BESIDE)
    own_first = rows.annotate(is_own=Q(incident=incident)).order_by(F("is_own").desc(), "pk")
    return list(own_first.select_related("officer"))


def _missing(incident: Incident, victim: Victim, own: list[Assessment]) -> Missing:
    if not own:
        return Missing(
            f"The risk of {victim.person} is not assessed.",
            reverse("incidents:detail", args=[incident.reference]) + "#assessments",
            "Begin it there",
        )
    begun = own[0]
    words = f"{begun.officer} began to assess the risk of {victim.person} and has not submitted it."
    if begun.state == Assessment.State.RETURNED:
        words = (
            f"The risk assessment of {victim.person} came back to {begun.officer} to be put right."
        )
    return Missing(words, reverse("risk:assess", args=[begun.reference]), "Open it")


closure_conditions.register(50, each_victim_is_assessed)
beside.register(10, "risk/panels/beside.html", assessments_of_incident)

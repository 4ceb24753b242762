"""Incidents and changes in a victim's life as triggers: what lower apps record is fired here."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from core.prepared import Statement
from core.trigger_rules import Trigger
from incidents.models import Incident
from risk.instruments import BESIDE
from risk.models import Assessment
from risk.services.triggers import Fired, fire
from victims import services as victims
from victims.models import Circumstance, Victim

INCIDENT = Incident._meta.label_lower
CIRCUMSTANCE = Circumstance._meta.label_lower

#: Of these victims, those graded before and those whose case is closed. One round trip: it is
#: asked at every call that is logged.
_TOUCHED = Statement(
    "risk_touched_by_incident",
    """
    SELECT id, grade <> '' FROM victims_victim
     WHERE id = ANY(%(victims)s) AND (grade <> '' OR closed_at IS NOT NULL)
    """,
    {"victims": "bigint[]"},
)
_OF_CIRCUMSTANCES = {
    Circumstance.Kind.MOVED: Trigger.MOVED,
    Circumstance.Kind.SEPARATED: Trigger.SEPARATED,
}


def note_incident(
    *, incident_id: int, victim_ids: tuple[int, ...], actor: User, at: datetime
) -> None:
    """A new incident: the risk of victims assessed before is looked at again, closed cases open.

    Runs inside the service that logged it, which asked for its permission. One statement where
    there is nobody to look at.
    """
    if not victim_ids:
        return
    touched = _TOUCHED.rows({"victims": list(victim_ids)})
    if not touched:
        return
    incident = Incident.objects.get(pk=incident_id)
    graded = [victim_id for victim_id, is_graded in touched if is_graded]
    ungraded = [victim_id for victim_id, is_graded in touched if not is_graded]
    if ungraded:
        # Their first assessment comes with the incident itself.
        victims.reopen_cases(
            victim_ids=ungraded, reason=f"New incident {incident.reference}", actor=actor, at=at
        )
    _fire_incident(incident, graded, actor, at)


def note_victims_of(*, incident_id: int, actor: User, at: datetime) -> None:
    """Somebody was found to be a victim of an incident after it was logged: for them it is new.

    Whose risk was looked at since, or assessed after it, is left alone.
    """
    incident = Incident.objects.get(pk=incident_id)
    assessed = Assessment.objects.whole().filter(incident=incident)
    found = (
        Victim.objects.filter(involvements__incident=incident, involvements__role="victim")
        .filter(~Q(grade="") | Q(closed_at__isnull=False))
        .exclude(last_assessed_at__gte=incident.received_at)
        .exclude(pk__in=assessed.exclude(instrument__purpose__in=BESIDE).values("victim"))
        .values_list("pk", flat=True)
    )
    note_incident(incident_id=incident_id, victim_ids=tuple(set(found)), actor=actor, at=at)


def note_circumstance(*, circumstance_id: int, actor: User, at: datetime) -> None:
    """A victim moved, or separated: their risk is looked at again."""
    row = Circumstance.objects.get(pk=circumstance_id)
    trigger = _OF_CIRCUMSTANCES.get(Circumstance.Kind(row.kind))
    if trigger is None:
        return
    fire(
        fired=[
            Fired(
                victim_id=row.victim_id,
                trigger=trigger,
                happened_at=row.happened_at,
                words=f"{row.get_kind_display()}: {row.words}"[:300],
                source_type=CIRCUMSTANCE,
                source_id=row.pk,
            )
        ],
        actor=actor,
        at=at,
    )


def _fire_incident(incident: Incident, victim_ids: list[int], actor: User, at: datetime) -> None:
    fired = [
        Fired(
            victim_id=victim_id,
            trigger=Trigger.NEW_INCIDENT,
            happened_at=incident.received_at,
            words=f"Incident {incident.reference} ({incident.get_source_display()})",
            source_type=INCIDENT,
            source_id=incident.pk,
        )
        for victim_id in victim_ids
    ]
    if fired:
        fire(fired=fired, actor=actor, at=at)

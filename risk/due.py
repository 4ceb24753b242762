"""Why an assessment is due, and whether incidents escalate: from the force's policy."""

from core.clock import months_before
from core.policy import ForcePolicy
from incidents.models import Incident, Involvement
from victims.models import Victim

Role = Involvement.Role


def due_because(incident: Incident, victim: Victim, policy: ForcePolicy) -> str:
    """Which limbs of the rule apply, in words; "" when none does.

    The force's rule is every domestic incident (default), or only a crime or either party known
    from a domestic incident in the months before. The narrower limbs are named in either case.
    """
    limbs = [_known(incident, victim, policy), _crime(incident)]
    narrower = " and ".join(filter(None, limbs))
    if not policy.assess_every_incident:
        return narrower
    return f"every domestic incident, and {narrower}" if narrower else "every domestic incident"


def escalates(incident: Incident, victim_id: int, policy: ForcePolicy) -> bool:
    """Whether this is at least the so-manieth incident of the victim within the months.

    The conference's criterion: three incidents in twelve months by default, this one included.
    """
    count = Involvement.objects.filter(
        victim=victim_id,
        received_at__gt=months_before(incident.received_at, policy.repeat_months),
        received_at__lte=incident.received_at,
    ).count()
    return count >= policy.escalation_incidents


def _known(incident: Incident, victim: Victim, policy: ForcePolicy) -> str:
    others = set(
        incident.involvements.filter(role=Role.PERPETRATOR).values_list("person", flat=True)
    )
    known = set(
        Involvement.objects.filter(
            person__in={victim.person_id, *others},
            role__in=[Role.VICTIM, Role.PERPETRATOR],
            received_at__gt=months_before(incident.received_at, policy.repeat_months),
            received_at__lte=incident.received_at,
        )
        .exclude(incident=incident)
        .values_list("person", flat=True)
    )
    within = f"known in the last {policy.repeat_months} months"
    if victim.person_id in known and known & others:
        return f"both people {within}"
    if victim.person_id in known:
        return f"the victim {within}"
    return f"the other person {within}" if known else ""


def _crime(incident: Incident) -> str:
    return "a crime recorded" if incident.crimes.exists() else ""

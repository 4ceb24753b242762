"""Schools to be told, for tests, through the service as in use."""

from datetime import date, datetime

from incidents.models import Incident
from referrals import services
from referrals.models import SchoolNotice
from tests.factories import victims
from tests.personas import person, team
from tests.worlds import remembered


@remembered
def owed_for(incident: Incident, at: datetime, name: str = "Ella") -> SchoolNotice:
    """A child of the incident, of school age, of whom no school was told yet."""
    team("maru")
    child = victims.person(name, "O'Neill", date(2020, 5, 1), at=at)
    incident.involvements.create(person=child, role="child", received_at=incident.received_at)
    services.follow_children(incident_id=incident.pk, actor=person("handler"), at=at)
    return SchoolNotice.objects.get(incident=incident, child=child)

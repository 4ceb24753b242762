"""What the representatives of the personas were told, through the service."""

from datetime import date, datetime
from typing import Any

from accounts.models import Agency, User
from incidents.models import Incident, Involvement
from referrals import services
from referrals.models import Sharing
from tests.factories import exhibits, risk, victims
from tests.personas import person
from tests.worlds import remembered
from victims.models import Victim
from victims.services import Step, write_note, write_plan

What = Sharing.What

#: What stands on record, by the part in which it is told: words that stand nowhere else.
MARKS: dict[str, tuple[str, ...]] = {
    What.IDENTITY: ("MARKGIVEN", "3 February 1988"),
    What.ADDRESS: ("MARKHOME",),
    What.CHILDREN: ("MARKCHILD", "9 May 2017"),
    What.INCIDENT: ("MARKNARRATIVE", "MARKPERPETRATOR"),
    What.RISK: ("MARKJUDGED",),
    What.SAFETY_PLAN: ("MARKSTEP",),
    What.SAFE_CONTACT: ("MARKREMEMBER", "07700 900417"),
}
#: What is told to no agency at all.
KEPT = ("KEPTSTEP", "KEPTPLAN", "KEPTNOTE", "KEPTCONSENT")


def agency_of(user: User) -> Agency:
    """Whom a representative speaks for."""
    assert user.team is not None
    return user.team.agency


@remembered
def told(victim: Victim, at: datetime, *, who: str = "agency", **changes: Any) -> Sharing:
    """The agency of a representative is told by a worker; `changes` to what is said."""
    said: dict[str, Any] = {
        "agency_id": agency_of(person(who)).pk,
        "what": ["identity", "risk"],
        "why": "Look after her while she moves.",
        "basis": "public_task",
        "consent": "not_sought",
        "consent_reason": "KEPTCONSENT",
        "actor": person("worker"),
    }
    return services.share(victim_id=victim.pk, at=at, **{**said, **changes})


@remembered
def marked(at: datetime) -> Victim:
    """A victim of whom everything is on record, each in words of its own."""
    officer = person("officer")
    home = victims.address("MARKHOME Lodge", "PE1 9ZA")
    human = victims.person("MARKGIVEN", "Surname", date(1988, 2, 3), at=at, address=home)
    victim = victims.victim(human, at=at)
    incident = risk.an_incident(at, victim, officer=officer)
    Incident.objects.filter(pk=incident.pk).update(narrative="MARKNARRATIVE")
    _others(incident, at)
    risk.submitted(at, judged="high", reason="MARKJUDGED", victim=victim, incident=incident)
    victims.safe_contact(victim, at=at, notes="MARKREMEMBER")
    write_plan(
        victim_id=victim.pk,
        steps=[
            Step("MARKSTEP", owner_words="Sister", is_shared=True),
            Step("KEPTSTEP", owner_words="Neighbourhood team"),
        ],
        reason="KEPTPLAN",
        words="KEPTPLAN",
        version=0,
        actor=officer,
        at=at,
    )
    write_note(victim_id=victim.pk, words="KEPTNOTE", kept_among="", actor=person("worker"), at=at)
    victim.refresh_from_db()
    return victim


def _others(incident: Incident, at: datetime) -> None:
    for role, name, born in (
        ("child", "MARKCHILD", date(2017, 5, 9)),
        ("perpetrator", "MARKPERPETRATOR", None),
    ):
        Involvement.objects.create(
            incident=incident,
            person=victims.person(name, "Other", born, at=at),
            role=role,
            received_at=incident.received_at,
        )


def with_document(victim: Victim, at: datetime, data: bytes | None = None) -> Any:
    """A document about the victim, in their newest incident."""
    row = victim.involvements.latest("received_at")
    return exhibits.exhibit(row.incident, at, person_id=victim.person_id, data=data)

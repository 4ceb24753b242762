"""A counter-allegation: whoever was named as perpetrator says that they were harmed.

Both are treated as victims until somebody has weighed it: each has both roles in the one incident,
and each a victim's record and an assessment of their own. Services are never merged: the records
stay apart, and who works with one does not see the other's. Roles are added and never taken away
again here, because somebody may have acted on them; what is taken back is said in words.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import InvalidInput
from incidents.company import Company, Role
from incidents.counter_aid import Aid
from incidents.events import CounterAllegationRecorded
from incidents.models import (
    CounterAllegation,
    Deployment,
    FirstResponse,
    Incident,
    Involvement,
)
from incidents.services.response.findings import Findings, YesNo
from incidents.services.response.said import Said
from victims import services as victims
from victims.models import Person, Victim


def between(findings: Findings, company: Company) -> tuple[Findings, Company]:
    """Findings and company about the two who are at odds; the references kept only for a choice.

    Raises InvalidInput at `counter_by` or `counter_against` where it is not said, or cannot be.
    """
    if findings.counter_allegation == YesNo.NO:
        return findings, company
    by, against = findings.counter_by, findings.counter_against
    if company.has_choice:
        by = by or _only(company.perpetrators, besides=against)
        against = against or _only(company.victims, besides=by)
        if by not in {row.person.reference for row in company.perpetrators}:
            raise InvalidInput("Say who accuses the victim.", field="counter_by")
        if against not in {row.person.reference for row in company.victims}:
            raise InvalidInput("Say which victim is accused.", field="counter_against")
    if not by and not against:
        return findings, company
    chosen = company.between(by, against)
    if chosen is None or chosen.pair is None:
        raise InvalidInput(
            "Choose a perpetrator who accuses, and another person who is a victim.",
            field="counter_by",
        )
    if not company.has_choice:
        return replace(findings, counter_by="", counter_against=""), chosen
    harmed, accused = (row.person.reference for row in chosen.pair)
    return replace(findings, counter_by=accused, counter_against=harmed), chosen


def _only(rows: Sequence[Involvement], *, besides: str) -> str:
    """The one who can be meant besides the other of the two; blank where there are several."""
    left = [row.person.reference for row in rows if row.person.reference != besides]
    return left[0] if len(left) == 1 else ""


def keep(response: FirstResponse, findings: Findings, company: Company) -> None:
    """Keep who alleges against whom where it was chosen; a first-named pair needs no row."""
    if not findings.counter_by or company.pair is None:
        CounterAllegation.objects.filter(response=response).delete()
        return
    harmed, accused = company.pair
    CounterAllegation.objects.update_or_create(
        response=response, defaults={"by": accused.person, "against": harmed.person}
    )


def check(findings: Findings, company: Company, before: Said | None) -> Person | None:
    """Who is to be protected, where it is one of the two.

    Raises InvalidInput where nobody is named whom it could be about, for somebody who is not one of
    the two, and for a counter-allegation taken back without a word.
    """
    if findings.counter_allegation == YesNo.NO:
        was_alleged = before is not None and before["counter_allegation"] == YesNo.YES
        if was_alleged and not findings.counter_reason:
            raise InvalidInput(
                "Say why it is no longer so. Both keep both roles, and what was begun for them.",
                field="counter_reason",
            )
        return None
    if company.pair is None:
        raise InvalidInput(
            "Nobody is named yet whom this could be about. Ask the control room to add both people "
            "to the incident.",
            field="counter_allegation",
        )
    if not findings.counter_protect:
        return None
    two = {row.person.reference: row.person for row in company.pair}
    if findings.counter_protect not in two:
        raise InvalidInput("Choose one of the two.", field="counter_protect")
    return two[findings.counter_protect]


def record(incident: Incident, company: Company, aid: Aid | None, actor: User, at: datetime) -> int:
    """Let both stand as victim and perpetrator in a locked incident; how many roles are new.

    Said again it changes nothing. Each victim's record is opened where there was none.
    """
    assert company.pair is not None
    harmed, accused = company.pair
    there = _roles(incident)
    added = []
    if (accused.person_id, Role.VICTIM) not in there:
        victim = _victim_record(incident, harmed, accused.person, actor, at)
        added.append(_role(incident, accused, Role.VICTIM, victim))
    if (harmed.person_id, Role.PERPETRATOR) not in there:
        added.append(_role(incident, harmed, Role.PERPETRATOR, None))
    if not added:
        return 0
    audit.record(
        actor=actor,
        at=at,
        verb="incident.counter_allegation_recorded",
        headline="Counter-allegation: each stands as victim and as perpetrator",
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=True,
        detail={
            "by": accused.person.reference,
            "against": harmed.person.reference,
            "roles_added": [f"{row.role}: {row.person.reference}" for row in added],
            "aid": aid.as_detail() if aid else {},
        },
    )
    events.announce(CounterAllegationRecorded(incident_id=incident.pk, actor=actor, at=at))
    return len(added)


def _roles(incident: Incident) -> set[tuple[int, str]]:
    return set(incident.involvements.values_list("person", "role"))


def _role(incident: Incident, known: Involvement, role: str, victim: Victim | None) -> Involvement:
    return Involvement.objects.create(
        incident=incident,
        person=known.person,
        role=role,
        victim=victim,
        received_at=incident.received_at,
        relationship=known.relationship,
        recognised_by="named as the other side of a counter-allegation",
    )


def _victim_record(
    incident: Incident, harmed: Involvement, person: Person, actor: User, at: datetime
) -> Victim:
    """The record of somebody newly named as a victim.

    Who was first there answers for whatever nobody who works here has.
    """
    first = (
        Deployment.objects.filter(incident=incident, arrived_at__isnull=False)
        .select_related("officer__team")
        .order_by("arrived_at", "pk")
        .first()
    )
    officer = first.officer if first else actor
    team = officer.team or actor.team
    if team is None:
        # A record always has a team; the other victim's has one.
        assert harmed.victim is not None
        team = harmed.victim.contact_team
    victim = victims.victim_for(person=person, area=incident.area, team=team, at=at, actor=actor)
    Victim.objects.filter(pk=victim.pk).update(
        last_incident_at=Greatest(
            Coalesce("last_incident_at", incident.received_at), incident.received_at
        )
    )
    if officer.is_active:
        victims.set_responsible(
            victim_id=victim.pk, person=officer, duties=[], and_unheld=True, actor=actor, at=at
        )
    return victim

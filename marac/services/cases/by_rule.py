"""What an assessment, an incident and an agency's referral make of the conference's rules."""

from datetime import datetime

from accounts.models import User
from core import policy
from core.clock import months_before
from incidents.models import Involvement
from marac import repeats
from marac.models import Conference, MaracCase
from marac.services.cases.moving import move_open
from marac.services.cases.proposing import propose_by_rule
from marac.services.cases.telling import tell
from perpetrators.services.serial.alike import alike_to
from referrals.models import AgencyReferral

Role = Involvement.Role
Source = MaracCase.Source


def of_assessment(*, incident_id: int, victim_id: int, actor: User, at: datetime) -> None:
    """Each who harmed the victim in the incident, or nobody known, is weighed with them."""
    if not Conference.objects.running().exists():
        return
    for perpetrator_id in _who_harmed_in(incident_id, victim_id):
        propose_by_rule(
            victim_id=victim_id,
            perpetrator_id=perpetrator_id,
            source=Source.ASSESSMENT,
            actor=actor,
            at=at,
        )


def of_judgement(*, victim_id: int, actor: User, at: datetime) -> None:
    """Somebody judged the victim's risk high between assessments: weighed with whom it is about.

    That is whoever harmed them in their newest incident, as with an assessment.
    """
    if not Conference.objects.running().exists():
        return
    incidents = Involvement.objects.filter(victim=victim_id, received_at__lte=at)
    newest = incidents.order_by("-received_at", "-pk").values_list("incident", flat=True).first()
    for perpetrator_id in _who_harmed_in(newest, victim_id):
        propose_by_rule(
            victim_id=victim_id,
            perpetrator_id=perpetrator_id,
            source=Source.ASSESSMENT,
            actor=actor,
            at=at,
        )


def _who_harmed_in(incident_id: int | None, victim_id: int) -> list[int | None]:
    """Whoever harmed somebody in the incident, but for the victim; nobody known is one, too."""
    rows = Involvement.objects.filter(incident=incident_id, role=Role.PERPETRATOR)
    people = rows.exclude(person__victim=victim_id).order_by("person")
    return [*people.values_list("person", flat=True)] or [None]


def of_agency(*, referral_id: int, actor: User, at: datetime) -> None:
    """Weigh what an agency referred, whether it is clear yet about whom; not the unit's own.

    While a worker finds out who is meant, what the agency itself says is weighed: the conference
    does not wait for a name.
    """
    rows = AgencyReferral.objects.filter(referral=referral_id).select_related("agency", "victim")
    incoming = rows.first()
    if incoming is None:
        return
    person_id = incoming.victim.person_id
    harmed_them = repeats.who_harmed({person_id, *alike_to([person_id])[person_id]})
    propose_by_rule(
        victim_id=incoming.victim_id,
        perpetrator_id=repeats.named_in(incoming.perpetrator, harmed_them),
        source=Source.AGENCY,
        words=words_of(incoming),
        agency=incoming.agency,
        children=incoming.children_count,
        actor=actor,
        at=at,
    )


def follow_identified(*, referral_id: int, before_id: int, actor: User, at: datetime) -> None:
    """A worker said who is meant: what the referral proposed goes there, and is weighed there.

    Nothing where it is about whom it was: an answer that the conference gave stands.
    """
    rows = AgencyReferral.objects.filter(referral=referral_id).select_related("agency", "victim")
    incoming = rows.get()
    if incoming.victim_id == before_id:
        return
    of_it = MaracCase.objects.open().filter(
        victim=before_id,
        agency=incoming.agency,
        source=Source.AGENCY,
        words=words_of(incoming),
    )
    for case_id in of_it.order_by("pk").values_list("pk", flat=True):
        move_open(case_id=case_id, to=incoming.victim, actor=actor, at=at)
    of_agency(referral_id=referral_id, actor=actor, at=at)


def of_incident(*, incident_id: int, actor: User, at: datetime) -> None:
    """Two people of the incident whom a conference heard within the policy's months.

    Every call runs this: five queries for two people whom nobody heard.
    """
    rows = Involvement.objects.filter(
        incident=incident_id, role__in=[Role.VICTIM, Role.PERPETRATOR]
    ).values_list("role", "person", "victim")
    harmed = {person: victim for role, person, victim in rows if role == Role.VICTIM}
    harms = {person for role, person, _ in rows if role == Role.PERPETRATOR}
    if not harmed or not harms:
        return
    alike = alike_to({*harmed, *harms})
    for person, victim_id in sorted(harmed.items()):
        for perpetrator_id in sorted(harms - {person}):
            pair = repeats.Pair(
                frozenset([person, *alike[person]]),
                frozenset([perpetrator_id, *alike[perpetrator_id]]),
            )
            _repeated(pair, victim_id, perpetrator_id, actor, at)


def _repeated(
    pair: repeats.Pair, victim_id: int | None, perpetrator_id: int, actor: User, at: datetime
) -> None:
    heard = repeats.heard_of(pair, at)
    if victim_id is None or heard is None or heard.ended_at is None:
        return
    months = policy.at(at).marac_repeat_months
    # What happened late in the time may be logged after it: the rule itself looks at when.
    if heard.ended_at > months_before(at, months + 1):
        propose_by_rule(
            victim_id=victim_id,
            perpetrator_id=perpetrator_id,
            source=Source.INCIDENT,
            repeats_only=True,
            actor=actor,
            at=at,
        )


def note_record_closed(*, victim_id: int, actor: User, at: datetime) -> None:
    """The police closed a record of which a conference has a case: its coordinator is told."""
    rows = MaracCase.objects.open().filter(victim=victim_id)
    for case in rows.select_related("conference__coordinator"):
        tell(
            case,
            [case.conference.coordinator],
            "The police closed the record; the conference's case is open",
            actor,
            at,
        )


def words_of(incoming: AgencyReferral) -> str:
    """What the conference is asked to look at, in the agency's own words."""
    return f"{incoming.what_happened}\n\nWho is feared: {incoming.perpetrator}"

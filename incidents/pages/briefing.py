"""What officers must know before they knock: read in the car, so the most dangerous first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from incidents import questions
from incidents.history import Clues, Dangerous, History, Match, SetAside, look_up
from incidents.history.answers import Answer, answers
from incidents.models import Incident, Involvement
from incidents.pages.editing import ShownCall, further_calls_of
from victims.models import SafeContact

#: Earlier incidents on a telephone's screen; the rest stand on the incident's own page.
MOST_MATCHES = 3
#: The handler's questions that are read in the car as well, in the order that is useful there.
ASKED_IN_THE_CAR = ("orders", "conferences", "last_grade", "lives_there")
#: Words in tags of earlier incidents, and answers of this one, that mean a weapon.
_WEAPON = "weapon"


@dataclass(frozen=True)
class Brief:
    """The briefing of one incident."""

    reference: str
    dangers: list[tuple[questions.Question, questions.Answer]]
    others: list[tuple[questions.Question, questions.Answer]]
    victims: list[Involvement]
    complained_of: list[Involvement]
    children_here: list[Involvement]
    safe_contacts: list[SafeContact]
    #: Of earlier times; this incident is left out.
    history: History
    weapons: list[str]
    #: Further calls, the newest first.
    news: list[ShownCall]

    @property
    def matches(self) -> Sequence[Match]:
        return self.history.incidents[:MOST_MATCHES]

    @property
    def more_matches(self) -> int:
        return max(0, len(self.history.incidents) - MOST_MATCHES)

    @property
    def known(self) -> list[Answer]:
        """What the call handler was told too, without what stands on this page anyway."""
        by_code = {one.code: one for one in answers(self.history)}
        return [by_code[code] for code in ASKED_IN_THE_CAR if code in by_code]

    @property
    def set_aside(self) -> list[SetAside]:
        """What the call handler took for somebody else's."""
        return [one for one in self.history.set_aside if one.reference != self.reference]

    @property
    def dangerous_before(self) -> list[Dangerous]:
        """Whoever was complained of before, those of this incident first."""
        here = {row.person_id for row in self.complained_of}
        return sorted(self.history.dangerous, key=lambda one: one.person_id not in here)


def brief(incident: Incident, reader: User, at: datetime) -> Brief:
    """Put the briefing together. Raises PermissionDenied for who may not look history up."""
    involvements = list(
        incident.involvements.select_related("person", "victim__person").order_by("pk")
    )
    said = questions.in_words(incident.answers)
    history = _history(incident, involvements, reader, at)
    victim_ids = [row.victim_id for row in involvements if row.victim_id]
    return Brief(
        reference=incident.reference,
        dangers=[pair for pair in said if pair[1].is_danger],
        others=[pair for pair in said if not pair[1].is_danger],
        victims=_with_role(involvements, Involvement.Role.VICTIM),
        complained_of=_with_role(involvements, Involvement.Role.PERPETRATOR),
        children_here=_with_role(involvements, Involvement.Role.CHILD),
        safe_contacts=list(
            SafeContact.objects.visible_to(reader)
            .filter(victim__in=victim_ids, is_current=True)
            .select_related("victim__person")
            .order_by("pk")
        ),
        history=history,
        weapons=_weapons(incident, history),
        news=further_calls_of(incident)[::-1],
    )


def _history(
    incident: Incident, involvements: Sequence[Involvement], reader: User, at: datetime
) -> History:
    address = incident.address
    clues = Clues(
        number=incident.caller_number,
        address_line=address.line if address else "",
        postcode=address.postcode if address else "",
        uprn=address.uprn if address else "",
        person_ids=tuple(dict.fromkeys(row.person_id for row in involvements)),
        # An incident is no history of its own.
        set_aside=frozenset({*incident.set_aside, f"incident:{incident.reference}"}),
    )
    return look_up(clues=clues, at=at, reader=reader)


def _with_role(involvements: Sequence[Involvement], role: str) -> list[Involvement]:
    return [row for row in involvements if row.role == role]


def _weapons(incident: Incident, history: History) -> list[str]:
    """Where a weapon is known from: this call, a marker, an earlier incident."""
    found = []
    if incident.answers.get(_WEAPON) == "yes":
        found.append("A weapon, or something used as one, was spoken of in this call.")
    found += [
        f"{marker.label}: {marker.words}" for marker in history.markers if marker.kind == "weapons"
    ]
    found += [
        f"{tag} in {match.reference}"
        for match in history.incidents
        for tag in match.tags
        if _WEAPON in tag
    ]
    return found

"""The search box by a name, for whoever sees only the victims whom they were granted.

Whom they see is asked of the policy once; everything else is then read of these by their keys, in
three short statements.
"""

from collections.abc import Collection, Sequence

from accounts.models import User
from core.prepared import Row, Statement
from incidents.models import Incident, Involvement
from incidents.pages import spelt
from victims.models import Address, Person, Victim

#: Whoever was granted more is asked for as one set.
FEW = 10_000

_PEOPLE = Statement(
    "incidents_granted_people",
    """
    SELECT p.id, p.given_name, p.family_name, p.date_of_birth, v.id, v.reference, v.grade
      FROM unnest(%(victims)s) AS s (victim_id)
      JOIN victims_victim v ON v.id = s.victim_id
      JOIN victims_person p ON p.id = v.person_id
    """,
    {"victims": "bigint[]"},
)
#: The newest of the incidents that these people were in and of which a victim is seen, each with
#: every victim of it.
_CALLS = Statement(
    "incidents_granted_calls",
    """
    SELECT i.id, i.reference, i.received_at, i.grade, a.line, a.postcode, h.harmed
      FROM (SELECT DISTINCT incident_id FROM incidents_involvement
             WHERE person_id = ANY(%(people)s)) AS o
      JOIN incidents_incident i ON i.id = o.incident_id
      LEFT JOIN victims_address a ON a.id = i.address_id
      CROSS JOIN LATERAL (
            SELECT json_agg(json_build_array(b.victim_id, b.role, q.given_name, q.family_name)
                            ORDER BY b.id) AS harmed,
                   bool_or(b.victim_id = ANY(%(seen)s)) AS is_seen
              FROM incidents_involvement b JOIN victims_person q ON q.id = b.person_id
             WHERE b.incident_id = i.id AND b.victim_id IS NOT NULL) AS h
     WHERE h.is_seen
     ORDER BY i.received_at DESC LIMIT %(most)s
    """,
    {"people": "bigint[]", "seen": "bigint[]", "most": "bigint"},
)


def seen_by(reader: User) -> frozenset[int] | None:
    """The keys of the victims whom a reader sees; None where the policy has to be asked each time.

    That is where the reader sees everybody, where something is withheld from them (it takes away
    more than victims: each incident that one of those is in, in whatever role), and where they see
    more than FEW.
    """
    if reader.has_perm("victims.view_all_victims") or reader.withheld_victims:
        return None
    keys = Victim.objects.visible_to(reader).values_list("pk", flat=True)[: FEW + 1]
    seen = frozenset(keys)
    return seen if len(seen) <= FEW else None


def people_called(words: str, seen: Collection[int], scan: int) -> list[Person]:
    """Of the victims seen, those of this name, with what a list of people shows; at most `scan`."""
    victims = sorted(spelt.called(words, seen))[:scan]
    return [_person(row) for row in _PEOPLE.rows({"victims": victims})] if victims else []


def calls_of(
    people: Sequence[Person], seen: Collection[int], most: int
) -> tuple[list[Incident], set[int]]:
    """The newest incidents of these people that a victim seen was in, and the keys of those with a
    victim who is not seen, too. Shown of each are the victims who are."""
    if not people:
        return [], set()
    rows = _CALLS.rows({"people": [one.pk for one in people], "seen": list(seen), "most": most})
    calls, one_sided = [], set()
    for pk, reference, received_at, grade, line, postcode, harmed in rows:
        call = Incident(pk=pk, reference=reference, received_at=received_at, grade=grade)
        if line is not None:
            call.address = Address(line=line, postcode=postcode)
        call.shown = [_part(*one) for one in harmed if one[0] in seen]  # type: ignore[attr-defined]
        calls.append(call)
        if len(call.shown) < len(harmed):  # type: ignore[attr-defined]
            one_sided.add(pk)
    return calls, one_sided


def _person(row: Row) -> Person:
    pk, given, family, born, victim_id, reference, grade = row
    person = Person(pk=pk, given_name=given, family_name=family, date_of_birth=born)
    # One to one: this sets the victim of the person, too.
    Victim(pk=victim_id, reference=reference, grade=grade, person=person)
    return person


def _part(victim_id: int, role: str, given: str, family: str) -> Involvement:
    person = Person(given_name=given, family_name=family)
    return Involvement(victim_id=victim_id, role=role, person=person)

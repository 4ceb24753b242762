"""The look-up's SQL: short index scans, each cut off, so that a shared number costs what any does.

Raw SQL because the union of ordered, limited scans comes out of the ORM several times slower. Every
function is one round trip; what it returns are rows, which `weigh` turns into words.
"""
# ruff: noqa: S608 - only this module's own numbers are written into the SQL; all else is a parameter.

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.prepared import Row, Statement
from incidents.grading import MOST_COUNTED

TOP = 20
#: A number used by more people than this (a hospital, a hostel) says nothing of who is calling.
FEW_PEOPLE = 8
MOST_PEOPLE = 40

# A place that is blank costs nothing: its scan is not begun.
ANCHORS = Statement(
    "history_anchors",
    f"""
    (SELECT 'number', person_id FROM victims_telephone
     WHERE number = %(number)s AND %(number)s <> ''
     ORDER BY number DESC, person_id DESC LIMIT {FEW_PEOPLE + 1})
    UNION ALL
    (SELECT CASE WHEN key = %(key)s THEN 'here' ELSE 'building' END, id FROM victims_address
     WHERE building_key = %(building)s AND %(building)s <> ''
     ORDER BY key <> %(key)s LIMIT {TOP + 1})
    UNION ALL
    (SELECT CASE WHEN until_at IS NULL THEN 'lives' ELSE 'lived' END, person_id
     FROM victims_residence
     WHERE address_id = (SELECT id FROM victims_address WHERE key = %(key)s) AND %(key)s <> ''
     ORDER BY until_at DESC NULLS FIRST LIMIT {TOP})
    UNION ALL
    (SELECT 'postcode', id FROM victims_address
     WHERE postcode = %(postcode)s AND %(postcode)s <> '' LIMIT {TOP})
    UNION ALL
    (SELECT 'here', id FROM victims_address
     WHERE uprn = %(uprn)s AND uprn <> '' AND %(uprn)s <> '' LIMIT 1)
    UNION ALL
    (SELECT CASE WHEN until_at IS NULL THEN 'lives' ELSE 'lived' END, person_id
     FROM victims_residence
     WHERE address_id = (SELECT id FROM victims_address
                         WHERE uprn = %(uprn)s AND uprn <> '' ORDER BY id LIMIT 1)
       AND %(uprn)s <> ''
     ORDER BY until_at DESC NULLS FIRST LIMIT {TOP})
    UNION ALL
    SELECT 'name', found.person_id
    FROM unnest(%(families)s, %(givens)s) AS said (family, given) CROSS JOIN LATERAL (
        SELECT person_id FROM victims_personname
        WHERE family_key = said.family AND given_key = said.given LIMIT {TOP}) found
    UNION ALL
    SELECT 'name', found.person_id
    FROM unnest(%(births)s, %(born_families)s) AS said (born, family) CROSS JOIN LATERAL (
        SELECT person_id FROM victims_personname
        WHERE date_of_birth = said.born AND family_key = said.family LIMIT {TOP}) found
    UNION ALL
    SELECT 'not_them', id FROM victims_person WHERE reference = ANY(%(not_them)s)
    UNION ALL
    SELECT 'not_this', id FROM incidents_incident WHERE reference = ANY(%(not_these)s)
    """,
    {
        "number": "text",
        "key": "text",
        "building": "text",
        "postcode": "text",
        "uprn": "text",
        "families": "text[]",
        "givens": "text[]",
        "births": "date[]",
        "born_families": "text[]",
        "not_them": "text[]",
        "not_these": "text[]",
    },
)


WITHHELD = Statement(
    "history_withheld",
    """
    SELECT 'not_them', person_id FROM victims_victim WHERE id = ANY(%(victims)s)
    UNION
    SELECT 'not_this', i.incident_id FROM victims_victim v
    JOIN incidents_involvement i ON i.person_id = v.person_id WHERE v.id = ANY(%(victims)s)
    """,
    {"victims": "bigint[]"},
)


def withheld(victim_ids: Collection[int]) -> list[Row]:
    """Who these victims are, as "not_them", and the incidents they were in, as "not_this"."""
    return WITHHELD.rows({"victims": sorted(victim_ids)})


@dataclass
class Anchors:
    """What finds addresses and people: gathered piece by piece, asked once. Blank asks nothing."""

    number: str = ""
    key: str = ""
    building: str = ""
    #: Of an address that is no more than a postcode so far.
    postcode: str = ""
    uprn: str = ""
    #: (family key, given key), both known.
    names: list[tuple[str, str]] = field(default_factory=list)
    #: (birth date, family key)
    births: list[tuple[date, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())

    def found(self, *, not_them: Sequence[str] = (), not_these: Sequence[str] = ()) -> list[Row]:
        """Rows of (kind, id): here, building, postcode for addresses; the rest for people.

        With the ids of the people and incidents set aside, given by their references, as
        "not_them" and "not_this".
        """
        if self.is_empty and not (not_them or not_these):
            return []
        return ANCHORS.rows(
            {
                "number": self.number,
                "key": self.key,
                "building": self.building,
                "postcode": self.postcode,
                "uprn": self.uprn,
                "families": [family for family, _ in self.names],
                "givens": [given for _, given in self.names],
                "births": [born for born, _ in self.births],
                "born_families": [family for _, family in self.births],
                "not_them": list(not_them),
                "not_these": list(not_these),
            }
        )


PEOPLE = Statement(
    "history_people",
    """
    SELECT p.id, p.reference, p.given_name, p.family_name, p.date_of_birth, p.birth_year,
           p.sex, v.reference, v.grade, v.grade_since, v.grade_reason,
           json_build_array(
               (SELECT json_agg(json_build_array(
                    n.given_name, n.family_name, n.given_key, n.family_key))
                FROM victims_personname n WHERE n.person_id = p.id),
               (SELECT json_agg(json_build_array(r.address_id, r.until_at IS NULL))
                FROM victims_residence r WHERE r.person_id = p.id))
    FROM victims_person p LEFT JOIN victims_victim v ON v.person_id = p.id
    WHERE p.id = ANY(%(people)s)
    """,
    {"people": "bigint[]"},
)


def people(person_ids: Sequence[int]) -> list[Row]:
    """Each person with their victim record; last, as one JSON, all names with keys and all homes.

    One, because reading JSON is dear by the piece.
    """
    return PEOPLE.rows({"people": list(person_ids)})


INCIDENTS = Statement(
    "history_incidents",
    f"""
    (SELECT id, received_at, 'number', 0 FROM incidents_incident
     WHERE caller_number = %(number)s AND caller_number <> ''
     ORDER BY received_at DESC LIMIT {TOP})
    UNION ALL
    (SELECT incident_id, received_at, 'further', 0 FROM incidents_furthercall
     WHERE caller_number = %(number)s AND caller_number <> ''
     ORDER BY received_at DESC LIMIT {TOP})
    UNION ALL
    SELECT i.id, i.received_at, 'address', a
    FROM unnest(%(addresses)s) a CROSS JOIN LATERAL (
        SELECT id, received_at FROM incidents_incident
        WHERE address_id = a ORDER BY received_at DESC LIMIT {TOP}) i
    UNION ALL
    SELECT i.incident_id, i.received_at, i.role, p
    FROM unnest(%(people)s) p CROSS JOIN LATERAL (
        SELECT incident_id, received_at, role FROM incidents_involvement
        WHERE person_id = p ORDER BY received_at DESC LIMIT {TOP}) i
    """,
    {"number": "text", "addresses": "bigint[]", "people": "bigint[]"},
)


def incidents(*, number: str, address_ids: Sequence[int], person_ids: Sequence[int]) -> list[Row]:
    """Rows of (incident, received, way, key): the newest by number, by address, by person.

    The number also finds incidents that it made only a further call about.
    """
    return INCIDENTS.rows(
        {"number": number, "addresses": list(address_ids), "people": list(person_ids)}
    )


DETAILS = Statement(
    "history_details",
    """
    SELECT i.id, i.reference, i.received_at, i.state, i.grade, i.address_id, a.line,
           i.non_crime_reason, json_build_array(
               i.answers,
               (SELECT json_agg(json_build_array(c.category, c.outcome) ORDER BY c.id)
                FROM incidents_crime c WHERE c.incident_id = i.id),
               (SELECT json_agg(json_build_array(
                    n.person_id, n.role, p.given_name, p.family_name, p.reference, n.victim_id,
                    p.date_of_birth, p.birth_year) ORDER BY n.id)
                FROM incidents_involvement n JOIN victims_person p ON p.id = n.person_id
                WHERE n.incident_id = i.id))
    FROM incidents_incident i LEFT JOIN victims_address a ON a.id = i.address_id
    WHERE i.id = ANY(%(incidents)s)
    """,
    {"incidents": "bigint[]"},
)


def details(incident_ids: Sequence[int]) -> list[Row]:
    """The incidents shown, each with its address; last, as one JSON, answers, crimes, people."""
    return DETAILS.rows({"incidents": list(incident_ids)})


# First as many as there are, each scan cut off; what was set aside is taken from those few after
# that, so that setting aside can only ever lower a count.
_COUNTED = f"""
WITH by_number AS (
    SELECT id FROM (
        (SELECT id FROM incidents_incident
         WHERE caller_number = %(number)s AND caller_number <> ''
           AND received_at >= %(since)s AND received_at < %(until)s LIMIT {MOST_COUNTED})
        UNION
        (SELECT incident_id FROM incidents_furthercall
         WHERE caller_number = %(number)s AND caller_number <> ''
           AND received_at >= %(since)s AND received_at < %(until)s LIMIT {MOST_COUNTED})
    ) called LIMIT {MOST_COUNTED}
), by_address AS (
    SELECT id FROM incidents_incident WHERE address_id = %(address)s
      AND received_at >= %(since)s AND received_at < %(until)s LIMIT {MOST_COUNTED}
), of_number AS (
    SELECT id FROM by_number WHERE {{not_this}}
      AND (cardinality(%(not_them)s) = 0 OR NOT EXISTS (
            SELECT FROM incidents_involvement
            WHERE incident_id = by_number.id AND person_id = ANY(%(not_them)s))
        OR EXISTS (
            SELECT FROM incidents_involvement
            WHERE incident_id = by_number.id AND person_id = ANY(%(found)s)))
), of_address AS (
    SELECT id FROM by_address WHERE {{not_this}}
), of_person AS (
    SELECT DISTINCT i.id FROM unnest(%(people)s) p CROSS JOIN LATERAL (
        SELECT incident_id AS id FROM incidents_involvement WHERE person_id = p
          AND role IN ('victim', 'perpetrator')
          AND received_at >= %(since)s AND received_at < %(until)s
        LIMIT {MOST_COUNTED}) i
    WHERE {{not_this}}
)
SELECT (SELECT count(*) FROM (
            SELECT id FROM of_address UNION SELECT id FROM of_person
            UNION SELECT id FROM of_number
            WHERE NOT %(shared)s AND (SELECT count(*) FROM by_number) < {MOST_COUNTED}
            LIMIT {MOST_COUNTED}) one_by_one),
       (SELECT count(*) FROM of_number), (SELECT count(*) FROM of_address),
       (SELECT count(*) FROM (SELECT FROM of_person LIMIT {MOST_COUNTED}) those)
""".replace("{not_this}", "(cardinality(%(not_these)s) = 0 OR id <> ALL(%(not_these)s))")
_MARKER = """SELECT m.kind, m.words, m.address_id, m.person_id, m.set_by_id, m.set_at, m.until
FROM victims_marker m WHERE m.until >= %(today)s AND m.ended_at IS NULL"""
_AND_MORE = f""",
       (SELECT json_agg(json_build_array(m.kind, m.words, m.address_id, m.person_id,
            (SELECT name FROM accounts_user WHERE id = m.set_by_id), m.set_at, m.until))
        FROM ({_MARKER} AND m.address_id = ANY(%(places)s)
              UNION ALL {_MARKER} AND m.person_id = ANY(%(marked)s)) m),
       (SELECT json_agg(json_build_array(one.p, one.victims)) FROM (
            SELECT p, count(DISTINCT v.victim_id) AS victims
            FROM unnest(%(perpetrators)s) p CROSS JOIN LATERAL (
                SELECT incident_id FROM incidents_involvement
                WHERE person_id = p AND role = 'perpetrator' AND received_at >= %(serial_since)s
                ORDER BY received_at DESC LIMIT 50) i
            JOIN incidents_involvement v
              ON v.incident_id = i.incident_id AND v.victim_id IS NOT NULL
            GROUP BY p) one),
       (SELECT json_agg(json_build_array(a.id, a.line, a.postcode))
        FROM victims_address a WHERE a.id = ANY(%(homes)s)),
       (SELECT json_agg(json_build_array(v.person_id, s.method, s.number, s.hours, s.code_word,
            s.may_leave_voicemail, s.checked_at))
        FROM victims_victim v JOIN victims_safecontact s ON s.victim_id = v.id AND s.is_current
        WHERE v.person_id = ANY(%(reached)s))
"""
_COUNTED_BY = {
    "number": "text",
    "address": "bigint",
    "people": "bigint[]",
    "since": "timestamptz",
    "until": "timestamptz",
    "shared": "boolean",
    "found": "bigint[]",
    "not_them": "bigint[]",
    "not_these": "bigint[]",
}
COUNTS = Statement("history_counts", _COUNTED, _COUNTED_BY)
COUNTS_AND_WARNINGS = Statement(
    "history_counts_and_warnings",
    _COUNTED + _AND_MORE,
    {
        **_COUNTED_BY,
        "places": "bigint[]",
        "marked": "bigint[]",
        "perpetrators": "bigint[]",
        "serial_since": "timestamptz",
        "today": "date",
        "homes": "bigint[]",
        "reached": "bigint[]",
    },
)


@dataclass(frozen=True)
class Counting:
    """What the counts go by. Each stops at MOST_COUNTED; a shared number counts for itself only."""

    since: datetime
    until: datetime
    #: Those who are surely meant.
    person_ids: Sequence[int]
    number: str = ""
    address_id: int | None = None
    number_is_shared: bool = False
    #: Everybody who may be meant, and the people and incidents that were set aside.
    found: Sequence[int] = ()
    not_them: Sequence[int] = ()
    not_these: Sequence[int] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "address": self.address_id,
            "people": list(self.person_ids),
            "since": self.since,
            "until": self.until,
            "shared": self.number_is_shared,
            "found": list(self.found),
            "not_them": list(self.not_them),
            "not_these": list(self.not_these),
        }


def counts(counting: Counting) -> Row:
    """(in all, by number, at the address, of the people) in the period."""
    return COUNTS.rows(counting.parameters)[0]


@dataclass(frozen=True)
class Surroundings:
    """What else is asked with the counts: whose markers, whose victims, whose way of contact."""

    #: Where those who are surely meant live now.
    homes: Sequence[int]
    perpetrators: Sequence[int]
    serial_since: datetime
    today: date
    #: Whether the reader may know how victims are reached.
    may_reach: bool = False


def counts_and_warnings(counting: Counting, around: Surroundings) -> Row:
    """The counts; then, as JSON, markers in force, different victims since an instant by
    perpetrator, addresses of the homes, and how those who are surely meant are reached."""
    here = [counting.address_id] if counting.address_id else []
    more = {
        "places": [*{*here, *around.homes}],
        "marked": [*{*counting.person_ids, *around.perpetrators}],
        "perpetrators": list(around.perpetrators),
        "serial_since": around.serial_since,
        "today": around.today,
        # With an address given, that is where it happens; homes are told only without one.
        "homes": [] if here else list(around.homes),
        "reached": list(counting.person_ids) if around.may_reach else [],
    }
    return COUNTS_AND_WARNINGS.rows({**counting.parameters, **more})[0]

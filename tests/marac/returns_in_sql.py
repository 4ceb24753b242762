"""Every figure of the return, reckoned a second time in plain SQL: nothing of marac.returns."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

Figure = tuple[Any, Any, Any]

#: What was heard, with the day on the wall clock; `sixteen` and `minor`: what is known of ages.
HEARD = """
WITH heard AS (
  SELECT h.id, h.case_id, h.is_repeat, h.ended_at, h.part = 'flags' AS flag, m.id AS meeting,
         m.conference_id AS conference, c.children, c.agency_id AS agency, a.kind, c.repeat_of_id,
         c.victim_id, c.perpetrator_id, c.minority_ethnic, c.lgbt, c.disability, v.sex,
         (m.began_at AT TIME ZONE 'Europe/London')::date AS day,
         (c.proposed_at AT TIME ZONE 'Europe/London')::date AS proposed,
         v.date_of_birth AS vd, v.birth_year AS vy, p.date_of_birth AS pd, p.birth_year AS py
    FROM marac_hearing h
    JOIN marac_meeting m ON m.id = h.meeting_id
    JOIN marac_maraccase c ON c.id = h.case_id
    JOIN accounts_agency a ON a.id = c.agency_id
    JOIN victims_victim vv ON vv.id = c.victim_id
    JOIN victims_person v ON v.id = vv.person_id
    LEFT JOIN victims_person p ON p.id = c.perpetrator_id
   WHERE h.state = 'concluded' AND m.state = 'held'
), aged AS (
  SELECT *,
    CASE WHEN vd IS NOT NULL THEN date_part('year', age(day, vd)) IN (16, 17)
         WHEN vy = date_part('year', day) - 17 THEN true
         WHEN vy >= date_part('year', day) - 15 OR vy <= date_part('year', day) - 19 THEN false
    END AS sixteen,
    CASE WHEN pd IS NOT NULL THEN date_part('year', age(day, pd)) < 18
         WHEN py >= date_part('year', day) - 17 THEN true
         WHEN py <= date_part('year', day) - 19 THEN false
    END AS minor
  FROM heard
)
"""
CASES = (
    HEARD
    + """
SELECT count(*), count(DISTINCT case_id), coalesce(sum(children), 0),
  count(*) FILTER (WHERE is_repeat), count(*) FILTER (WHERE kind <> 'police'),
  count(*) FILTER (WHERE minority_ethnic = 'yes'), count(*) FILTER (WHERE minority_ethnic = 'no'),
  count(*) FILTER (WHERE lgbt = 'yes'), count(*) FILTER (WHERE lgbt = 'no'),
  count(*) FILTER (WHERE disability = 'yes'), count(*) FILTER (WHERE disability = 'no'),
  count(*) FILTER (WHERE sex = 'male'), count(*) FILTER (WHERE sex IN ('female', 'other')),
  count(*) FILTER (WHERE sixteen), count(*) FILTER (WHERE NOT sixteen),
  count(*) FILTER (WHERE minor), count(*) FILTER (WHERE NOT minor)
FROM aged WHERE NOT flag AND conference = ANY(%(conferences)s)
  AND day BETWEEN %(first)s AND %(last)s AND meeting = ANY(%(meetings)s)
"""
)
MEETINGS = """
SELECT id FROM marac_meeting WHERE state = 'held' AND conference_id = ANY(%(conferences)s)
  AND (began_at AT TIME ZONE 'Europe/London')::date BETWEEN %(first)s AND %(last)s
ORDER BY began_at DESC, id DESC
"""
FLAGS = HEARD + "SELECT count(*) FROM heard WHERE flag AND meeting = ANY(%(meetings)s)"
BY = (
    HEARD
    + """
SELECT {by}, count(*) FROM heard WHERE NOT flag AND meeting = ANY(%(meetings)s) GROUP BY 1
"""
)
WAITS = (
    HEARD
    + """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY day - proposed),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY day - proposed), max(day - proposed)
FROM heard one WHERE NOT flag AND meeting = ANY(%(meetings)s)
  AND NOT EXISTS (SELECT FROM marac_hearing h WHERE h.case_id = one.case_id
    AND h.state = 'concluded' AND h.part <> 'flags' AND h.ended_at < one.ended_at)
"""
)
ACTIONS = """
SELECT count(*), count(*) FILTER (WHERE a.state = 'done'),
  count(*) FILTER (WHERE a.state = 'done' AND settled_at < due_at),
  count(*) FILTER (WHERE a.state = 'not_done'), count(*) FILTER (WHERE a.state = 'overtaken'),
  count(*) FILTER (WHERE a.state = 'open'),
  count(*) FILTER (WHERE a.state = 'open' AND due_at <= %(at)s)
FROM marac_maracaction a JOIN marac_hearing h ON h.id = a.hearing_id
WHERE h.meeting_id = ANY(%(meetings)s)
  AND (%(agency)s::bigint IS NULL OR a.agency_id = %(agency)s)
"""
CAME = """
SELECT count(*), count(*) FILTER (WHERE state = 'attended'),
  count(*) FILTER (WHERE state = 'apologies'), count(*) FILTER (WHERE state = 'absent')
FROM marac_invitation WHERE meeting_id = ANY(%(meetings)s)
  AND (%(agency)s::bigint IS NULL OR agency_id = %(agency)s)
"""
#: The same two: one case, the case that it repeats, or the same people.
AGAIN = (
    HEARD.rstrip()
    + """, cohort AS (
  SELECT * FROM heard WHERE NOT flag AND conference = ANY(%(conferences)s)
    AND day BETWEEN %(first)s AND %(last)s
)
SELECT count(*) FILTER (WHERE EXISTS (
  SELECT FROM heard later WHERE NOT later.flag AND later.is_repeat
    AND later.day > cohort.day AND (later.day - interval '12 months') <= cohort.day
    AND (later.case_id = cohort.case_id OR later.repeat_of_id = cohort.case_id
      OR (later.victim_id = cohort.victim_id AND later.perpetrator_id = cohort.perpetrator_id))
)), count(*) FROM cohort
"""
)
WOMEN = """
SELECT (SELECT adult_women FROM marac_population p WHERE p.conference_id = c.id
          AND p.year <= %(year)s ORDER BY p.year DESC LIMIT 1)
FROM marac_conference c WHERE c.id = ANY(%(conferences)s)
"""


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def meetings(conferences: Sequence[int], first: date, last: date) -> list[int]:
    found = rows(MEETINGS, conferences=list(conferences), first=first, last=last)
    return [pk for (pk,) in found]


def reckoned(
    conferences: Sequence[int], first: date, last: date, held: Sequence[int], at: datetime
) -> dict[str, Figure]:
    """Code to number, of, not known; None where a figure is no share."""
    values = {"conferences": list(conferences), "first": first, "last": last, "meetings": held}
    ((cases, different, children, repeats, partners, *answers),) = rows(CASES, **values)
    found: dict[str, Figure] = {
        "meetings": (len(held), None, None),
        "cases": (cases, None, None),
        "different": (different, None, None),
        "children": (children, None, None),
        "repeats": (repeats, cases, 0),
        "from_partners": (partners, cases, 0),
        "flags": (rows(FLAGS, meetings=held)[0][0], None, None),
    }
    names = (
        *("minority_ethnic", "lgbt", "disability", "male"),
        *("victims_16_17", "perpetrators_under_18"),
    )
    for place, name in enumerate(names):
        yes, no = answers[2 * place : 2 * place + 2]
        found[name] = (yes, yes + no, cases - yes - no)
    for kind, number in rows(BY.format(by="kind"), meetings=held):
        found[f"by_{kind}"] = (number, cases, 0)
    for name, value in zip(
        ("first_heard", "wait_median", "wait_nine", "wait_longest"),
        rows(WAITS, meetings=held)[0],
        strict=True,
    ):
        found[name] = (value, None, None)
    return {**found, **_done(held, at)}


def _done(held: Sequence[int], at: datetime) -> dict[str, Figure]:
    agreed, done, in_time, not_done, overtaken, still, overdue = actions(held, at)
    invited, came, _, _ = attendance(held)
    return {
        "agreed": (agreed, None, None),
        "completion": (done, done + not_done + overdue, 0),
        "in_time": (in_time, done, 0),
        "not_done": (not_done, None, None),
        "overtaken": (overtaken, None, None),
        "open": (still, None, None),
        "overdue": (overdue, None, None),
        "attendance": (came, invited, 0),
    }


def actions(held: Sequence[int], at: datetime, agency: int | None = None) -> tuple[Any, ...]:
    return rows(ACTIONS, meetings=held, at=at, agency=agency)[0]


def attendance(held: Sequence[int], agency: int | None = None) -> tuple[Any, ...]:
    return rows(CAME, meetings=held, agency=agency)[0]


def referred(held: Sequence[int]) -> dict[int, int]:
    return dict(rows(BY.format(by="agency"), meetings=held))


def again(conferences: Sequence[int], first: date, last: date) -> tuple[int, int]:
    ((number, of),) = rows(AGAIN, conferences=list(conferences), first=first, last=last)
    return number, of


def women(conferences: Sequence[int], year: int) -> int | None:
    found = [one for (one,) in rows(WOMEN, conferences=list(conferences), year=year)]
    return None if None in found else sum(found)

"""What the conferences tell a call and a briefing: flags that stand, and actions for officers."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from core.clock import local
from core.prepared import Statement
from incidents.history import told
from incidents.history.told import Asked, Told

#: More than so many are not read on the telephone; what is due first comes first.
MOST = 20

_TOLD = Statement(
    "marac_told",
    f"""
    WITH known AS (
        SELECT c.id, c.conference_id, c.victim_id, harmed.id AS person_id, c.perpetrator_id,
               victim.reference AS victim,
               trim(harmed.given_name || ' ' || harmed.family_name) AS name
          FROM marac_maraccase c
          JOIN victims_victim victim ON victim.id = c.victim_id
          JOIN victims_person harmed ON harmed.id = victim.person_id
         WHERE c.id IN (
                   SELECT one.id FROM marac_maraccase one
                     JOIN victims_victim v ON v.id = one.victim_id
                    WHERE v.person_id = ANY(%(people)s)
                   UNION
                   SELECT one.id FROM marac_maraccase one
                    WHERE one.perpetrator_id = ANY(%(people)s))
           AND NOT (c.victim_id = ANY(%(withheld)s))
    ), near AS (
        SELECT hearing.case_id
          FROM marac_conflict said JOIN marac_hearing hearing ON hearing.id = said.hearing_id
         WHERE said.person_id = %(reader)s
    )
    (SELECT 'flag', known.victim, known.person_id, known.perpetrator_id, known.name,
            conference.name, flag.from_at, flag.until_at, NULL::date, '', ''
       FROM known
       JOIN marac_maracflag flag ON flag.case_id = known.id AND flag.ended_at IS NULL
       JOIN marac_conference conference ON conference.id = known.conference_id
      WHERE flag.until_at > %(at)s
        AND NOT EXISTS (SELECT FROM near WHERE near.case_id = known.id)
      ORDER BY flag.until_at DESC LIMIT {MOST})
    UNION ALL
    (SELECT 'action', action.reference, known.person_id, known.perpetrator_id, known.name,
            agency.name, action.agreed_at, action.due_at, action.due_on, action.words,
            coalesce(owner.name, '')
       FROM known
       JOIN marac_maracaction action ON action.case_id = known.id AND action.state = 'open'
       JOIN accounts_agency agency ON agency.id = action.agency_id
       LEFT JOIN accounts_user owner ON owner.id = action.owner_id
      WHERE action.is_for_officers
        AND NOT EXISTS (SELECT FROM near WHERE near.case_id = known.id)
      ORDER BY action.due_at LIMIT {MOST})
    """,  # noqa: S608 - only this module's own number is written into the SQL.
    {"people": "bigint[]", "withheld": "bigint[]", "at": "timestamptz", "reader": "bigint"},
)


def flags_and_actions(asked: Asked) -> Iterable[Told]:
    """What conferences said of these people and what officers must know of it. One query.

    Nothing of a victim who is withheld from the reader, nor of a case that is near to them.
    """
    people = sorted({*asked.person_ids, *asked.perpetrator_ids})
    if not people:
        return
    rows = _TOLD.rows(
        {
            "people": people,
            "withheld": sorted(asked.reader.withheld_victims),
            "at": asked.at,
            "reader": asked.reader.pk,
        }
    )
    for what, reference, harmed, perpetrator, name, by, since, until, due, words, who in rows:
        flagged = what == "flag"
        yield Told(
            _flag(name, by, since, until) if flagged else _action(name, by, who, words, due, asked),
            person_id=harmed if harmed in asked.person_ids else perpetrator,
            reference=reference,
            url=reverse("victims:detail" if flagged else "marac:action", args=[reference]),
        )


def _flag(name: str, conference: str, since: datetime, until: datetime) -> str:
    heard, last = _day(local(since).date()), _day(local(until).date())
    return (
        f"{name or 'Name not known'}: heard by the {conference} conference {heard}, flag to {last}"
    )


def _action(name: str, agency: str, who: str, words: str, due: date, asked: Asked) -> str:
    by = f"{agency}, {who}" if who else agency
    tense = "was due" if due < local(asked.at).date() else "by"
    return f"Action for {name or 'name not known'}, {by}: {words} ({tense} {_day(due)})"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


told.register(told.CONFERENCES, flags_and_actions)

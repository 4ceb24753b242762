"""The statements of the sweep: set-based, so that 100,000 due deadlines take seconds.

`CLAIM` locks a batch; `ESCALATE` writes everything that follows for it in one statement: the row's
next state, one escalation for each step behind us, the breach on the timeline, and who is told:
whoever is away and whoever stands in for them; never somebody from whom the victim is withheld.
"""

#: Locked rows are somebody else's at this moment (another sweep, or a person settling one): they
#: are looked at next time. NO KEY: rows that only refer to a deadline need not wait.
CLAIM = """
SELECT id, kind, subject_id
  FROM deadlines_deadline
 WHERE look_at <= %(at)s AND set_aside_at IS NULL
 ORDER BY look_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE SKIP LOCKED
"""

#: Parameters: ids, at, kinds and rungs (JSON), head (the role told when nobody else hears),
#: zone, actor and actor_name. Steps are numbered from 0; `above` is below 0 for a warning, 0 for
#: the breach, and the number of the rung above it. `counted` (JSON, by the row's number)
#: is what the reminders of a row count down to; `named` (JSON, by the row's number) is whom its
#: kind itself names, and for which rung.
ESCALATE = """
WITH kind AS (
    SELECT * FROM jsonb_to_recordset(%(kinds)s) AS k (code text, name text, path text)
), rung AS (
    SELECT * FROM jsonb_to_recordset(%(rungs)s) AS r (kind text, rung int, who text, role text)
), looked AS (
    SELECT d.id, d.kind, d.subject_reference AS reference, d.victim_id, d.team_id, d.started_at,
           d.due_at, d.basis, d.state, d.step_times, d.steps_taken, d.round,
           d.paused_at IS NULL AND d.due_at <= %(at)s AS is_over,
           (SELECT u.id FROM accounts_user u WHERE u.id = d.owner_id AND u.is_active) AS owner_id,
           (SELECT count(*)::int FROM unnest(d.step_times) t WHERE t < d.due_at) AS breach,
           cardinality(d.step_times) - 1 AS last,
           CASE WHEN d.paused_at IS NULL
                THEN (SELECT count(*)::int FROM unnest(d.step_times) t WHERE t <= %(at)s)
                ELSE d.steps_taken END AS reached,
           CASE WHEN d.paused_at IS NULL
                THEN (SELECT min(t) FROM unnest(d.step_times) t WHERE t > %(at)s) END AS look_next
      FROM deadlines_deadline d
     WHERE d.id = ANY(%(ids)s)
), moved AS (
    UPDATE deadlines_deadline d
       SET steps_taken = greatest(l.steps_taken, l.reached),
           state = CASE WHEN l.is_over THEN 'breached' ELSE l.state END,
           look_at = l.look_next
      FROM looked l
     WHERE d.id = l.id
), counted AS (
    SELECT * FROM jsonb_to_recordset(%(counted)s)
        AS c (id bigint, what text, at timestamptz, words text)
), named AS (
    SELECT * FROM jsonb_to_recordset(%(named)s) AS n (id bigint, what text, person bigint)
), step AS (
    SELECT l.*, n AS step, n - l.breach AS above, l.step_times[n + 1] AS scheduled_at,
           CASE WHEN n < l.breach THEN c.what || CASE
               WHEN h.lead <= 0 THEN ' now'
               WHEN h.lead = 168 THEN ' in a week'
               WHEN h.lead %% 168 = 0 THEN ' in ' || h.lead / 168 || ' weeks'
               WHEN h.lead = 24 THEN ' in a day'
               WHEN h.lead %% 24 = 0 THEN ' in ' || h.lead / 24 || ' days'
               WHEN h.lead = 1 THEN ' in an hour'
               ELSE ' in ' || h.lead || ' hours' END END AS reminder,
           c.words AS reminded_of
      FROM looked l
     CROSS JOIN generate_series(l.steps_taken, l.reached - 1) n
      LEFT JOIN counted c ON c.id = l.id
     CROSS JOIN LATERAL (
           SELECT round(extract(epoch FROM c.at - l.step_times[n + 1]) / 3600)::int AS lead) h
), taken AS (
    INSERT INTO deadlines_escalation (deadline_id, round, step, name, scheduled_at, taken_at)
    SELECT id, round, step,
           CASE WHEN reminder IS NOT NULL THEN reminder
                WHEN above < 0 THEN
                    'Warning: '
                    || round(100 * extract(epoch FROM scheduled_at - started_at)
                             / nullif(extract(epoch FROM due_at - started_at), 0))
                    || ' %% of the time used'
                WHEN above = 0 THEN 'Out of time'
                ELSE round(extract(epoch FROM scheduled_at - due_at) / 3600) || ' h over' END,
           scheduled_at, %(at)s
      FROM step
        ON CONFLICT (deadline_id, round, step) DO NOTHING
    RETURNING id, deadline_id, step, name
), called AS (
    SELECT t.id AS escalation_id, t.deadline_id, s.owner_id, s.team_id, r.who, r.role
      FROM taken t
      JOIN step s ON s.id = t.deadline_id AND s.step = t.step
      JOIN rung r ON r.kind = s.kind
       AND (r.rung = greatest(s.above, 0) OR (s.step = s.last AND r.rung > s.above))
), holder AS (
    SELECT g.name AS role, u.id AS user_id
      FROM auth_group g
      JOIN accounts_user_groups m ON m.group_id = g.id
      JOIN accounts_user u ON u.id = m.user_id AND u.is_active AND NOT u.is_system
     WHERE g.name = %(head)s OR g.name IN (SELECT role FROM rung)
), called_out AS (
    SELECT escalation_id, owner_id AS user_id
      FROM called WHERE who = 'owner' AND owner_id IS NOT NULL
    UNION ALL
    SELECT c.escalation_id, u.id
      FROM called c
      JOIN accounts_user u ON u.team_id = c.team_id AND u.is_active AND NOT u.is_system
     WHERE c.who = 'owner' AND c.owner_id IS NULL
    UNION ALL
    SELECT c.escalation_id, u.id
      FROM called c
      JOIN accounts_team t ON t.id = c.team_id
      JOIN accounts_user u ON u.id = t.supervisor_id AND u.is_active
     WHERE c.who = 'team_supervisor'
    UNION ALL
    SELECT c.escalation_id, h.user_id
      FROM called c JOIN holder h ON h.role = c.role
     WHERE c.who = 'role'
    UNION ALL
    SELECT c.escalation_id, u.id
      FROM called c
      JOIN named n ON n.id = c.deadline_id AND n.what = c.role
      JOIN accounts_user u ON u.id = n.person AND u.is_active AND NOT u.is_system
     WHERE c.who = 'named'
), heard AS (
    SELECT escalation_id, user_id FROM called_out
    UNION ALL
    SELECT o.escalation_id, a.cover_id
      FROM called_out o
      JOIN accounts_absence a
        ON a.person_id = o.user_id AND a.from_at <= %(at)s AND a.until_at > %(at)s
      JOIN accounts_user u ON u.id = a.cover_id AND u.is_active
     WHERE NOT EXISTS (SELECT 1 FROM accounts_absence b
                        WHERE b.person_id = a.cover_id
                          AND b.from_at <= %(at)s AND b.until_at > %(at)s)
), listener AS (
    SELECT escalation_id, user_id FROM heard
    UNION ALL
    SELECT t.id, h.user_id
      FROM taken t JOIN holder h ON h.role = %(head)s
     WHERE NOT EXISTS (SELECT 1 FROM heard WHERE heard.escalation_id = t.id)
), barred AS (
    SELECT w.victim_id, u.id AS user_id
      FROM accounts_withholding w
      LEFT JOIN accounts_team t ON t.agency_id = w.agency_id
      JOIN accounts_user u ON u.id = w.person_id OR u.team_id = t.id
     WHERE w.ended_at IS NULL AND w.victim_id IN (SELECT victim_id FROM looked)
), message AS (
    SELECT DISTINCT ON (t.deadline_id, l.user_id)
           t.deadline_id, l.user_id, t.id AS escalation_id, t.step
      FROM listener l
      JOIN taken t ON t.id = l.escalation_id
      JOIN looked d ON d.id = t.deadline_id
     WHERE NOT EXISTS (SELECT 1 FROM barred b
                        WHERE b.victim_id = d.victim_id AND b.user_id = l.user_id)
     ORDER BY t.deadline_id, l.user_id, t.step DESC
), told AS (
    INSERT INTO deadlines_notification
           (user_id, deadline_id, victim_id, escalation_id, level, headline, reference, path,
            created_at)
    SELECT m.user_id, m.deadline_id, s.victim_id, m.escalation_id,
           CASE WHEN s.above < 0 THEN 'warning' ELSE 'breach' END,
           CASE
               WHEN s.reminder IS NOT NULL THEN s.reminder || ': ' || s.reminded_of
               WHEN s.above < 0 THEN
                   k.name || ' due ' || w.due || ': ' || substr(t.name, 10)
               WHEN s.above = 0 THEN k.name || ' out of time: was due ' || w.due
               ELSE k.name || ' still not done, ' || t.name || ': was due ' || w.due END,
           s.reference, replace(k.path, 'XX-0000-000000', s.reference), %(at)s
      FROM message m
      JOIN step s ON s.id = m.deadline_id AND s.step = m.step
      JOIN taken t ON t.id = m.escalation_id
      JOIN kind k ON k.code = s.kind
     CROSS JOIN LATERAL (
           SELECT to_char(s.due_at AT TIME ZONE %(zone)s, 'FMDD Mon, HH24:MI') AS due) w
    RETURNING 1
), breached AS (
    INSERT INTO audit_auditevent
           (at, recorded_at, actor_id, actor_name, verb, headline, detail, is_grave, subject,
            victim_id)
    SELECT l.due_at, %(at)s, %(actor)s, %(actor_name)s, 'deadline.breached',
           left(k.name || ' out of time: ' || l.basis, 300),
           jsonb_build_object('kind', l.kind, 'due', l.due_at, 'basis', l.basis, 'round', l.round),
           true, l.reference, l.victim_id
      FROM looked l JOIN kind k ON k.code = l.kind
     WHERE l.is_over AND l.state = 'running'
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM breached), (SELECT count(*) FROM told)
"""

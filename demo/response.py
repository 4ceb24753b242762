"""What officers did and found, and the crimes recorded."""

from dataclasses import dataclass

from demo import words
from demo.answers import as_json
from demo.case import CRIMES, Case
from demo.clocks import Clock, Clocks
from demo.found import Found
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, World
from incidents.deadlines import CRIME_RECORDED
from incidents.models import Crime, FirstResponse
from incidents.safety import MEASURES

FIRST_RESPONSE = Table(
    FirstResponse, "id", "incident_id", "officer_id", "positive_action", "positive_action_reason",
    "spoken_apart", "spoken_apart_reason", "children_present", "account",
    "golden_hour", "body_worn_video", "body_worn_video_exhibit", "body_worn_video_reason",
    "supports_prosecution", "wishes", "evidence_led_plan", "counter_allegation", "counter_view",
    "counter_protect_id", "counter_reason", "safety_measures", "safety_plan", "recorded_at",
    "version", "crimes_committed",
)  # fmt: skip
CRIME = Table(
    Crime, "id", "incident_id", "victim_id", "category", "number", "recorded_at",
    "recorded_by_id", "arrests", "outcome", "outcome_at", "outcome_words", "version",
)  # fmt: skip

_GOLDEN = (
    '["neighbours","photographs_scene","first_account"]',
    '["call_recording","first_account"]',
    '["neighbours","cctv","photographs_injuries","first_account"]',
    '["messages","first_account"]',
    '["photographs_injuries","photographs_scene","call_recording","clothing"]',
    "[]",
)
_OUTCOMES = {code: str(label).lower() for code, label in Crime.Outcome.choices}
_ACTIONS = {code: str(label).lower() for code, label in FirstResponse.PositiveAction.choices}


#: First responses made beforehand for each sort of incident, to be drawn from.
POOL = 150


@dataclass(frozen=True)
class _Findings:
    """Columns of one first response: up to the video, between it and the counter-allegation, and
    what was put in place."""

    action: str
    before: str
    has_video: bool
    after: str
    safety: str


class Response:
    """Writes what the response team did and found at a case."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self.crime_clock = Clock(world, CRIME_RECORDED)
        self._findings = {
            (arrested, children, crime): [
                self._some_findings(arrested, children, crime) for _ in range(POOL)
            ]
            for arrested in (False, True)
            for children in (False, True)
            for crime in (False, True)
        }
        self.found = Found(world)
        self._response, self._response_id = (
            world.lines.to(FIRST_RESPONSE),
            world.ids(FIRST_RESPONSE),
        )
        self._crime, self._crime_id = world.lines.to(CRIME), world.ids(CRIME)

    def write(self, case: Case) -> None:
        """As far as the case has come."""
        if not case.recorded:
            return
        arrested = any(crime.arrests for crime in case.crimes)
        pool = self._findings[arrested, case.children > 0, bool(case.crimes)]
        drawn = pool[int(self.random.random() * len(pool))]
        named = [crime.category for crime in case.crimes] or ([case.owed] if case.owed else [])
        listed = ",".join([f'"{category}"' for category in named])
        video = f"{case.officer.initials}/1" if drawn.has_video else ""
        number = self._response_id()
        self._response(
            f"{number}\t{case.id}\t{case.officer.id}\t{drawn.before}\t{video}\t{drawn.after}\t"
            f"{self._counter(case)}\t{drawn.safety}\t{stamp(case.recorded)}\t1\t[{listed}]"
        )
        self.found.write(case, number)
        action = drawn.action
        words_of = "no positive action" if action == "none" else _ACTIONS[action]
        self.world.audit(
            case.recorded,
            case.officer,
            "incident.first_response_recorded",
            f"First response recorded: {words_of}",
            case.reference,
            NULL,
            case.id,
            '{"version":1,"before":{},"after":{}}',
            arrested,
        )
        if case.counter:
            self._record_counter(case)
        if case.crimes:
            self._write_crimes(case)
        elif case.owed:
            self._crime_duty(case, None)

    def _counter(self, case: Case) -> str:
        """The columns of a counter-allegation: whether, the officer's view, for whom, and why."""
        if not case.counter:
            return f"no\t\t{NULL}\t"
        chance = self.random.random()
        view = "one" if chance < 0.6 else "unclear" if chance < 0.85 else "both"
        protect = case.victim.id if view == "one" else NULL
        return f"yes\t{view}\t{protect}\t{self.random.choice(words.COUNTER_REASONS[view])}"

    def _record_counter(self, case: Case) -> None:
        victim, other = case.perpetrator.reference, case.victim.reference
        self.world.audit(
            case.recorded,
            case.officer,
            "incident.counter_allegation_recorded",
            "Counter-allegation: each stands as victim and as perpetrator",
            case.reference,
            NULL,
            case.id,
            f'{{"by":"{victim}","against":"{other}",'
            f'"roles_added":["victim: {victim}","perpetrator: {other}"],"aid":{{}}}}',
            True,
        )

    def _some_findings(self, arrested: bool, children: bool, crime: bool) -> _Findings:
        """One first response, without what belongs to a case alone."""
        draw, choice = self.random.random, self.random.choice
        action, reason = self._action(arrested)
        apart = "yes" if draw() < 0.93 else "no"
        video = draw() < 0.95
        supports = "n/a" if not crime else "yes" if draw() < 0.55 else "no"
        before = (
            action,
            reason,
            apart,
            words.NOT_APART[0] if apart == "no" else "",
            "yes" if children else "no",
            choice(words.ACCOUNTS),
            choice(_GOLDEN),
            "yes" if video else "no",
        )
        after = (
            "" if video else words.NO_VIDEO[0],
            supports,
            choice(words.WISHES) if supports != "n/a" or draw() < 0.3 else "",
            choice(words.EVIDENCE_LED) if supports == "no" else "",
        )
        safety = (self._measures(children), choice(words.SAFETY_PLANS))
        return _Findings(action, "\t".join(before), video, "\t".join(after), "\t".join(safety))

    def _measures(self, children: bool) -> str:
        """Some of the immediate safety plan's measures, in the list's own order."""
        able = [code for code in MEASURES if children or code not in {"children", "school"}]
        taken = set(self.random.sample(able, 2 + int(self.random.random() * 4)))
        return as_json([code for code in able if code in taken])

    def _action(self, arrested: bool) -> tuple[str, str]:
        if arrested:
            return "arrest", words.ACTION_REASONS[0]
        chance = self.random.random()
        if chance < 0.45:
            return "support", words.ACTION_REASONS[2]
        if chance < 0.7:
            return "referral", words.ACTION_REASONS[3]
        if chance < 0.88:
            return "removal", words.ACTION_REASONS[1]
        return "none", self.random.choice(words.NO_ACTION_REASONS)

    def _write_crimes(self, case: Case) -> None:
        """Most get their number with the first response, the others within the day, few later."""
        draw, at = self.random.random, self.world.at
        recorded = case.recorded
        if draw() < 0.25:
            recorded = min(recorded + int(draw() * 9 * HOUR) + (DAY if draw() < 0.04 else 0), at)
            self._crime_duty(case, recorded)
        for crime in case.crimes:
            number = self._crime_id()
            decided = 0
            if crime.outcome:
                decided = max(min(recorded + int((1 + 60 * draw()) * DAY), at - HOUR), recorded)
            written = f"35/{number:06}/{stamp(recorded)[2:4]}"
            self._crime(
                f"{number}\t{case.id}\t{case.record.id}\t{crime.category}\t{written}\t"
                f"{stamp(recorded)}\t{case.officer.id}\t{crime.arrests}\t{crime.outcome}\t"
                f"{stamp(decided) if decided else NULL}\t{self._why(crime.outcome)}\t1"
            )
            if decided:
                self._outcome(case, written, crime.outcome, decided)
            self.world.audit(
                recorded,
                case.officer,
                "incident.crime_recorded",
                f"Crime recorded: {CRIMES[crime.category]}, {written}",
                case.reference,
                NULL,
                case.id,
                f'{{"number":"{written}","category":"{crime.category}"}}',
                True,
            )

    def _why(self, outcome: str) -> str:
        """No further action needs words."""
        if outcome != "no_further_action":
            return ""
        return words.NO_FURTHER_ACTION[int(self.random.random() * len(words.NO_FURTHER_ACTION))]

    def _outcome(self, case: Case, number: str, outcome: str, at: int) -> None:
        self.world.audit(
            at,
            case.officer,
            "incident.crime_outcome",
            f"{number}: {_OUTCOMES[outcome]}",
            case.reference,
            NULL,
            case.id,
            f'{{"number":"{number}","outcome":"{outcome}"}}',
            outcome == "charge",
        )

    def _crime_duty(self, case: Case, recorded: int | None) -> None:
        self.clocks.write(
            self.crime_clock,
            case.id,
            case.reference,
            case.record.id,
            case.crew.id,
            case.received,
            recorded,
            owner=case.officer,
        )

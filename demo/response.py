"""Going there: officers sent, what they did and found, and the crimes recorded."""

from demo import words
from demo.case import CRIMES, Case
from demo.clocks import Clock, Clocks
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, World
from incidents.deadlines import CRIME_RECORDED
from incidents.models import Crime, Deployment, FirstResponse

DEPLOYMENT = Table(
    Deployment, "id", "incident_id", "officer_id", "unit_id", "sent_at", "sent_by_id",
    "briefing_read_at", "arrive_by", "arrived_at", "cleared_at", "stood_down_reason",
)  # fmt: skip
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
_ACTIONS = {code: str(label).lower() for code, label in FirstResponse.PositiveAction.choices}


#: First responses made beforehand for each sort of incident, to be drawn from.
POOL = 150


class Response:
    """Writes what the response team did about a case."""

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
        self._sent, self._sent_id = world.lines.to(DEPLOYMENT), world.ids(DEPLOYMENT)
        self._response, self._response_id = (
            world.lines.to(FIRST_RESPONSE),
            world.ids(FIRST_RESPONSE),
        )
        self._crime, self._crime_id = world.lines.to(CRIME), world.ids(CRIME)

    def write(self, case: Case) -> None:
        """As far as the case has come."""
        if case.sent:
            self._write_deployments(case)
        if case.recorded:
            self._write_response(case)

    def _write_deployments(self, case: Case) -> None:
        sent, arrived = stamp(case.sent), stamp(case.arrived) if case.arrived else NULL
        read = stamp(case.sent + 60) if case.arrived else NULL
        for officer in (case.officer, case.second):
            self._sent(
                f"{self._sent_id()}\t{case.id}\t{officer.id}\t{NULL}\t{sent}\t{case.handler.id}\t"
                f"{read}\t{NULL}\t{arrived}\t{stamp(case.recorded) if case.recorded else NULL}\t"
            )
        audit = self.world.audit
        audit(
            case.sent,
            case.handler,
            "incident.officers_sent",
            "Two officers sent",
            case.reference,
            NULL,
            case.id,
            f'{{"officers":["{case.officer.name}","{case.second.name}"],"fewer_reason":""}}',
        )
        if case.arrived:
            case.record.responsible, case.record.team = case.officer, case.crew.id
            minutes = (case.arrived - case.received) // MINUTE
            length = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
            audit(
                case.arrived,
                case.officer,
                "incident.officer_arrived",
                f"{case.officer.name} arrived {length} after the call",
                case.reference,
                NULL,
                case.id,
            )

    def _write_response(self, case: Case) -> None:
        arrested = any(crime.arrests for crime in case.crimes)
        pool = self._findings[arrested, case.children > 0, bool(case.crimes)]
        action, findings = pool[int(self.random.random() * len(pool))]
        named = [crime.category for crime in case.crimes] or ([case.owed] if case.owed else [])
        listed = ",".join([f'"{category}"' for category in named])
        self._response(
            f"{self._response_id()}\t{case.id}\t{case.officer.id}\t{findings}\t"
            f"{stamp(case.recorded)}\t1\t[{listed}]"
        )
        words_of = "no positive action" if action == "none" else _ACTIONS[action]
        self.world.audit(
            case.recorded,
            case.officer,
            "incident.first_response_recorded",
            f"First response recorded: {words_of}",
            case.reference,
            NULL,
            case.id,
            "{}",
            arrested,
        )
        if case.crimes:
            self._write_crimes(case)
        elif case.owed:
            self._crime_duty(case, None)

    def _some_findings(self, arrested: bool, children: bool, crime: bool) -> tuple[str, str]:
        """(positive action, the columns from it to the safety plan) of one first response."""
        draw, choice = self.random.random, self.random.choice
        action, reason = self._action(arrested)
        apart = "yes" if draw() < 0.93 else "no"
        video = "yes" if draw() < 0.95 else "no"
        supports = "n/a" if not crime else "yes" if draw() < 0.55 else "no"
        columns = (
            action,
            reason,
            apart,
            words.NOT_APART[0] if apart == "no" else "",
            "yes" if children else "no",
            choice(words.ACCOUNTS),
            choice(_GOLDEN),
            video,
            "BWV/1" if video == "yes" else "",
            words.NO_VIDEO[0] if video == "no" else "",
            supports,
            "",
            choice(words.EVIDENCE_LED) if supports == "no" else "",
            "no",
            "",
            NULL,
            "",
            "[]",
            choice(words.SAFETY_PLANS),
        )
        return action, "\t".join(columns)

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
                f"{stamp(decided) if decided else NULL}\t\t1"
            )
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

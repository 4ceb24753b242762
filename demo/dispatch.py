"""Who is sent and when they are there, with the clocks of the incident and of each officer."""

from demo import words
from demo.case import Case
from demo.clocks import Clocks, FixedClock
from demo.tables import NULL, Table, stamp
from demo.world import MINUTE, Worker, World
from incidents import grading
from incidents.deadlines import ARRIVAL, ATTENDANCE
from incidents.models import Deployment, ResponseGrade

DEPLOYMENT = Table(
    Deployment, "id", "incident_id", "officer_id", "unit_id", "sent_at", "sent_by_id",
    "briefing_read_at", "arrive_by", "arrived_at", "cleared_at", "stood_down_reason",
)  # fmt: skip


class Dispatch:
    """Writes what the control room did about a case once it was logged."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self.attendance, self.arrival = FixedClock(world, ATTENDANCE), FixedClock(world, ARRIVAL)
        self._sent, self._sent_id = world.lines.to(DEPLOYMENT), world.ids(DEPLOYMENT)
        self._minutes = {
            (grade, rural): grading.allowance(grade, world.policy, rural=rural)
            for grade in ResponseGrade.values
            for rural in (False, True)
        }

    def write(self, case: Case) -> None:
        """Officers sent, or nobody and why; and whether somebody was there in time."""
        nobody = case.logged + 90 if case.not_sent else 0
        self.clocks.write_fixed(
            self.attendance,
            case.id,
            case.reference,
            case.record.id,
            self.world.cast.control_room,
            case.logged,
            case.attend_by,
            nobody or case.arrived or None,
            by=case.officer,
            is_cancelled=bool(nobody),
        )
        if case.sent:
            self._write_deployments(case)
        elif nobody:
            self._send_nobody(case, nobody)

    def _send_nobody(self, case: Case, at: int) -> None:
        self.world.audit(
            at,
            case.handler,
            "incident.nobody_sent",
            f"Nobody is sent: {case.not_sent}",
            case.reference,
            NULL,
            case.id,
            f'{{"reason":"{case.not_sent}"}}',
            True,
        )

    def _write_deployments(self, case: Case) -> None:
        sent, by = stamp(case.sent), self._arrive_by(case)
        arrived = stamp(case.arrived) if case.arrived else NULL
        read = stamp(case.sent + 60) if case.arrived else NULL
        until = stamp(by) if by else NULL
        freed = stamp(self._freed(case)) if case.recorded else NULL
        for officer in (case.officer, case.second):
            number = self._sent_id()
            self._sent(
                f"{number}\t{case.id}\t{officer.id}\t{officer.unit or NULL}\t{sent}\t"
                f"{case.handler.id}\t{read}\t{until}\t{arrived}\t{freed}\t"
            )
            if by:
                self._watch(case, number, officer, by)
        self._record_sending(case)
        if case.arrived:
            self._record_arrival(case)

    def _arrive_by(self, case: Case) -> int:
        """The incident's own target; once that has gone by, the grade's time from sending."""
        if case.attend_by > case.sent:
            return case.attend_by
        allowance = self._minutes[case.grade, case.home.area == 2]
        return case.sent + int(allowance.total_seconds()) if allowance else 0

    def _freed(self, case: Case) -> int:
        """Most say that they are free once all is written down; some only with the closure."""
        last = case.closed or self.world.at
        if case.closed and self.random.random() < 0.12:
            return last
        return min(case.recorded + int((2 + 12 * self.random.random()) * MINUTE), last)

    def _watch(self, case: Case, number: int, officer: Worker, by: int) -> None:
        self.clocks.write_fixed(
            self.arrival,
            number,
            case.reference,
            case.record.id,
            officer.team,
            case.sent,
            by,
            case.arrived or None,
            owner=officer,
            by=officer,
        )

    def _record_sending(self, case: Case) -> None:
        crew = (case.officer, case.second)
        reason = ""
        if case.graded.officers > len(crew):
            reason = words.FEWER[int(self.random.random() * len(words.FEWER))]
        names = ",".join([f'"{each.name}"' for each in crew])
        signs = ",".join([f'"{each}"' for each in sorted({each.call_sign for each in crew} - {""})])
        self.world.audit(
            case.sent,
            case.handler,
            "incident.officers_sent",
            f"Two officers sent: {reason}" if reason else "Two officers sent",
            case.reference,
            NULL,
            case.id,
            f'{{"officers":[{names}],"units":[{signs}],"fewer_reason":"{reason}",'
            f'"not_on_duty":[],"not_available":[]}}',
        )

    def _record_arrival(self, case: Case) -> None:
        case.record.responsible, case.record.team = case.officer, case.crew.id
        headline = (
            f"{case.officer.name} arrived {_minutes(case.arrived - case.received)} after the call"
        )
        if case.arrived > case.attend_by:
            headline += f", {_minutes(case.arrived - case.attend_by)} late"
        self.world.audit(
            case.arrived,
            case.officer,
            "incident.officer_arrived",
            headline,
            case.reference,
            NULL,
            case.id,
            f'{{"told_at":"{stamp(case.arrived)}"}}',
        )


def _minutes(seconds: int) -> str:
    """A time in words, as the service says it of an arrival."""
    minutes = seconds // MINUTE
    if minutes < 1:
        return "less than a minute"
    if minutes >= 120:
        return f"{minutes // 60} hours"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"

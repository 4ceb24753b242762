"""Deadlines as the engine would have left them: steps, who was told, what is still to come."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta

from core.working_time import format_left
from deadlines import kinds
from deadlines.models import Deadline, Escalation, Notification
from demo.tables import NULL, Table, fine_stamp, instant, seconds, stamp
from demo.world import DAY, HOUR, Worker, World

DEADLINE = Table(
    Deadline, "id", "kind", "subject_type", "subject_id", "subject_reference", "victim_id",
    "team_id", "owner_id", "started_at", "due_at", "basis", "state", "settled_at", "step_times",
    "steps_taken", "round", "look_at", "paused_at", "paused_reason", "set_aside_at",
    "set_aside_reason",
)  # fmt: skip
ESCALATION = Table(
    Escalation, "id", "deadline_id", "round", "step", "name", "scheduled_at", "taken_at"
)
NOTIFICATION = Table(
    Notification, "id", "user_id", "deadline_id", "escalation_id", "victim_id", "level", "headline",
    "reference", "path", "created_at", "seen_at", "delivered_at",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step of a kind: seconds after the start, its name, who is told and in which words."""

    after: int
    name: str
    level: str
    headline: tuple[str, str]
    rung: tuple[kinds.Recipient, ...]


class Clock:
    """A kind of deadline with everything that can be worked out beforehand.

    Days are those of the wall clock: `begun` is given where it may have changed meanwhile.
    """

    def __init__(
        self, world: World, code: str, terms: kinds.Terms | None = None, begun: int = 0
    ) -> None:
        self.kind = kinds.get(code).under(terms)
        begin = instant(begun or world.at - 90 * DAY)
        due = self.kind.due(begin, world.policy)
        start = seconds(begin)
        self.length = seconds(due) - start
        times = [seconds(at) - start for at in self.kind.steps(begin, due, world.policy)]
        breach = times.index(self.length)
        self.afters = tuple(times)
        self.steps = [
            self._step(number, number - breach, after, len(times) - 1)
            for number, after in enumerate(times)
        ]
        there = world.local_words(start)
        self.before, _, self.after = self.kind.basis(begin, world.policy).partition(there)
        self._path = self.kind.path(kinds.PLACEHOLDER)

    def path(self, reference: str) -> str:
        return self._path.replace(kinds.PLACEHOLDER, reference)

    def _step(self, number: int, above: int, after: int, last: int) -> Step:
        rung = tuple(
            recipient
            for position, rung in enumerate(self.kind.ladder)
            if position == max(above, 0) or (number == last and position > above)
            for recipient in rung
        )
        name = self.kind.name
        if above < 0:
            used = f"{round(100 * after / self.length)} % of the time used"
            return Step(after, f"Warning: {used}", "warning", (f"{name} due ", f": {used}"), rung)
        if above == 0:
            words = (f"{name} out of time: was due ", "")
            return Step(after, "Out of time", "breach", words, rung)
        over = f"{round((after - self.length) / HOUR)} h over"
        return Step(after, over, "breach", (f"{name} still not done, {over}: was due ", ""), rung)


class FixedClock:
    """A kind whose instant is set: its warnings lie between the beginning and that instant."""

    def __init__(self, world: World, code: str) -> None:
        self.kind = kind = kinds.get(code)
        self.percents = kind.warnings(world.policy)
        self.ladder = [
            hours * HOUR for hours in sorted(set(world.policy.ladder_hours))[: len(kind.ladder) - 1]
        ]
        name = kind.name
        self.warnings = [
            Step(0, f"Warning: {used} % of the time used", "warning",
                 (f"{name} due ", f": {used} % of the time used"), kind.ladder[0])
            for used in self.percents
        ]  # fmt: skip
        words = (f"{name} out of time: was due ", "")
        last = () if self.ladder else kind.ladder[1:]
        rung = tuple(each for rung in (kind.ladder[0], *last) for each in rung)
        self.beyond = [Step(0, "Out of time", "breach", words, rung)]
        for number, after in enumerate(self.ladder, 1):
            over = f"{after // HOUR} h over"
            rungs = kind.ladder[number:] if number == len(self.ladder) else [kind.ladder[number]]
            self.beyond.append(
                Step(after, over, "breach", (f"{name} still not done, {over}: was due ", ""),
                     tuple(each for rung in rungs for each in rung))
            )  # fmt: skip
        begin = instant(world.at)
        there = world.local_words(world.at)
        self.before, _, self.after = kind.basis(begin, world.policy).partition(there)
        self._path = kind.path(kinds.PLACEHOLDER)

    def path(self, reference: str) -> str:
        return self._path.replace(kinds.PLACEHOLDER, reference)

    def steps(self, begins: int, due: int) -> list[tuple[int, Step]]:
        """Every step with its instant in microseconds."""
        whole = due - begins
        found = (
            [
                (begins * 1_000_000 + whole * 10_000 * percent, step)
                for percent, step in zip(self.percents, self.warnings, strict=True)
            ]
            if whole
            else []
        )
        found += [((due + step.after) * 1_000_000, step) for step in self.beyond]
        return found


class Clocks:
    """Writes deadlines with their escalations, notifications and audit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._deadline, self._deadline_id = world.lines.to(DEADLINE), world.ids(DEADLINE)
        self._escalation, self._escalation_id = world.lines.to(ESCALATION), world.ids(ESCALATION)
        self._notice, self._notice_id = world.lines.to(NOTIFICATION), world.ids(NOTIFICATION)

    def write(
        self,
        clock: Clock,
        subject_id: int,
        reference: str,
        victim_id: int,
        team: int,
        started: int,
        settled: int | None,
        *,
        owner: Worker | None,
        owner_since: int = 0,
        by: Worker | None = None,
        heard: int = 0,
    ) -> None:
        """One duty from `started`, done at `settled` (None: still open), with what followed.

        Before `owner_since` nobody had it, so the whole team was told. `by` is who did it. Nobody
        was told of anything before `heard`, when it came to be watched.
        """
        world, kind = self.world, clock.kind
        deadline_id = self._deadline_id()
        due = started + clock.length
        until = world.at if settled is None else settled
        taken = bisect_left(clock.afters, until - started)
        for number, step in enumerate(clock.steps[:taken]):
            scheduled = started + step.after
            holder = owner if owner and scheduled >= owner_since else None
            moment = scheduled * 1_000_000
            self._take(
                clock,
                deadline_id,
                number,
                step,
                moment,
                due,
                reference,
                victim_id,
                team,
                holder,
                heard,
            )
        basis = f"{clock.before}{world.local_words(started)}{clock.after}"
        late = due < until
        look = NULL
        if settled is None:
            state = "breached" if late else "running"
            if taken < len(clock.steps):
                look = stamp(started + clock.steps[taken].after)
        else:
            state = "met_late" if late else "met"
        times = ",".join([stamp(started + after) for after in clock.afters])
        self._deadline(
            f"{deadline_id}\t{kind.code}\t{kind.subject_type}\t{subject_id}\t{reference}\t"
            f"{victim_id}\t{team}\t{owner.id if owner else NULL}\t{stamp(started)}\t{stamp(due)}\t"
            f"{basis}\t{state}\t{NULL if settled is None else stamp(settled)}\t{{{times}}}\t{taken}"
            f"\t1\t{look}\t\\N\t\t\\N\t"
        )
        if late:
            self._breached(clock, due, basis, settled, reference, victim_id, by or owner)

    def write_fixed(
        self,
        clock: FixedClock,
        subject_id: int,
        reference: str,
        victim_id: int,
        team: int,
        begins: int,
        due: int,
        settled: int | None,
        *,
        owner: Worker | None = None,
        by: Worker | None = None,
        is_cancelled: bool = False,
    ) -> None:
        """One duty for an instant that is set, watched since `begins`; as `write` otherwise."""
        world, kind = self.world, clock.kind
        deadline_id = self._deadline_id()
        until = world.at if settled is None else settled
        begins = min(begins, due)
        steps = clock.steps(begins, due)
        taken = 0
        for moment, step in steps:
            if moment >= until * 1_000_000:
                break
            self._take(
                clock, deadline_id, taken, step, moment, due, reference, victim_id, team, owner
            )
            taken += 1
        basis = f"{clock.before}{world.local_words(due)}{clock.after}"
        late = due < until and not is_cancelled
        look = NULL
        if settled is None:
            state = "breached" if late else "running"
            if taken < len(steps):
                look = fine_stamp(steps[taken][0])
        else:
            state = "cancelled" if is_cancelled else "met_late" if late else "met"
        times = ",".join([fine_stamp(moment) for moment, _ in steps])
        self._deadline(
            f"{deadline_id}\t{kind.code}\t{kind.subject_type}\t{subject_id}\t{reference}\t"
            f"{victim_id}\t{team}\t{owner.id if owner else NULL}\t{stamp(begins)}\t{stamp(due)}\t"
            f"{basis}\t{state}\t{NULL if settled is None else stamp(settled)}\t{{{times}}}\t{taken}"
            f"\t1\t{look}\t\\N\t\t\\N\t"
        )
        if late:
            self._breached(clock, due, basis, settled, reference, victim_id, by or owner)

    def tell(
        self,
        user: Worker,
        level: str,
        headline: str,
        reference: str,
        path: str,
        at: int,
    ) -> None:
        """Tell somebody something that no deadline says."""
        seen = stamp(at + 2 * HOUR) if at < self.world.at - DAY else NULL
        self._notice(
            f"{self._notice_id()}\t{user.id}\t\\N\t\\N\t\\N\t{level}\t{headline}\t{reference}\t"
            f"{path}\t{stamp(at)}\t{seen}\t{stamp(at)}"
        )

    def _breached(
        self,
        clock: Clock | FixedClock,
        due: int,
        basis: str,
        settled: int | None,
        reference: str,
        victim_id: int,
        by: Worker | None,
    ) -> None:
        world, kind = self.world, clock.kind
        detail = f'{{"kind":"{kind.code}","due":"{stamp(due)}","basis":"{basis}"'
        world.audit(
            due,
            world.cast.sweep,
            "deadline.breached",
            f"{kind.name} out of time: {basis}",
            reference,
            victim_id,
            NULL,
            detail + ',"round":1}',
            True,
        )
        if settled is not None and by is not None:
            over = format_left(timedelta(seconds=due - settled)).replace(" over", " late")
            world.audit(
                settled,
                by,
                "deadline.met_late",
                f"{kind.name} done {over}",
                reference,
                victim_id,
                NULL,
                detail + "}",
                True,
            )

    def _take(
        self,
        clock: Clock | FixedClock,
        deadline_id: int,
        number: int,
        step: Step,
        moment: int,
        due: int,
        reference: str,
        victim_id: int,
        team: int,
        owner: Worker | None,
        heard: int = 0,
    ) -> None:
        world = self.world
        escalation_id = self._escalation_id()
        taken = min(max(moment // 1_000_000, heard) + 1 + int(world.random.random() * 20), world.at)
        when = stamp(taken)
        self._escalation(
            f"{escalation_id}\t{deadline_id}\t1\t{number}\t{step.name}\t"
            f"{fine_stamp(moment)}\t{when}"
        )
        headline = f"{step.headline[0]}{self._short(due)}{step.headline[1]}"
        # What was told more than a day ago has been seen; who works now sees the rest.
        seen = stamp(taken + 2 * HOUR) if taken < world.at - DAY else NULL
        path = clock.path(reference)
        for user in self._told(step, team, owner):
            self._notice(
                f"{self._notice_id()}\t{user}\t{deadline_id}\t{escalation_id}\t{victim_id}\t{step.level}\t"
                f"{headline}\t{reference}\t{path}\t{when}\t{seen}\t{when}"
            )

    def _told(self, step: Step, team: int, owner: Worker | None) -> list[int]:
        cast = self.world.cast
        told: dict[int, None] = {}
        for recipient in step.rung:
            if recipient.who == "owner":
                people = [owner] if owner else cast.members[team]
            elif recipient.who == "team_supervisor":
                people = [cast.leaders[team]] if team in cast.leaders else []
            else:
                people = cast.holders.get(recipient.role, [])
            told.update((person.id, None) for person in people)
        return list(told)

    def _short(self, at: int) -> str:
        """ "21 Nov, 02:10": as the sweep writes it."""
        day, month, _, clock = self.world.local_words(at).split(" ")
        return f"{day} {month}, {clock}"

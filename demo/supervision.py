"""What local supervisors checked: most of the year, and of the last days only some."""

from random import Random

from demo import words
from demo.answers import as_json
from demo.case import Case, Check
from demo.clocks import Clocks
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, World
from incidents import supervising
from incidents.models import SupervisionCheck

CHECK = Table(
    SupervisionCheck, "id", "incident_id", "checked_by_id", "checked_at", "answers", "outcome",
    "words", "asked_of_id",
)  # fmt: skip

_LABELS = {code: str(label).lower() for code, label in SupervisionCheck.Outcome.choices}
#: Since then nearly everything was looked at; the last days less and less.
SETTLED, LATELY = 14 * DAY, 80 * HOUR


def some_answers(random: Random, *, amiss: bool, children: bool, crime: bool) -> dict[str, str]:
    """An answer to every check; one of them no where something is amiss."""
    answers = {check.code: supervising.YES for check in supervising.CHECKS}
    if not children:
        answers["children"] = supervising.NOT_APPLICABLE
    if not crime:
        answers["wishes"] = supervising.NOT_APPLICABLE
    if amiss:
        answers[random.choice(("evidence", "contact", "safety_plan"))] = supervising.NO
    return answers


class Supervision:
    """Decides which cases were checked and writes the checks."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self._line, self._id = world.lines.to(CHECK), world.ids(CHECK)
        self._answers = {
            (amiss, children, crime): [
                as_json(some_answers(world.random, amiss=amiss, children=children, crime=crime))
                for _ in range(4)
            ]
            for amiss in (False, True)
            for children in (False, True)
            for crime in (False, True)
        }

    def times(self, case: Case) -> None:
        """Mostly with the review or the day after; an incident nobody went to is not checked."""
        draw, at = self.random.random, self.world.at
        if not case.arrived or not case.recorded:
            return
        age = at - case.received
        likely = 0.9995 if age > SETTLED else 0.97 if age > LATELY else 0.62
        since = max(case.recorded, case.reviewed) + 5 * MINUTE
        room = at - MINUTE - since
        if case.script.is_asked_of:
            if room > 0:
                case.checks.append(Check(since + room // 2, is_action=True))
            return
        if draw() >= likely or room <= 0 or case.script.asked:
            return
        first = since + int(min(room, 40 * HOUR) * draw() ** 1.5)
        if draw() < 0.05 and at - first > 30 * HOUR and age > LATELY:
            case.checks.append(Check(first, is_action=True))
            first += int((3 + 20 * draw()) * HOUR)
        case.checks.append(Check(first))

    def write(self, case: Case) -> None:
        """The checks, oldest first, and what was asked of whom."""
        for number, check in enumerate(case.checks):
            self._write(case, check, follows=number > 0)

    def _write(self, case: Case, check: Check, *, follows: bool) -> None:
        choice, supervisor = self.random.choice, case.crew.supervisor
        amiss = check.is_action or (not follows and self.random.random() < 0.04)
        answers = choice(self._answers[amiss, case.children > 0, bool(case.crimes)])
        outcome = "action" if check.is_action else "satisfied"
        said = ""
        if check.is_action:
            said = choice(words.CHECK_ACTION)
        elif follows or amiss:
            said = words.CHECK_DONE if follows else words.CHECK_PUT_RIGHT
        asked = case.officer if check.is_action else None
        self._line(
            f"{self._id()}\t{case.id}\t{supervisor.id}\t{stamp(check.at)}\t{answers}\t{outcome}\t"
            f"{said}\t{asked.id if asked else NULL}"
        )
        self.world.audit(
            check.at,
            supervisor,
            "incident.supervised",
            f"Checked by a supervisor: {_LABELS[outcome]}",
            case.reference,
            NULL,
            case.id,
            f'{{"answers":{answers},"words":"{said}","asked_of":"{asked.name if asked else ""}"}}',
            check.is_action,
        )
        if asked:
            self.clocks.tell(
                asked,
                "warning",
                f"{supervisor.name} asks something of you: {case.reference}",
                case.reference,
                f"/incidents/{case.reference}/",
                check.at,
            )

"""Which of the conference's criteria a victim meets, with the numbers. A pure read.

The criteria are common practice: so many yes answers, so many incidents in so many months,
somebody's professional judgement, and a repeat after a conference. They rest on answers, incidents
and judgements of high; nobody's lower judgement takes one away, agreed to or not. `facts` reads
what is known, `weigh` is the rules and reads nothing. What partner agencies said and what a
conference heard are higher apps' to know: they `register` a reader.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max

from core import policy
from core.clock import local, months_before
from core.policy import ForcePolicy
from incidents.models import Involvement
from incidents.querysets import InvolvementQuerySet
from risk.instruments import YES, answer_of, questionnaire
from risk.models import Assessment, AssessmentReview, GradeJudgement
from victims.models import RiskGrade


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: whether it is met, and the numbers that say so, in words too.

    `number` is what was counted and `needs` the least of it that meets the criterion.
    """

    code: str
    label: str
    is_met: bool
    words: str
    number: int = 0
    needs: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Answered:
    """So many topics were answered yes at `at`; by the police, or by the agency named."""

    count: int
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Judged:
    """Somebody judged the risk high, or said that it is."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A conference heard the two at `at`; `known` are the instants of abuse known since."""

    at: datetime
    known: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at. `answered` and `judged`: since the last reviewed assessment."""

    answered: tuple[Answered, ...] = ()
    incidents: int = 0
    judged: tuple[Judged, ...] = ()
    #: None: no conference heard them; nobody knows who harms them; or nobody can say.
    heard: Heard | None = None
    #: Further incidents, under other records that are probably the same human being's.
    elsewhere: int = 0


#: What a higher app knows of a victim since an instant (None: ever) until another.
Reader = Callable[[int, datetime | None, datetime], Facts]
#: Under which people a victim is on record, as far as anybody can tell.
SameReader = Callable[[int], frozenset[int]]
#: When a conference last heard these people as victims before an instant, and what is known since.
HeardReader = Callable[[frozenset[int], datetime], Heard | None]
_readers: list[Reader] = []
_same: list[SameReader] = []
_hearings: list[HeardReader] = []


def register(reader: Reader) -> Reader:
    """Have `facts` ask a higher app too; what it answers is added to what is known here."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def register_same(reader: SameReader) -> SameReader:
    """Have `criteria` ask the app that knows which records are one human being."""
    if reader not in _same:
        _same.append(reader)
    return reader


def register_hearings(reader: HeardReader) -> HeardReader:
    """Have `criteria` ask the app that keeps conferences when one heard the victim."""
    if reader not in _hearings:
        _hearings.append(reader)
    return reader


def criteria(victim_id: int, at: datetime) -> list[Criterion]:
    """All four, met or not, as of `at`, in a fixed order. Fifteen queries at most."""
    people = frozenset(pk for ask in _same for pk in ask(victim_id))
    heard = next((found for ask in _hearings if (found := ask(people, at))), None)
    return weigh(replace(facts(victim_id, people, at), heard=heard), at, policy.at(at))


def met(victim_id: int, at: datetime) -> list[Criterion]:
    """Only those that are met."""
    return [one for one in criteria(victim_id, at) if one.is_met]


def facts(victim_id: int, people: Collection[int], at: datetime) -> Facts:
    """What is known of a victim as of `at`, by the police and by whoever registered.

    `people`: the records that are probably theirs, their own among them. But for what conferences
    heard: that depends on who harms them.
    """
    rules, since = policy.at(at), _last_reviewed(victim_id, at)
    known = Facts(
        answered=tuple(_answered(victim_id, since, at)),
        incidents=_incidents(victim_id, at, rules),
        elsewhere=_elsewhere(victim_id, people, at, rules),
        judged=(
            *_judged_by_officers(victim_id, since, at),
            *_regraded(victim_id, since, at),
            *_judged_between(victim_id, since, at),
        ),
    )
    for reader in _readers:
        more = reader(victim_id, since, at)
        known = replace(
            known,
            answered=(*known.answered, *more.answered),
            judged=(*known.judged, *more.judged),
        )
    return known


def weigh(known: Facts, at: datetime, rules: ForcePolicy) -> list[Criterion]:
    """The four criteria by their rules, in a fixed order. Pure: what is known is given."""
    return [
        visible_high_risk(known, rules),
        escalation(known, rules),
        judgement(known),
        repeat(known.heard, at, rules),
    ]


def visible_high_risk(known: Facts, rules: ForcePolicy) -> Criterion:
    """So many topics answered yes, in one assessment or one agency's checklist."""
    edge = f"the conference's from {rules.high_from_yes}"
    words, count = f"not assessed yet ({edge})", 0
    if known.answered:
        most = max(known.answered)
        count = most.count
        answers = "yes answer" if count == 1 else "yes answers"
        by = f" by {most.by}" if most.by else ""
        words = f"{count} {answers}{by} on {_day(most.at)} ({edge})"
    is_met = count >= rules.high_from_yes
    return Criterion("yes_answers", "Yes answers", is_met, words, count, rules.high_from_yes)


def escalation(known: Facts, rules: ForcePolicy) -> Criterion:
    """So many incidents of the victim within the policy's months, whoever harmed them."""
    count, needs = known.incidents + known.elsewhere, rules.escalation_incidents
    plural = "" if count == 1 else "s"
    of_it = f", {known.elsewhere} under another record of theirs" if known.elsewhere else ""
    words = (
        f"{count} incident{plural} in {rules.repeat_months} months{of_it} "
        f"(the conference's from {needs})"
    )
    return Criterion("escalation", "Escalation", count >= needs, words, count, needs)


def judgement(known: Facts) -> Criterion:
    """Somebody judged it high, with their reasons."""
    words = "nobody judged it high since it was last assessed"
    if known.judged:
        last = max(known.judged)
        words = f"judged high by {last.by} on {_day(last.at)}"
    count = len(known.judged)
    return Criterion("judgement", "Professional judgement", count > 0, words, count)


def repeat(heard: Heard | None, at: datetime, rules: ForcePolicy) -> Criterion:
    """The same two, any abuse within so many months of the last hearing, whatever the score.

    What happened later than that is a new referral; and what happened so many months ago is no
    news of it any more.
    """
    months = rules.marac_repeat_months
    if heard is None:
        return Criterion("repeat", "Repeat", False, "not before a conference so far")
    known = sorted(instant for instant in heard.known if heard.at < instant <= at)
    # As long as the flag stands: after a leap day to the 28th of February, and no longer.
    within = [one for one in known if one <= months_before(heard.at, -months)]
    is_new = bool(known) and months_before(at, months) < known[-1] and known[-1] in within
    plural = "" if len(known) == 1 else "s"
    words = (
        f"{len(known)} incident{plural} since the conference of {_day(heard.at)} "
        f"(a repeat within {months} months)"
    )
    return Criterion("repeat", "Repeat", is_new, words, len(within))


def _last_reviewed(victim_id: int, at: datetime) -> datetime | None:
    """From when on answers and judgements count: the newest assessment that was reviewed.

    One that still waits for its supervisor stands beside it, not in its place.
    """
    reviewed = Assessment.objects.filter(victim=victim_id, reviewed_at__lte=at)
    newest: datetime | None = reviewed.aggregate(newest=Max("submitted_at"))["newest"]
    return newest


def _answered(victim_id: int, since: datetime | None, at: datetime) -> list[Answered]:
    rows = Assessment.objects.filter(victim=victim_id, submitted_at__lte=at)
    if since is not None:
        rows = rows.filter(submitted_at__gte=since)
    return [
        Answered(row.yes_count + _found_since(row, at), row.submitted_at)
        for row in rows.select_related("instrument").prefetch_related("unknowns")
        if row.submitted_at is not None
    ]


def _found_since(assessment: Assessment, at: datetime) -> int:
    """Topics that count, unknown when they were asked, and found to be yes since."""
    countable = {topic.code for topic in questionnaire(assessment.instrument).topics}
    return sum(
        row.found == YES
        and row.topic in countable
        and answer_of(assessment.answers, row.topic) != YES
        and row.settled_at is not None
        and row.settled_at <= at
        for row in assessment.unknowns.all()
    )


def _incidents(victim_id: int, at: datetime, rules: ForcePolicy) -> int:
    rows = Involvement.objects.filter(victim=victim_id)
    return _counted(rows, at, rules)


def _elsewhere(victim_id: int, people: Collection[int], at: datetime, rules: ForcePolicy) -> int:
    """Incidents under the other records; one that names both is the victim's own."""
    if len(people) < 2:
        return 0
    own = Involvement.objects.filter(victim=victim_id).values("incident")
    rows = Involvement.objects.filter(person__in=people, role=Involvement.Role.VICTIM)
    return _counted(rows.exclude(incident__in=own), at, rules)


def _counted(rows: InvolvementQuerySet, at: datetime, rules: ForcePolicy) -> int:
    since = months_before(at, rules.repeat_months)
    within = rows.filter(received_at__gt=since, received_at__lte=at)
    return within.values("incident").distinct().count()


def _judged_by_officers(victim_id: int, since: datetime | None, at: datetime) -> list[Judged]:
    rows = Assessment.objects.filter(
        victim=victim_id, judged_grade=RiskGrade.HIGH, submitted_at__lte=at
    ).select_related("officer")
    if since is not None:
        rows = rows.filter(submitted_at__gte=since)
    return [Judged(row.submitted_at, str(row.officer)) for row in rows if row.submitted_at]


def _regraded(victim_id: int, since: datetime | None, at: datetime) -> list[Judged]:
    rows = AssessmentReview.objects.filter(
        assessment__victim=victim_id,
        decision=AssessmentReview.Decision.REGRADE,
        grade_after=RiskGrade.HIGH,
        at__lte=at,
    ).select_related("reviewer")
    if since is not None:
        rows = rows.filter(assessment__submitted_at__gte=since)
    return [Judged(row.at, str(row.reviewer)) for row in rows]


def _judged_between(victim_id: int, since: datetime | None, at: datetime) -> list[Judged]:
    rows = GradeJudgement.objects.filter(
        victim=victim_id,
        grade=RiskGrade.HIGH,
        state=GradeJudgement.State.COUNTS,
        at__lte=at,
    ).select_related("by")
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [Judged(row.at, str(row.by)) for row in rows]


def _day(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y}"

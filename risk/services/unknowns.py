"""What was not known, or not asked, in an assessment is found out by somebody, by a given time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Team, User
from audit import services as audit
from core import events, policy
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from risk import due
from risk.deadlines import FIND_OUT
from risk.events import UnknownFound
from risk.grades import Suggestion, rank, suggest
from risk.instruments import (
    ANSWERS,
    DONT_KNOW,
    NO,
    NOT_ASKED,
    YES,
    Questionnaire,
    answer_of,
    questionnaire,
    words_of,
)
from risk.models import Assessment, UnknownAnswer
from risk.permissions import can_find_out
from victims.models import RiskGrade, Victim

State = UnknownAnswer.State

#: Said instead of yes or no where nobody can find it out.
CANNOT = "cannot"
UNKNOWN = (DONT_KNOW, NOT_ASKED)
LONGEST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Settled:
    """An unknown answer that was settled, and what the answers suggest with all that was found.

    `raises` says that this lies above the victim's grade: somebody should judge it higher.
    """

    unknown: UnknownAnswer
    suggestion: Suggestion
    raises: bool


@transaction.atomic
def note_unknowns(*, assessment_id: int, actor: User, at: datetime) -> list[UnknownAnswer]:
    """Owe what this submitted assessment left unknown; what earlier ones left it asked anew.

    One deadline for all of it, for whoever has the risk, else for the officer who asked. Runs
    inside the service that submitted it, which asked for its permission. Gives the new ones.
    """
    assessment = _lock(assessment_id)
    read = questionnaire(assessment.instrument)
    asked = {topic.code for topic in read.asked(assessment.answers)}
    answers = {code: answer_of(assessment.answers, code) for code in asked}
    _settle_own(assessment, read, actor, at)
    _settle_earlier(assessment, {code for code in asked if answers[code]}, actor, at)
    known = set(assessment.unknowns.values_list("topic", flat=True))
    owner, team = _who(assessment)
    made = UnknownAnswer.objects.bulk_create(
        UnknownAnswer(
            assessment=assessment,
            victim_id=assessment.victim_id,
            topic=code,
            answer=answer,
            team=team,
            owner=owner,
        )
        for code, answer in sorted(answers.items())
        if answer in UNKNOWN and code not in known
    )
    if made:
        _owe(assessment, made, owner, team, actor, at)
    return made


@transaction.atomic
def find_out(*, unknown_id: int, found: str, words: str, actor: User, at: datetime) -> Settled:
    """Settle one unknown answer: `found` is yes, no or "cannot", and `words` say how one knows.

    The assessment stays as it was asked; with what was found its answers suggest a grade, and
    where that is above the victim's the answer says so. Raises PermissionDenied; AlreadyTaken
    naming who was first; DomainError when a later assessment asked it anew; InvalidInput at
    `found` or `words`. Said twice by one person it is said once.
    """
    assessment = _lock(
        UnknownAnswer.objects.values_list("assessment", flat=True).get(pk=unknown_id)
    )
    # Who settled it is read when it is asked for: an assessment after this one settles it, too.
    unknown = UnknownAnswer.objects.select_for_update().get(pk=unknown_id)
    if not can_find_out(actor):
        raise PermissionDenied("Only those who look at risk settle what was not known.")
    if found not in {YES, NO, CANNOT}:
        raise InvalidInput("Say yes, no, or that it cannot be found out.", field="found")
    words = clean(words, field="words", longest=LONGEST_WORDS)
    if not words:
        raise InvalidInput(_words_wanted(found), field="words")
    if unknown.state != State.OPEN:
        _require_same(unknown, found, words, actor)
        return _settled(unknown, assessment, at)
    unknown.state = State.CANNOT if found == CANNOT else State.FOUND
    unknown.found, unknown.words = "" if found == CANNOT else found, words
    _settle(unknown, actor, at)
    settled = _settled(unknown, assessment, at)
    _record_settled(settled, assessment, actor, at)
    _meet_if_done([assessment], actor, at)
    _announce(settled, assessment, actor, at)
    return settled


@transaction.atomic
def pass_unknowns(
    *, victim_id: int, person: User | None, team_id: int, actor: User, at: datetime
) -> None:
    """Whoever has the risk now finds out what is still unknown. Follows the duty's own service."""
    rows = list(
        UnknownAnswer.objects.open()
        .filter(victim=victim_id)
        .select_for_update(of=("self",))
        .select_related("assessment")
        .order_by("pk")
    )
    if not rows:
        return
    team = Team.objects.get(pk=team_id)
    UnknownAnswer.objects.filter(pk__in=[row.pk for row in rows]).update(owner=person, team=team)
    for assessment in {row.assessment_id: row.assessment for row in rows}.values():
        deadlines.assign(
            kind=FIND_OUT, subject=assessment, owner=person, team=team, actor=actor, at=at
        )


def suggested_with_found(assessment: Assessment, at: datetime) -> Suggestion:
    """What the answers suggest together with what was found out since. Two queries and policy."""
    found = assessment.unknowns.filter(state=State.FOUND).values_list("topic", "found", "words")
    answers = dict(assessment.answers) | {
        topic: {"answer": answer, "words": words} for topic, answer, words in found
    }
    rules = policy.at(at)
    return suggest(
        questionnaire(assessment.instrument),
        answers,
        due.escalates(assessment.incident, assessment.victim_id, rules),
        rules,
    )


def _lock(assessment_id: int) -> Assessment:
    held = Assessment.objects.select_for_update(of=("self",))
    held.values_list("pk").get(pk=assessment_id)
    # Read only now: officer and risk may have passed to others while the row was waited for.
    row: Assessment = (
        Assessment.objects.select_related("victim__risk_owner", "victim__risk_team")
        .select_related("instrument", "incident")
        .select_related("officer__team")
        .get(pk=assessment_id)
    )
    return row


def _who(assessment: Assessment) -> tuple[User, Team]:
    """Whoever has the risk; the officer who asked, while that is only a team's."""
    victim: Victim = assessment.victim
    if victim.risk_owner is not None and victim.risk_owner.is_active:
        return victim.risk_owner, victim.risk_team
    return assessment.officer, assessment.officer.team or victim.risk_team


def _owe(
    assessment: Assessment,
    made: list[UnknownAnswer],
    owner: User,
    team: Team,
    actor: User,
    at: datetime,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb="unknown.owed",
        headline=f"{_answers(len(made))} to find out",
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
        detail={"topics": [row.topic for row in made], "owner": str(owner)},
    )
    deadlines.start(
        kind=FIND_OUT,
        subject=assessment,
        reference=assessment.reference,
        victim_id=assessment.victim_id,
        team=team,
        owner=owner,
        started_at=at,
        actor=actor,
        at=at,
    )


def _settle_own(assessment: Assessment, read: Questionnaire, actor: User, at: datetime) -> None:
    """It came back and was submitted again: what is answered now was found out."""
    for unknown in assessment.unknowns.open():
        answer = answer_of(assessment.answers, unknown.topic)
        if answer in {YES, NO}:
            unknown.state, unknown.found = State.FOUND, answer
            unknown.words = words_of(assessment.answers, unknown.topic)[:LONGEST_WORDS]
            _settle(unknown, actor, at)
    _meet_if_done([assessment], actor, at)


def _settle_earlier(
    assessment: Assessment, topics: Iterable[str], actor: User, at: datetime
) -> None:
    """Of the same questionnaire only: a topic's code says nothing in another one."""
    rows = UnknownAnswer.objects.open().filter(
        victim=assessment.victim_id,
        topic__in=list(topics),
        assessment__instrument__code=assessment.instrument.code,
        assessment__started_at__lt=assessment.started_at,
    )
    found = list(rows.select_for_update(of=("self",)).select_related("assessment").order_by("pk"))
    for unknown in found:
        unknown.state = State.ASKED_ANEW
        unknown.words = f"Asked anew in {assessment.reference}"
        _settle(unknown, actor, at)
    earlier = {row.assessment_id: row.assessment for row in found}
    _meet_if_done(earlier.values(), actor, at)


def _settle(unknown: UnknownAnswer, actor: User, at: datetime) -> None:
    unknown.settled_at, unknown.settled_by = at, actor
    unknown.save(update_fields=["state", "found", "words", "settled_at", "settled_by"])


def _meet_if_done(assessments: Iterable[Assessment], actor: User, at: datetime) -> None:
    for assessment in assessments:
        if not assessment.unknowns.open().exists():
            deadlines.meet(kind=FIND_OUT, subject=assessment, actor=actor, at=at)


def _settled(unknown: UnknownAnswer, assessment: Assessment, at: datetime) -> Settled:
    suggestion = suggested_with_found(assessment, at)
    above = rank(suggestion.grade) > rank(assessment.victim.grade)
    return Settled(unknown, suggestion, raises=unknown.found == YES and above)


def _announce(settled: Settled, assessment: Assessment, actor: User, at: datetime) -> None:
    if settled.unknown.found == YES:
        events.announce(
            UnknownFound(
                assessment_id=assessment.pk,
                incident_id=assessment.incident_id,
                victim_id=assessment.victim_id,
                is_reviewed=assessment.reviewed_at is not None,
                actor=actor,
                at=at,
            )
        )


def _words_wanted(found: str) -> str:
    if found == CANNOT:
        return "Say why it cannot be found out."
    return "Say how this was found out, and from whom."


def _require_same(unknown: UnknownAnswer, found: str, words: str, actor: User) -> None:
    """Raises unless this very person said this very thing already."""
    if unknown.state == State.ASKED_ANEW:
        raise DomainError("A later assessment asked this anew.", code="asked_anew")
    said = unknown.found or CANNOT
    if (unknown.settled_by_id, said, unknown.words) == (actor.pk, found, words):
        return
    raise AlreadyTaken(f"{unknown.settled_by} has settled this already: {_said(said)}.")


def _said(found: str) -> str:
    return "it cannot be found out" if found == CANNOT else ANSWERS[found].lower()


def _record_settled(settled: Settled, assessment: Assessment, actor: User, at: datetime) -> None:
    unknown = settled.unknown
    topic = questionnaire(assessment.instrument).by_code[unknown.topic]
    said = _said(unknown.found or CANNOT)
    above = ""
    if settled.raises:
        above = f"; the answers now suggest {RiskGrade(settled.suggestion.grade).label.lower()}"
    audit.record(
        actor=actor,
        at=at,
        verb=f"unknown.{unknown.state}",
        headline=f"Topic {topic.number}, unknown before: {said}{above}",
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
        is_grave=settled.raises,
        detail={
            "topic": unknown.topic,
            "text": topic.text,
            "before": unknown.answer,
            "found": unknown.found,
            "words": unknown.words,
            "suggests": settled.suggestion.grade,
            "because": list(settled.suggestion.reasons),
        },
    )


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"

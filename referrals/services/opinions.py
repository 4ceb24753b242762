"""A worker asks a colleague to look at a referral too, and that one answers."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from accounts.withheld import withheld_from
from audit import services as audit
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import kinds
from deadlines.models import Notification
from referrals.models import Referral, SecondOpinion
from referrals.permissions import answers_for, can_answer_opinion, can_work
from referrals.services.claiming import lock, require_holder, require_open, require_worker
from referrals.services.falling_away import OPINION, drop
from referrals.services.opening import KIND

LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 10_000
Answer = SecondOpinion.Answer
#: What a colleague can say; "no longer asked" is not theirs to say.
ANSWERS = [(value, words) for value, words in Answer.choices if value != Answer.GONE]


@transaction.atomic
def ask_opinion(
    *, referral_id: int, of: User, question: str, actor: User, at: datetime
) -> SecondOpinion:
    """Whoever has a referral asks a colleague to look at it; the colleague has policy's hours.

    Raises PermissionDenied for whoever does not have it, DomainError for one that is finished or
    that nobody has, AlreadyTaken when this colleague was asked and has not answered, InvalidInput
    at `question`, or at `of`: oneself, somebody who does not work on referrals, or whom nothing
    about this victim may reach.
    """
    question = clean(question, field="question", longest=LONGEST_QUESTION, required=True)
    referral = lock(referral_id)
    require_holder(actor, referral, at, what="ask for a second opinion")
    _require_colleague(of, referral, actor)
    opinion = SecondOpinion.objects.create(
        referral=referral,
        victim_id=referral.victim_id,
        asked_by=actor,
        asked_of=of,
        asked_at=at,
        question=question,
    )
    deadlines.services.start(
        kind=OPINION,
        subject=opinion,
        reference=referral.reference,
        victim_id=referral.victim_id,
        team=of.team,
        owner=of,
        started_at=at,
        actor=actor,
        at=at,
    )
    _tell(of, "Your second opinion is asked", referral, at)
    _record(opinion, "asked", f"Second opinion asked of {of}", actor, at, question=question)
    return opinion


@transaction.atomic
def answer_opinion(
    *, opinion_id: int, answer: str, words: str = "", actor: User, at: datetime
) -> SecondOpinion:
    """The colleague says what they think; said twice it is said once.

    A grade is not changed by it: whoever has the referral may send it back to risk. Raises
    PermissionDenied for anybody but the one who was asked, DomainError when it is no longer asked
    or was answered, InvalidInput at `answer`, or at `words`, which all but agreement needs.
    """
    opinion, referral = _locked(opinion_id)
    if not can_answer_opinion(actor, opinion):
        raise PermissionDenied(f"{opinion.asked_of} was asked: only they can answer.")
    answer, words = _checked(answer, words)
    if (opinion.answer, opinion.words) == (answer, words):
        return opinion
    _require_asked(opinion, referral)
    opinion.answer, opinion.words, opinion.answered_at = answer, words, at
    opinion.save(update_fields=["answer", "words", "answered_at"])
    deadlines.services.meet(kind=OPINION, subject=opinion, actor=actor, at=at)
    label = Answer(answer).label.lower()
    _tell(referral.claimed_by or opinion.asked_by, f"Second opinion: {label}", referral, at)
    _record(opinion, "answered", f"Second opinion: {label}", actor, at, answer=answer, words=words)
    return opinion


@transaction.atomic
def withdraw_opinion(*, opinion_id: int, because: str, actor: User, at: datetime) -> SecondOpinion:
    """The question is taken back, with the reason; taken back twice it stays as it was.

    Whoever asked may, who has the referral, and the unit's manager. Raises PermissionDenied,
    DomainError when it was answered, InvalidInput at `because`.
    """
    opinion, referral = _locked(opinion_id)
    require_worker(actor)
    if actor.pk != opinion.asked_by_id and not answers_for(actor, referral):
        raise PermissionDenied("Whoever asked, or has the referral, can take the question back.")
    if opinion.answer == Answer.GONE:
        return opinion
    _require_asked(opinion, referral)
    drop(opinion, because=because, actor=actor, at=at)
    headline = f"Second opinion of {opinion.asked_of} no longer asked"
    _record(opinion, "withdrawn", headline, actor, at, because=opinion.words)
    return opinion


def _locked(opinion_id: int) -> tuple[SecondOpinion, Referral]:
    """The opinion and its referral, locked: the victim and the referral first, as everywhere."""
    referral_id = SecondOpinion.objects.values_list("referral_id", flat=True).get(pk=opinion_id)
    referral = lock(referral_id)
    rows = SecondOpinion.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("asked_by", "asked_of").get(pk=opinion_id), referral


def _require_colleague(of: User, referral: Referral, actor: User) -> None:
    if of.pk == actor.pk:
        raise InvalidInput("A second opinion is somebody else's: choose a colleague.", field="of")
    if not can_work(of):
        raise InvalidInput(f"{of} does not work on referrals.", field="of")
    if withheld_from([of.pk], referral.victim_id):
        raise InvalidInput(f"{of} cannot be asked about this referral.", field="of")
    if SecondOpinion.objects.waiting().filter(referral=referral, asked_of=of).exists():
        raise AlreadyTaken(f"{of} was asked already and has not answered yet.", field="of")


def _require_asked(opinion: SecondOpinion, referral: Referral) -> None:
    if opinion.answer == Answer.GONE:
        raise DomainError(f"This is no longer asked: {opinion.words}")
    if opinion.answered_at is not None:
        raise DomainError(f"{opinion.asked_of} has answered already.")
    require_open(referral)


def _checked(answer: str, words: str) -> tuple[str, str]:
    words = clean(words, field="words", longest=LONGEST_ANSWER)
    if answer not in dict(ANSWERS):
        said = ", ".join(label.lower() for _, label in ANSWERS)
        raise InvalidInput(f"Choose one of: {said}.", field="answer")
    if answer != Answer.AGREES and not words:
        raise InvalidInput("Say why, for whoever has the referral.", field="words")
    return answer, words


def _tell(user: User, headline: str, referral: Referral, at: datetime) -> None:
    deadlines.services.notify(
        users=[user],
        level=Notification.Level.INFORMATION,
        headline=f"{headline}: {referral.reference}",
        reference=referral.reference,
        path=kinds.get(KIND).path(referral.reference),
        victim_id=referral.victim_id,
        at=at,
    )


def _record(
    opinion: SecondOpinion, verb: str, headline: str, actor: User, at: datetime, **detail: str
) -> None:
    referral = opinion.referral
    audit.record(
        actor=actor,
        at=at,
        verb=f"referral.opinion_{verb}",
        subject=referral.reference,
        headline=headline,
        victim_id=opinion.victim_id,
        incident_id=referral.incident_id,
        detail={"of": str(opinion.asked_of), **detail},
    )

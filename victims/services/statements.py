"""The victim's personal statement: offered, answered, taken in their words, and put right."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput, Stale
from core.text import LONGEST_NARRATIVE, clean
from victims import permissions
from victims.models import PersonalStatement, Victim
from victims.services.seeing import require_seen

Answer = PersonalStatement.Answer
LONGEST_ABOUT = 40
LONGEST_WORDS = 1_000


@transaction.atomic
def offer_statement(*, victim_id: int, about: str, actor: User, at: datetime) -> PersonalStatement:
    """Offer a victim to say what the crime has done to them.

    `about` is a reference that people know (to 40 characters; "" for everything). An offer of the
    same that waits for its answer stays as it is and is given again. Raises PermissionDenied,
    InvalidInput at `about`, and DomainError where they said that they want one, or later.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    _require(actor)
    require_seen(victim, actor)
    about = clean(about, field="about", longest=LONGEST_ABOUT)
    last = victim.statements.filter(about=about).order_by("-offered_at", "-pk").first()
    if last is not None and last.answer == Answer.NOT_ASKED and last.taken_at is None:
        return last
    if last is not None and last.answer in {Answer.WANTED, Answer.LATER} and not last.taken_at:
        raise DomainError(
            f"They answered already: {last.get_answer_display().lower()}. Go on from that offer."
        )
    row = PersonalStatement.objects.create(
        victim=victim, about=about, offered_at=at, offered_by=actor
    )
    _record(row, victim, "offered", "Personal statement offered", actor, at)
    return row


@transaction.atomic
def answer_statement(
    *, statement_id: int, answer: str, words: str, version: int, actor: User, at: datetime
) -> PersonalStatement:
    """What the victim answered to the offer, in their words; it may change until one is taken.

    Raises PermissionDenied, InvalidInput at `answer` or `words` (needed but for yes; to 1,000
    characters), DomainError where the statement is taken, and Stale.
    """
    row, victim = _locked(statement_id)
    _require(actor)
    if answer not in {Answer.WANTED, Answer.LATER, Answer.DECLINED}:
        raise InvalidInput("Say what they answered.", field="answer")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=answer != Answer.WANTED)
    if row.taken_at is not None:
        raise DomainError("The statement is taken already.")
    if (row.answer, row.answer_words) == (answer, words):
        return row
    _refuse_stale(
        row,
        version,
        theirs={"answer": row.get_answer_display(), "words": row.answer_words},
        yours={"answer": Answer(answer).label, "words": words},
    )
    row.answer, row.answer_words = answer, words
    _save(row, "answer", "answer_words")
    headline = f"Personal statement: {row.get_answer_display().lower()}"
    _record(row, victim, "answered", headline, actor, at, words=words, answer=answer)
    return row


@transaction.atomic
def take_statement(
    *,
    statement_id: int,
    text: str,
    wants_read_aloud: bool | None,
    version: int,
    actor: User,
    at: datetime,
) -> PersonalStatement:
    """Take the statement down, or put right what was taken; what stood before is kept.

    `wants_read_aloud`: whether they want it read out in court; None where they do not know yet.
    Raises PermissionDenied, InvalidInput at `text` (to 100,000 characters), DomainError where they
    declined, and Stale with both texts.
    """
    row, victim = _locked(statement_id)
    _require(actor)
    text = clean(text, field="text", longest=LONGEST_NARRATIVE, required=True)
    if row.answer == Answer.DECLINED:
        raise DomainError("They did not want to make one. Offer it again before you take it.")
    if (row.text, row.wants_read_aloud) == (text, wants_read_aloud):
        return row
    _refuse_stale(
        row,
        version,
        theirs={"text": row.text, "read_aloud": _aloud(row.wants_read_aloud)},
        yours={"text": text, "read_aloud": _aloud(wants_read_aloud)},
    )
    is_new = row.taken_at is None
    row.text, row.wants_read_aloud = text, wants_read_aloud
    if is_new:
        row.taken_at, row.taken_by, row.answer = at, actor, Answer.WANTED
    _save(row, "text", "wants_read_aloud", "taken_at", "taken_by", "answer")
    headline = "Personal statement taken" if is_new else "Personal statement put right"
    verb = "taken" if is_new else "corrected"
    _record(row, victim, verb, headline, actor, at, read_aloud=_aloud(wants_read_aloud))
    return row


def _require(actor: User) -> None:
    if not permissions.can_record_contact(actor):
        raise PermissionDenied("Your role does not take statements of victims.")


def _locked(statement_id: int) -> tuple[PersonalStatement, Victim]:
    """The victim first, as everywhere, then the statement."""
    ids = PersonalStatement.objects.values_list("victim_id", flat=True)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=ids.get(pk=statement_id))
    return PersonalStatement.objects.select_for_update().get(pk=statement_id), victim


def _refuse_stale(
    row: PersonalStatement, version: int, *, theirs: dict[str, str], yours: dict[str, str]
) -> None:
    if row.version != version:
        raise Stale(
            "Somebody changed this after you opened it. Compare the two, then send what is right.",
            theirs=theirs,
            yours=yours,
            version=row.version,
        )


def _save(row: PersonalStatement, *changed: str) -> None:
    row.version += 1
    row.save(update_fields=[*changed, "version"])


def _aloud(wanted: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known yet"}[wanted]


def _record(
    row: PersonalStatement,
    victim: Victim,
    verb: str,
    headline: str,
    actor: User,
    at: datetime,
    **detail: str,
) -> None:
    """The statement itself is never written to the audit: it is theirs, and long."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"victim.statement_{verb}",
        headline=headline,
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"about": row.about, **detail},
    )

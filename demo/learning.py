"""Three notices to staff as a year's end finds them: most passed, some only read, some are late."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import F, Model

from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEvent
from deadlines.models import Deadline, Escalation, Notification, Sweep
from deadlines.sweep import sweep
from demo.people import Force
from learning import services
from learning.due import end_of
from learning.models import Attempt, Notice
from learning.services.writing import Draft, QuestionDraft

FRONT_LINE = (
    Role.CALL_HANDLER.value,
    Role.CONTROL_INSPECTOR.value,
    Role.RESPONSE_OFFICER.value,
    Role.SUPERVISOR.value,
)
EVERYBODY_ELSE = (
    Role.MARU_WORKER.value,
    Role.MARU_MANAGER.value,
    Role.DAISU_INVESTIGATOR.value,
    Role.IDVA.value,
)

#: What the service's own tables gain, to be told with the rest of a load.
_COUNTED: tuple[type[Model], ...] = (AuditEvent, Deadline, Escalation, Notification)

CONTROL = Draft(
    kind=Notice.Kind.DEFINITION,
    title="Controlling or coercive behaviour: what it is",
    body=(
        "Controlling or coercive behaviour is a pattern. One person takes over another's life step "
        "by step: the money, the telephone, who comes to the house, what is worn, when to sleep. "
        "It may go on for years without a blow. It is a crime of its own where it has a serious "
        "effect on the person and the two are, or were, close.\n\n"
        "A caller will seldom use the word. Listen for somebody who asks leave for everyday "
        "things, who has no money of their own, who has stopped seeing friends, whose messages are "
        "read, or who is frightened of being late home. An argument about nothing may be the only "
        "part that reaches us.\n\n"
        "Ask about the pattern and write down what is said in the person's own words. A separation "
        "does not end it: it is often when it becomes most dangerous."
    ),
    source="Serious Crime Act 2015, section 76, in our own words",
    roles=(*FRONT_LINE, *EVERYBODY_ELSE),
    questions=(
        QuestionDraft(
            text="A caller was never hit, but must hand over her wages and show every message. "
            "Can this be an offence?",
            options=(
                "No, without violence it is a private matter",
                "Yes, the pattern itself can be one",
                "Only if a neighbour saw it",
            ),
            right=(1,),
            why="The offence is the pattern and its effect. It needs no blow and no witness next "
            "door; the messages and the bank account are evidence.",
        ),
        QuestionDraft(
            text="Which of these are signs of control?",
            options=(
                "Asking leave to go shopping",
                "No money of one's own",
                "Having moved house twice",
                "Having stopped seeing friends",
            ),
            right=(0, 1, 3),
            why="Leave, money and friends are what control takes hold of. Moving house says "
            "nothing by itself.",
        ),
        QuestionDraft(
            text="They separated last month. What does that say about the danger?",
            options=("It is over", "It may be greater now", "Nothing can be said"),
            right=(1,),
            why="Losing control of somebody is when many perpetrators become most dangerous.",
        ),
    ),
)

STRANGULATION = Draft(
    kind=Notice.Kind.PROCEDURE,
    title="Strangulation: the signs, and why it matters",
    body=(
        "Pressure on the neck can kill within minutes, and hours or days later. Often nothing is "
        "to be seen. Somebody who was strangled by a partner is far more likely to be killed by "
        "them later than somebody who was not.\n\n"
        "Ask directly whether anybody put hands, an arm or anything else on the neck, or stopped "
        "the breath. Look and listen for a hoarse voice, pain when swallowing, small red spots in "
        "the eyes or behind the ears, confusion, lost memory, or having wetted oneself.\n\n"
        "Every one of them needs a doctor today, also when they say that they are well. It is an "
        "offence of its own. Record it as such, photograph the neck again after a day or two, "
        "and grade the risk accordingly."
    ),
    source="Serious Crime Act 2015, section 75A, and the force's medical advice",
    roles=FRONT_LINE,
    questions=(
        QuestionDraft(
            text="He had her by the throat last night. She has no mark and says that she is well. "
            "What do you do?",
            options=(
                "Ask for a doctor today, and record strangulation",
                "Nothing more, since there is no injury",
                "Ask her to see a doctor if it gets worse",
            ),
            right=(0,),
            why="Often nothing is seen and the harm comes later. The offence does not need a mark.",
        ),
        QuestionDraft(
            text="Which of these can be signs of it?",
            options=("A hoarse voice", "Red spots in the eyes", "Lost memory", "A cold"),
            right=(0, 1, 2),
            why="Voice, eyes and memory all suffer when breath or blood is cut off.",
        ),
    ),
)

RELEASE = Draft(
    kind=Notice.Kind.LESSON,
    title="Lesson: he was released, and nobody told her",
    body=(
        "A man was arrested for harming his partner. She was told that he would be kept overnight "
        "and went home. He was bailed in the evening. The officer in the case had gone off duty; "
        "custody thought that the officer would ring, and the officer thought that custody would. "
        "He was at her door before midnight.\n\n"
        "The review found no bad will and no lack of time. It found that nobody had been named. "
        "Two people who each believe that the other will do it are the same as nobody.\n\n"
        "Before anybody is released, one named person speaks with the victim, by the safe way that "
        "is on record, and writes down when. Where she cannot be reached, that is handed over by "
        "name and tried again before he leaves the building. The risk is looked at again: a "
        "release changes it."
    ),
    source="A domestic homicide review, details changed",
    roles=(*FRONT_LINE, *EVERYBODY_ELSE),
    questions=(
        QuestionDraft(
            text="What did the review find to be the cause?",
            options=(
                "Nobody was named to tell her",
                "There were too few officers",
                "She did not answer the telephone",
            ),
            right=(0,),
            why="Custody and the officer each relied on the other. A name would have saved her.",
        ),
        QuestionDraft(
            text="You go off duty and have not reached her. What now?",
            options=(
                "Leave a message on the house telephone",
                "Hand it over to a named colleague before he is released",
                "Try again tomorrow",
            ),
            right=(1,),
            why="He may be there tonight; and a message on a shared telephone may be heard by him.",
        ),
    ),
)

#: (notice, days before the load at which it was published, days given).
PLAN: tuple[tuple[Draft, int, int], ...] = (
    (CONTROL, 40, 14),
    (STRANGULATION, 19, 14),
    (RELEASE, 4, 14),
)

#: Something that happened: when, and what does it.
Happening = tuple[datetime, int, Callable[[], object]]


#: Who opens the demo finds the newest notice still to do.
LEFT_TO_DO = ("handler", "officer", "worker")


def publish_notices(force: Force, *, at: datetime) -> dict[str, int]:
    """Play the notices up to `at` through the services; nothing when there are notices already.

    Gives the rows that each of the service's common tables gained.
    """
    if Notice.objects.exists():
        return {}
    before = {model: model._default_manager.count() for model in _COUNTED}
    swept = set(Sweep.objects.values_list("pk", flat=True))
    actor = force.users["head"]
    for number, (draft, days, given) in enumerate(PLAN):
        published = at - timedelta(days=days)
        last = (published + timedelta(days=given)).date()
        notice = _published(draft, number, published, actor)
        for _, _, act in sorted(
            _story(notice, number, published, end_of(last), at), key=lambda one: one[:2]
        ):
            act()
        passed = Attempt.objects.filter(notice=notice, passed=True).values("user")
        Notification.objects.filter(reference=notice.reference, user__in=passed).update(
            seen_at=F("created_at")
        )
    # They say nothing of a worker that runs now.
    Sweep.objects.exclude(pk__in=swept).delete()
    Notification.objects.filter(delivered_at=None, path__startswith="/learning/").update(
        delivered_at=F("created_at")
    )
    return {
        model._meta.db_table: model._default_manager.count() - count
        for model, count in before.items()
    }


def _published(draft: Draft, number: int, published: datetime, actor: User) -> Notice:
    last = (published + timedelta(days=PLAN[number][2])).date()
    row = services.begin(
        draft=replace(draft, pass_by=last),
        key=uuid4(),
        actor=actor,
        at=published - timedelta(days=2),
    )
    row = services.publish(notice_id=row.pk, version=row.version, actor=actor, at=published)
    services.keep_in_step(actor=User.objects.system(), at=published)
    return row


def _story(
    notice: Notice, number: int, published: datetime, due: datetime, at: datetime
) -> Iterator[Happening]:
    """Who reads and who passes, and the sweeps at the instants of the notice's steps."""
    moment = timedelta(seconds=1)
    for share in (0.5, 0.8):
        yield from _sweep(published + (due - published) * share + moment, at)
    yield from _sweep(due + moment, at)
    yield from _sweep(due + timedelta(hours=4) + moment, at)
    people = User.objects.filter(pk__in=notice.assignments.values("user")).order_by("pk")
    for place, person in enumerate(people):
        for when, act in _one_person(notice, person, place * 5 + number * 7, published):
            if when < at and not (number == len(PLAN) - 1 and person.username in LEFT_TO_DO):
                yield when, place, act


def _sweep(when: datetime, at: datetime) -> Iterator[Happening]:
    if when <= at:
        yield when, -1, lambda: sweep(at=when)


def _one_person(
    notice: Notice, person: User, place: int, published: datetime
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """In seventeen: one never opens it, two only read, three fail once, the others pass at once."""
    luck = place % 17
    if luck == 3:
        return
    read = published + timedelta(hours=2 + (place * 13) % 170, minutes=place % 60)
    yield read, lambda: services.note_reading(notice=notice, actor=person, at=read)
    if luck in (5, 11):
        return
    first = read + timedelta(minutes=9)
    fails = luck in (2, 8, 14)
    yield first, lambda: _answer(notice, person, 1, first, is_right=not fails)
    if fails:
        second = first + timedelta(minutes=6)
        yield second, lambda: _answer(notice, person, 2, second, is_right=True)


def _answer(
    notice: Notice, person: User, number: int, when: datetime, *, is_right: bool
) -> Attempt:
    answers = {one.pk: list(one.right) for one in notice.questions.all()}
    if not is_right:
        last = notice.questions.all().reverse()[0]
        answers[last.pk] = [place for place in range(len(last.options)) if place not in last.right][
            :1
        ]
    return services.answer(
        notice_id=notice.pk, number=number, answers=answers, actor=person, at=when
    )

"""The disclosure scheme as pages show it: what waits by time left, and what may be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import User
from deadlines.models import Deadline
from perpetrators.deadlines.disclosure import SUBJECT
from perpetrators.forms import disclosure as forms
from perpetrators.forms.orders import StepForm
from perpetrators.models import DisclosureApplication
from perpetrators.permissions import can_decide_disclosure, can_work_disclosure
from perpetrators.services import disclosure
from victims.models import Person, Victim

State = DisclosureApplication.State
OPEN = (State.RECEIVED, State.CHECKED, State.DISCLOSE)
#: On the page of a victim or of a person: the newest.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Step:
    """One thing that can be done: by whom, in which states, through which service."""

    name: str
    title: str
    button: str
    form: Callable[..., StepForm]
    act: Callable[..., DisclosureApplication]
    may: Callable[[User], bool]
    states: tuple[str, ...]
    done: str


STEPS = {
    step.name: step
    for step in (
        Step(
            "check",
            "First check",
            "Record the first check",
            forms.CheckForm,
            disclosure.check_application,
            can_work_disclosure,
            (State.RECEIVED,),
            "The first check is recorded.",
        ),
        Step(
            "decide",
            "Your decision",
            "Decide",
            forms.DecideForm,
            disclosure.decide_application,
            can_decide_disclosure,
            (State.CHECKED,),
            "Your decision is recorded.",
        ),
        Step(
            "visit",
            "The visit",
            "Record the visit",
            forms.VisitForm,
            disclosure.record_visit,
            can_work_disclosure,
            (State.DISCLOSE,),
            "The visit is recorded.",
        ),
        Step(
            "take",
            "Take it over",
            "Take it over",
            forms.TakeForm,
            disclosure.take_application,
            can_work_disclosure,
            OPEN,
            "It is yours now.",
        ),
        Step(
            "withdraw",
            "No longer wanted",
            "Record that it is withdrawn",
            forms.WithdrawForm,
            disclosure.withdraw_application,
            can_work_disclosure,
            OPEN,
            "It is withdrawn.",
        ),
    )
}


def form_of(step: Step, data: Any = None) -> StepForm:
    """The step's form, blank or with what was sent; each has ids of its own on the page."""
    return step.form(data, auto_id=f"{step.name}_%s")


def open_steps(
    application: DisclosureApplication, reader: User, bound: dict[str, StepForm]
) -> list[tuple[Step, StepForm]]:
    """What this reader may do now, each with its form; a refused one as it was sent."""
    return [
        (step, bound.get(step.name) or form_of(step))
        for step in STEPS.values()
        if step.name in bound or _is_open(step, application, reader)
    ]


def _is_open(step: Step, application: DisclosureApplication, reader: User) -> bool:
    if application.state not in step.states or not step.may(reader):
        return False
    if step.name == "take":
        return application.owner_id != reader.pk
    return step.name != "withdraw" or not application.immediate_risk


def clocks_of(application: DisclosureApplication) -> list[Deadline]:
    """What runs now, the soonest first."""
    return list(Deadline.objects.open().of(application).order_by("due_at", "pk"))


def waiting(reader: User) -> QuerySet[DisclosureApplication]:
    """Open applications that the reader may see by time left, each with `due_at` and `started_at`
    of the clock that is over first."""
    clock = (
        Deadline.objects.open()
        .filter(subject_type=SUBJECT, subject_id=OuterRef("pk"))
        .order_by("due_at", "pk")
    )
    return (
        DisclosureApplication.objects.visible_to(reader)
        .open()
        .select_related("victim__person", "person", "owner")
        .annotate(
            due_at=Subquery(clock.values("due_at")[:1]),
            started_at=Subquery(clock.values("started_at")[:1]),
        )
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )


def of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """Applications for a victim; nothing where there is none and the reader records none."""
    seen = DisclosureApplication.objects.visible_to(reader).filter(victim=victim)
    rows = list(seen.select_related("person").order_by("-received_at")[:MOST_SHOWN])
    may_record = can_work_disclosure(reader)
    return {"rows": rows, "may_record": may_record} if rows or may_record else None


def about_person(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Applications about a person, for those who work on them alone: whoever deals with the person
    has nothing to let slip."""
    if not (can_work_disclosure(reader) or can_decide_disclosure(reader)):
        return None
    rows = DisclosureApplication.objects.visible_to(reader).filter(person=person)
    shown = list(rows.select_related("victim__person").order_by("-received_at")[:MOST_SHOWN])
    return {"rows": shown} if shown else None

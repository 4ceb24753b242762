"""Notices and orders as pages show them: what may be done next, by whom; what waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from core.clock import local
from deadlines.models import Deadline
from deadlines.querysets import DeadlineQuerySet
from perpetrators.deadlines.orders import NOTICE_DECISION, NOTICE_TO_COURT
from perpetrators.forms import orders as forms
from perpetrators.models import Order, OrderBreach, ProtectionNotice
from perpetrators.permissions import can_ask_for_notice, can_authorise_notice, can_record_order
from perpetrators.services import orders
from victims.models import Person, Victim

State = ProtectionNotice.State
SUBJECT = "perpetrators.protectionnotice"


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a notice: by whom, in which states, through which service."""

    name: str
    title: str
    button: str
    form: Callable[..., forms.StepForm]
    act: Callable[..., Any]
    may: Callable[[User], bool]
    states: tuple[str, ...]
    done: str


def _breach(*, notice_id: int, **said: Any) -> OrderBreach:
    return orders.record_breach(notice_id=notice_id, **said)


STEPS = {
    step.name: step
    for step in (
        Step(
            "decide",
            "Your decision",
            "Decide",
            forms.DecideForm,
            orders.decide_notice,
            can_authorise_notice,
            (State.ASKED,),
            "Your decision is recorded.",
        ),
        Step(
            "serve",
            "Service",
            "Record the service",
            forms.ServeForm,
            orders.serve_notice,
            can_ask_for_notice,
            (State.AUTHORISED,),
            "The service is recorded; the court's clock runs.",
        ),
        Step(
            "hearing",
            "The hearing",
            "Record the hearing's time",
            forms.ListForm,
            orders.set_hearing,
            can_ask_for_notice,
            (State.SERVED,),
            "The hearing is recorded.",
        ),
        Step(
            "outcome",
            "What the court did",
            "Record what the court did",
            forms.OutcomeForm,
            orders.record_hearing,
            can_ask_for_notice,
            (State.SERVED,),
            "What the court did is recorded.",
        ),
        Step(
            "breach",
            "A breach of the notice",
            "Record the breach",
            forms.BreachForm,
            _breach,
            can_record_order,
            (State.SERVED,),
            "The breach is recorded.",
        ),
        Step(
            "lapse",
            "No court heard it in time",
            "Record that it lapsed",
            forms.WordsForm,
            orders.lapse_notice,
            can_ask_for_notice,
            (State.SERVED,),
            "The notice has lapsed.",
        ),
        Step(
            "withdraw",
            "No longer wanted",
            "Withdraw it",
            forms.WordsForm,
            orders.withdraw_notice,
            can_ask_for_notice,
            (State.ASKED, State.AUTHORISED),
            "The notice is withdrawn.",
        ),
    )
}


def form_of(step: Step, notice: ProtectionNotice, data: Any = None) -> forms.StepForm:
    """The step's form, blank or with what was sent; each has ids of its own on the page."""
    more: dict[str, Any] = {"victim": notice.victim} if step.name == "breach" else {}
    initial = {
        "version": notice.version,
        "court": notice.court,
        "hearing_at": notice.hearing_at,
        "heard_at": notice.hearing_at,
    }
    return step.form(data, initial=initial, auto_id=f"{step.name}_%s", **more)


def open_steps(
    notice: ProtectionNotice, reader: User, bound: dict[str, forms.StepForm]
) -> list[tuple[Step, forms.StepForm]]:
    """What this reader may do now, each with its form; a refused one as it was sent."""
    return [
        (step, bound.get(step.name) or form_of(step, notice))
        for step in STEPS.values()
        if step.name in bound or (notice.state in step.states and _may(step, reader, notice))
    ]


def _may(step: Step, reader: User, notice: ProtectionNotice) -> bool:
    is_own = step.name == "decide" and notice.asked_by_id == reader.pk
    return step.may(reader) and not is_own


def clock_of(notice: ProtectionNotice) -> Deadline | None:
    """The clock that runs, or ran last: the superintendent's, then the court's."""
    return _clocks().filter(subject_id=notice.pk).first()


def _clocks() -> DeadlineQuerySet:
    kinds = [NOTICE_DECISION, NOTICE_TO_COURT]
    return Deadline.objects.filter(kind__in=kinds, subject_type=SUBJECT).order_by("-pk")


def waiting(reader: User) -> QuerySet[ProtectionNotice]:
    """Open notices that the reader may see: undecided first, each with `due_at` of what runs."""
    clock = _clocks().open().filter(subject_id=OuterRef("pk"))
    rows = ProtectionNotice.objects.visible_to(reader).open()
    return (
        rows.select_related("victim__person", "person", "asked_by", "decided_by")
        .annotate(
            due_at=Subquery(clock.values("due_at")[:1]),
            started_at=Subquery(clock.values("started_at")[:1]),
        )
        .order_by("state", "asked_at", "pk")
    )


def of_victim(victim: Victim, at: datetime) -> dict[str, Any] | None:
    """Everything that was ordered for a victim, in force first; None where there is nothing."""
    rows = list(victim.orders.select_related("person", "notice").order_by("-made_at"))
    notices = list(victim.notices.select_related("person").order_by("-asked_at"))
    if not rows and not notices:
        return None
    in_force = [row for row in rows if binds(row, at)]
    return {
        "in_force": in_force,
        "over": [row for row in rows if row not in in_force],
        "notices": notices,
        "open_notices": [row for row in notices if row.state in (State.ASKED, State.AUTHORISED)],
        "served": [row for row in notices if row.state == State.SERVED],
    }


def against(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """What binds a person now, for the victims that the reader may see; None where nothing does."""
    bound = Order.objects.visible_to(reader).in_force(local(at).date()).filter(person=person)
    notices = ProtectionNotice.objects.visible_to(reader).filter(person=person, state=State.SERVED)
    rows = list(bound.select_related("victim__person").order_by("-made_at"))
    served = list(notices.select_related("victim__person").order_by("-served_at"))
    return {"orders": rows, "notices": served} if rows or served else None


def binds(row: Order, at: datetime) -> bool:
    """Whether an order is in force on the day of an instant."""
    today = local(at).date()
    return row.ended_at is None and (row.until is None or row.until >= today)

"""Serial perpetrators and plans as pages show them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from core.clock import local
from deadlines.models import Deadline
from perpetrators.deadlines.management import PLAN_DUE, REVIEW
from perpetrators.forms import management as forms
from perpetrators.forms.orders import StepForm
from perpetrators.models import ManagementPlan, NotTheSame, SerialRecognition
from perpetrators.permissions import can_manage_perpetrator
from perpetrators.services import management
from perpetrators.services.management.measures import read
from victims.duties import covers_of
from victims.models import Person, Victim

SUBJECT = "perpetrators.serialrecognition"
PLAN_SUBJECT = "perpetrators.managementplan"
#: What the list can be narrowed to.
SHOWN = {"": "Everybody", "none": "Without a plan", "mine": "Plans that I have"}


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a current plan, through which service."""

    name: str
    title: str
    button: str
    form: Callable[..., StepForm]
    act: Callable[..., Any]
    done: str


STEPS = {
    step.name: step
    for step in (
        Step(
            "review",
            "Look at it again",
            "Record the look",
            forms.ReviewForm,
            management.review_plan,
            "The look is recorded.",
        ),
        Step(
            "pass-on",
            "Give it to somebody else",
            "Pass it on",
            forms.PassOnForm,
            management.pass_on,
            "The plan is passed on; its new owner is told.",
        ),
        Step(
            "end",
            "End it",
            "End the plan",
            forms.EndForm,
            management.end_plan,
            "The plan is over.",
        ),
        Step(
            "edit",
            "Change it",
            "Save the plan",
            forms.EditForm,
            management.edit_plan,
            "The plan is changed.",
        ),
    )
}


def serial_list(reader: User, shown: str) -> QuerySet[SerialRecognition]:
    """One row for each human being, those with the most victims first.

    Each carries `plan_id`, `due_at` and `started_at` of the clock where a plan is owed, and of its
    victims those whom the reader may see.
    """
    clock = Deadline.objects.open().filter(
        kind=PLAN_DUE, subject_type=SUBJECT, subject_id=OuterRef("pk")
    )
    rows = SerialRecognition.objects.visible_to(reader).listed().with_plan()
    rows = rows.annotate(
        due_at=Subquery(clock.values("due_at")[:1]),
        started_at=Subquery(clock.values("started_at")[:1]),
        owed_by=Subquery(clock.values("owner__name")[:1]),
        owed_by_team=Subquery(clock.values("team__name")[:1]),
    )
    if shown == "none":
        rows = rows.unplanned()
    elif shown == "mine":
        rows = rows.planned_by(reader)
    seen = Victim.objects.visible_to(reader).select_related("person").order_by("pk")
    return (
        rows.select_related("person")
        .prefetch_related(Prefetch("victims", queryset=seen, to_attr="seen_victims"))
        .order_by("-victim_count", "person")
    )


def with_plans(rows: list[SerialRecognition]) -> list[tuple[SerialRecognition, Any]]:
    """Each row with its current plan or None; one query."""
    ids = [getattr(row, "plan_id", None) for row in rows]
    plans = ManagementPlan.objects.select_related("owner", "team").in_bulk(
        [pk for pk in ids if pk is not None]
    )
    return [(row, plans.get(pk) if pk else None) for row, pk in zip(rows, ids, strict=True)]


def recognition_of(person: Person) -> SerialRecognition | None:
    """What stands of the person: their own row, as each record of one human being has one."""
    return SerialRecognition.objects.standing().filter(person=person).first()


def plan_of(person: Person) -> ManagementPlan | None:
    """The current plan of the person, or of a record that is told with theirs."""
    row = SerialRecognition.objects.standing().filter(person=person)
    lead = row.values("told_with")
    same = Q(person=person) | Q(person__serial__in=lead) | Q(person__serial__told_with__in=lead)
    told = Q(person__serial__told_with__in=row.values("pk"))
    plans = ManagementPlan.objects.current().filter(same | told)
    # Their own before one of a record that is probably theirs.
    found = list(plans.select_related("person", "owner", "team", "written_by"))
    return min(found, key=lambda plan: (plan.person_id != person.pk, plan.pk), default=None)


def plan_page(
    person: Person, reader: User, at: datetime, bound: dict[str, StepForm]
) -> dict[str, Any]:
    """All that the page of a plan shows; `bound` are forms that were sent and refused."""
    plan, may = plan_of(person), can_manage_perpetrator(reader)
    row = recognition_of(person)
    write = bound.get("write") or (_write_form(reader) if may and plan is None else None)
    steps = [
        (step, bound.get(step.name) or form_of(step, plan))
        for step in STEPS.values()
        if plan is not None and may
    ]
    return {
        "person": person,
        "plan": plan,
        "measures": measures_of(plan, at),
        "serial": row,
        "alike": alike_of(row),
        "covers": _stand_in(plan, at),
        "clock": _clock(PLAN_SUBJECT, REVIEW, plan.pk if plan else None),
        "owed": _clock(SUBJECT, PLAN_DUE, (row.told_with_id or row.pk) if row else None),
        "write": write,
        "steps": steps,
        "forms": list(bound.values()),
        "past": list(
            ManagementPlan.objects.filter(person=person, is_current=False)
            .select_related("owner")
            .order_by("-ended_at")[:5]
        ),
        "may_manage": may,
        "now": at,
    }


def form_of(step: Step, plan: ManagementPlan, data: Any = None) -> StepForm:
    """The step's form, blank or with what was sent; each has ids of its own on the page."""
    initial: dict[str, Any] = {"version": plan.version}
    more: dict[str, Any] = {}
    if step.name == "edit":
        initial |= {"aims": plan.aims, "review_on": plan.review_on}
        initial |= forms.initial_measures(plan.measures)
        more = {"filled": len(plan.measures)}
    return step.form(data, initial=initial, auto_id=f"{step.name}_%s", **more)


def _write_form(reader: User) -> forms.WriteForm:
    return forms.WriteForm(initial={"owner": reader.username}, auto_id="write_%s")


@dataclass(frozen=True)
class Shown:
    """A measure as it stands today."""

    words: str
    who: str
    by: date
    done: date | None
    is_late: bool


def measures_of(plan: ManagementPlan | None, at: datetime) -> list[Shown]:
    today = local(at).date()
    return [
        Shown(one.words, one.who, one.by, one.done, one.done is None and one.by < today)
        for one in read(plan.measures if plan else [])
        if one.by is not None
    ]


def alike_of(row: SerialRecognition | None) -> list[tuple[Person, str]]:
    """The other records that are probably the same human being, each with why."""
    if row is None or not row.alike:
        return []
    why = dict(row.alike)
    return [(one, why[one.reference]) for one in Person.objects.filter(reference__in=why)]


def set_apart_from(person: Person) -> list[tuple[Person, NotTheSame]]:
    """Records that somebody said are another's, though they look like this one."""
    rows = NotTheSame.objects.filter(Q(one=person) | Q(other=person), taken_back_at__isnull=True)
    return [
        (row.other if row.one_id == person.pk else row.one, row)
        for row in rows.select_related("one", "other", "said_by").order_by("pk")
    ]


def _clock(subject_type: str, kind: str, subject_id: int | None) -> Deadline | None:
    if subject_id is None:
        return None
    rows = Deadline.objects.open().select_related("owner", "team")
    return rows.filter(subject_type=subject_type, subject_id=subject_id, kind=kind).first()


def _stand_in(plan: ManagementPlan | None, at: datetime) -> Any:
    """The absence of a plan's owner, with who stands in."""
    return covers_of([plan.owner_id], at).get(plan.owner_id) if plan else None

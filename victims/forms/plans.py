"""Writing a safety plan, and saying that it was looked at."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.errors import DomainError
from core.forms import RefusableForm
from victims.models import PlanStep, SafetyPlan
from victims.services import Step
from victims.services.plans.steps import MOST_STEPS

SOMEBODY_ELSE = ""
#: Empty rows under the steps that are there.
BLANK_ROWS = 3
#: Rows, empty ones too; how many steps there may be is the service's to say.
MOST_ROWS = MOST_STEPS + 10
PREFIX = "steps"


class StepForm(RefusableForm):
    """One row; a row without any words is no step."""

    words = forms.CharField(
        label="What", required=False, widget=forms.Textarea(attrs={"class": "short", "rows": 2})
    )
    owner = forms.ChoiceField(label="Who does it", required=False)
    owner_words = forms.CharField(label="Somebody else: who", required=False)
    due_on = forms.DateField(
        label="By the end of",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    is_shared = forms.BooleanField(label="The victim is given this", required=False)
    leave_out = forms.BooleanField(label="Leave this step out", required=False)
    carries = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, people: dict[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [
            (SOMEBODY_ELSE, "Somebody else, named beside this"),
            *((username, str(person)) for username, person in people.items()),
        ]

    @property
    def goes_on(self) -> bool:
        """Whether the row comes from a step of the version before."""
        return bool(self["carries"].value())

    @property
    def is_a_step(self) -> bool:
        said = self.cleaned_data
        typed = (said.get("words"), said.get("owner_words"), said.get("due_on"), said.get("owner"))
        return any(typed) and not said.get("leave_out")

    def said(self) -> Step:
        given = self.cleaned_data
        return Step(
            words=given["words"],
            owner=self.people.get(given["owner"]),
            owner_words=given["owner_words"],
            due_on=given["due_on"],
            is_shared=given["is_shared"],
            carries=given["carries"],
        )


class ReasonForm(RefusableForm):
    """What belongs to the version as a whole."""

    reason = forms.CharField(
        label="Why there is a new version",
        required=False,
        help_text="Risk now high; she moved; first plan.",
    )
    words = forms.CharField(
        label="Anything that is not a step",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For us: the victim is not given this.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


StepFormSet = forms.formset_factory(
    StepForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 10
)


class PlanForms:
    """The form of a version with its rows, as one thing to fill in, check and refuse."""

    def __init__(
        self,
        people: dict[str, User],
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
        rows: Iterable[dict[str, Any]] = (),
    ) -> None:
        self.people = people
        self.whole = ReasonForm(data, initial=initial)
        self.steps = StepFormSet(
            data, prefix=PREFIX, initial=list(rows), form_kwargs={"people": people}
        )
        self._given: list[StepForm] = []

    @classmethod
    def starting_from(cls, current: SafetyPlan | None, people: dict[str, User]) -> "PlanForms":
        """The version that counts, to be changed; with empty rows under it."""
        steps = [_row(step) for step in current.steps.all()] if current else []
        blank: list[dict[str, Any]] = [{} for _ in range(BLANK_ROWS)]
        return cls(
            people,
            initial={
                "version": current.version if current else 0,
                "words": current.words if current else "",
                "reason": "" if current else "First plan",
            },
            rows=[*steps, *blank],
        )

    @classmethod
    def with_more_rows(cls, data: QueryDict, people: dict[str, User]) -> "PlanForms":
        """What was typed, not checked yet, with empty rows under it."""
        return cls(people, _more_rows(data))

    def is_valid(self) -> bool:
        whole, steps = self.whole.is_valid(), self.steps.is_valid()
        self._given = [form for form in self.steps if form.is_valid() and form.is_a_step]
        return whole and steps

    def details(self) -> dict[str, Any]:
        """What the service takes."""
        return {**self.whole.cleaned_data, "steps": [form.said() for form in self._given]}

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field: "steps.1.due_on" is that of the second step given."""
        name, _, rest = (error.field or "").partition(".")
        place, _, field = rest.partition(".")
        if name == PREFIX and place.isdigit():
            self._given[int(place)].refuse(DomainError(error.message, field=field or None))
        else:
            self.whole.refuse(error)

    def know(self, version: int) -> None:
        """After a stale edit: what is typed stays; its rows go on from nothing of the new one."""
        assert isinstance(self.whole.data, QueryDict)
        data = self.whole.data.copy()
        data["version"] = str(version)
        for name in data:
            if name.startswith(f"{PREFIX}-") and name.endswith("-carries"):
                data[name] = ""
        self.whole.data, self.steps.data = data, data
        for form in self.steps:
            form.data = data


class PlanReviewForm(RefusableForm):
    """The plan was looked at and is right; `version` is the one that was read."""

    words = forms.CharField(
        label="What you looked at, and why it is right",
        required=False,
        widget=forms.Textarea(attrs={"class": "short"}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class StepDoneForm(RefusableForm):
    version = forms.IntegerField(min_value=1)
    is_done = forms.ChoiceField(choices=[("yes", "Done"), ("no", "Not done after all")])


def _row(step: PlanStep) -> dict[str, Any]:
    return {
        "words": step.words,
        "owner": step.owner.username if step.owner else SOMEBODY_ELSE,
        "owner_words": step.owner_words,
        "due_on": step.due_on,
        "is_shared": step.is_shared,
        "carries": step.position,
    }


def _more_rows(data: QueryDict) -> QueryDict:
    data = data.copy()
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    rows = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    data[f"{PREFIX}-TOTAL_FORMS"] = str(min(rows + BLANK_ROWS, MOST_ROWS))
    return data

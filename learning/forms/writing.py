"""Writing a notice with its questions on one page. Half written is fine: it is a draft."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import QueryDict

from accounts.models import Team
from accounts.roles import Role
from core.errors import DomainError, Stale
from learning.models import MOST_OPTIONS, MOST_QUESTIONS, Notice
from learning.services.publishing import Missing
from learning.services.writing import LONGEST_BODY, Draft, QuestionDraft


class NoticeForm(forms.Form):
    """The notice itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What it is", choices=Notice.Kind.choices)
    title = forms.CharField(label="Title", max_length=120, required=False)
    body = forms.CharField(
        label="What people must know",
        help_text="Plain words; an empty line begins a new paragraph. No names of victims.",
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    source = forms.CharField(
        label="Where it comes from",
        help_text="The law, the review, the procedure. A lesson always says which review.",
        max_length=200,
        required=False,
    )
    roles = forms.MultipleChoiceField(
        label="Whom it is for",
        help_text="Whoever holds one of these roles, now or later.",
        choices=[(one.value, one.value) for one in Role],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(),
        label="Only in these teams",
        help_text="None chosen means every team.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pass_by = forms.DateField(
        label="To be passed by the end of",
        help_text="Left empty: as many days after publication as force policy gives.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class OptionRow(NamedTuple):
    """One answer to choose, and the box that says it is right."""

    number: int
    words: forms.BoundField
    right: forms.BoundField


class QuestionForm(forms.Form):
    """One question with its answers."""

    text = forms.CharField(label="Question", max_length=500, required=False)
    why = forms.CharField(
        label="Why",
        help_text="Read after a wrong answer.",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"class": "short", "rows": 2}),
    )

    def __init__(self, *args: Any, options: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        for place in range(options):
            self.fields[f"option{place}"] = forms.CharField(
                label=f"Answer {place + 1}", max_length=300, required=False
            )
            self.fields[f"right{place}"] = forms.BooleanField(
                label=f"Answer {place + 1} is right", required=False
            )

    @property
    def rows(self) -> list[OptionRow]:
        return [
            OptionRow(place + 1, self[f"option{place}"], self[f"right{place}"])
            for place in range(self.options)
        ]

    @property
    def may_grow(self) -> bool:
        return self.options < MOST_OPTIONS

    def draft(self) -> QuestionDraft:
        said = self.cleaned_data
        places = range(self.options)
        return QuestionDraft(
            text=said["text"],
            options=tuple(said[f"option{place}"] for place in places),
            right=tuple(place for place in places if said[f"right{place}"]),
            why=said["why"],
        )


class Sheet:
    """The whole page: the notice and its questions, as they stand or as they were sent."""

    def __init__(self, data: QueryDict | Mapping[str, Any]) -> None:
        self.data = data
        self.notice = NoticeForm(data)
        count = _count(data, "questions", MOST_QUESTIONS)
        self.questions = [
            QuestionForm(
                data, prefix=f"q{number}", options=_count(data, f"q{number}-options", MOST_OPTIONS)
            )
            for number in range(count)
        ]

    @classmethod
    def of(cls, draft: Draft, *, version: int, key: UUID) -> "Sheet":
        """A draft as it would have been sent."""
        data: dict[str, Any] = {
            "version": version,
            "key": str(key),
            "kind": draft.kind,
            "title": draft.title,
            "body": draft.body,
            "source": draft.source,
            "roles": list(draft.roles),
            "teams": list(draft.teams),
            "pass_by": draft.pass_by or "",
            "questions": len(draft.questions),
        }
        for number, one in enumerate(draft.questions):
            data |= _sent(f"q{number}", one)
        return cls(_MultiDict(data))

    @property
    def forms(self) -> list[forms.Form]:
        return [self.notice, *self.questions]

    @property
    def may_grow(self) -> bool:
        return len(self.questions) < MOST_QUESTIONS

    def is_valid(self) -> bool:
        # Every one, so that every mistake shows at once.
        return sum(not form.is_valid() for form in self.forms) == 0

    def draft(self) -> Draft:
        said = self.notice.cleaned_data
        return Draft(
            kind=said["kind"],
            title=said["title"],
            body=said["body"],
            source=said["source"],
            roles=tuple(said["roles"]),
            teams=tuple(team.pk for team in said["teams"]),
            pass_by=said["pass_by"],
            questions=tuple(form.draft() for form in self.questions),
        )

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at its field; after a stale edit the next save is against what is now."""
        self._put(error.field or "", error.message)
        if isinstance(error, Stale):
            self.notice.data = _MultiDict({**_listed(self.data), "version": error.version})

    def show_missing(self, missing: list[Missing]) -> None:
        """Put everything that keeps it from being published at its field."""
        self.is_valid()
        for field, words in missing:
            self._put(field, words)

    def _put(self, field: str, words: str) -> None:
        for form in self.questions:
            name = field.removeprefix(f"{form.prefix}-")
            if name != field and name in form.fields:
                form.add_error(name, words)
                return
        visible = field in self.notice.fields and not self.notice[field].is_hidden
        self.notice.add_error(field if visible else None, words)


def acted(draft: Draft, act: str) -> tuple[Draft, str]:
    """What a button asks for besides saving: the draft with it, and where on the page to go on.

    `act` is "add_question", "add_answer:2" or "remove_question:2"; anything else only saves.
    """
    name, _, number = act.partition(":")
    questions = list(draft.questions)
    if name == "add_question" and len(questions) < MOST_QUESTIONS:
        questions.append(QuestionDraft())
        return replace(draft, questions=tuple(questions)), f"#question-{len(questions)}"
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
    if not 0 <= place < len(questions):
        return draft, ""
    if name == "add_answer" and len(questions[place].options) < MOST_OPTIONS:
        one = questions[place]
        questions[place] = replace(one, options=(*one.options, ""))
        return replace(draft, questions=tuple(questions)), f"#question-{place + 1}"
    if name == "remove_question":
        del questions[place]
        return replace(draft, questions=tuple(questions)), "#test"
    return draft, ""


class _MultiDict(dict[str, Any]):
    """A dictionary that gives lists where a form asks for several values."""

    def getlist(self, name: str) -> list[Any]:
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def _listed(data: QueryDict | Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with several values where several may be."""
    several = {"roles", "teams"}
    assert isinstance(data, QueryDict | _MultiDict)
    return {name: data.getlist(name) if name in several else data.get(name) for name in data}


def _sent(prefix: str, one: QuestionDraft) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-text": one.text,
        f"{prefix}-why": one.why,
        f"{prefix}-options": len(one.options),
    }
    for place, words in enumerate(one.options):
        data[f"{prefix}-option{place}"] = words
        if place in one.right:
            data[f"{prefix}-right{place}"] = "on"
    return data


def _count(data: QueryDict | Mapping[str, Any], name: str, most: int) -> int:
    words = str(data.get(name, "0"))
    return min(int(words), most) if words.isascii() and words.isdigit() and len(words) < 4 else 0

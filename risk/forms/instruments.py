"""A questionnaire as one form: its rules, its sections and sets with their topics."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.errors import DomainError, Stale
from risk.instruments import BY_COUNT, GRADINGS
from risk.models import Instrument
from risk.services.instruments import LONGEST_REASON, LONGEST_TITLE, Draft

#: Sections, sets, and topics of one of them; more cannot be asked on one evening.
MOST_PARTS, MOST_TOPICS = 20, 40

#: The parts of a topic that may be left out of its content when they are empty.
_OPTIONAL = ("prompt", "high_because")


class WholeForm(forms.Form):
    """What concerns the whole questionnaire."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    purpose = forms.ChoiceField(label="For", choices=Instrument.Purpose.choices)
    is_official_wording = forms.BooleanField(
        label="This is the official wording, and the force holds a licence for it", required=False
    )
    note = forms.CharField(
        label="Note under the questions",
        max_length=1_000,
        widget=forms.Textarea(attrs={"class": "short"}),
    )
    by = forms.ChoiceField(label="How a grade is suggested", choices=list(GRADINGS.items()))
    medium_from = forms.IntegerField(
        label="Medium from so many yes", min_value=1, required=False,
        help_text="Left empty: as force policy says.",
    )  # fmt: skip
    high_from = forms.IntegerField(
        label="High from so many yes", min_value=1, required=False,
        help_text="Left empty: as force policy says.",
    )  # fmt: skip
    escalation = forms.BooleanField(
        label="Several incidents in the months of force policy suggest high", required=False
    )
    together = forms.CharField(
        label="Topics that together suggest high",
        help_text="One rule a line: q02 q03: the victim's own view",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"class": "short"}),
    )

    def clean_together(self) -> list[dict[str, Any]]:
        rules = []
        for line in filter(str.strip, self.cleaned_data["together"].splitlines()):
            codes, colon, because = line.partition(":")
            if not colon or not codes.split() or not because.strip():
                raise forms.ValidationError(f"Write codes, a colon and the reason: {line}")
            rules.append({"topics": codes.split(), "because": because.strip()})
        return rules


class TopicForm(forms.Form):
    """One topic. Without a code and words it is left out."""

    code = forms.CharField(label="Code", max_length=10, required=False)
    text = forms.CharField(label="Topic", max_length=500, required=False)
    prompt = forms.CharField(label="Ask now, when yes", max_length=1_000, required=False)
    high_because = forms.CharField(
        label="Alone suggests high, because of", max_length=200, required=False
    )

    def content(self) -> dict[str, Any]:
        said = self.cleaned_data
        row = {"code": said["code"], "text": said["text"]}
        return row | {name: said[name] for name in _OPTIONAL if said[name]}

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.values())


class PartForm(forms.Form):
    """A section; a set that opens has the topics that open it."""

    code = forms.CharField(label="Code", max_length=20)
    title = forms.CharField(label="Title", max_length=120)


class SetForm(PartForm):
    opens_when = forms.CharField(
        label="Opens when one of these is yes", max_length=200, help_text="Codes: q04 q20"
    )
    high_from = forms.IntegerField(
        label="High from so many yes in it", min_value=1, required=False, help_text="Empty: never."
    )
    high_because = forms.CharField(label="High because of", max_length=200, required=False)


class Part:
    """A section or set with its topics."""

    def __init__(self, data: Mapping[str, Any], prefix: str, kind: type[PartForm]) -> None:
        self.prefix = prefix
        self.head = kind(data, prefix=prefix)
        count = _count(data, f"{prefix}-topics", MOST_TOPICS)
        self.topics = [TopicForm(data, prefix=f"{prefix}t{place}") for place in range(count)]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.head, *self.topics]

    def content(self) -> dict[str, Any]:
        said = dict(self.head.cleaned_data)
        if "opens_when" in said:
            said["opens_when"] = said["opens_when"].split()
            said = {name: value for name, value in said.items() if value not in (None, "")}
        return said | {"topics": [one.content() for one in self.topics if not one.is_empty]}


class Sheet:
    """The whole page, as it stands or as it was sent."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.whole = WholeForm(data)
        self.sections = [
            Part(data, f"s{n}", PartForm) for n in range(_count(data, "sections", MOST_PARTS))
        ]
        self.sets = [Part(data, f"f{n}", SetForm) for n in range(_count(data, "sets", MOST_PARTS))]

    @classmethod
    def of(cls, draft: Draft, *, version: int) -> "Sheet":
        """A draft as it would have been sent."""
        content = draft.content
        grading = content.get("grading", {})
        by = grading.get("by", BY_COUNT)
        data: dict[str, Any] = {
            "version": version,
            "title": draft.title,
            "purpose": draft.purpose,
            "is_official_wording": draft.is_official_wording,
            "note": content["note"],
            "by": by,
            "medium_from": grading.get("medium_from"),
            "high_from": grading.get("high_from"),
            "escalation": grading.get("escalation", by == BY_COUNT),
            "together": "\n".join(
                f"{' '.join(rule['topics'])}: {rule['because']}"
                for rule in content.get("high_together", [])
            ),
            "sections": len(content["sections"]),
            "sets": len(content.get("follow_ups", [])),
        }
        for number, part in enumerate(content["sections"]):
            data |= _sent(f"s{number}", part)
        for number, part in enumerate(content.get("follow_ups", [])):
            data |= _sent(f"f{number}", part)
        return cls(data)

    @property
    def parts(self) -> list[Part]:
        return [*self.sections, *self.sets]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.whole, *(form for part in self.parts for form in part.forms)]

    def is_valid(self) -> bool:
        # Every one, so that every mistake shows at once.
        return sum(not form.is_valid() for form in self.forms) == 0

    def draft(self) -> Draft:
        """What was sent, as the service takes it. Only after `is_valid`."""
        said = self.whole.cleaned_data
        content: dict[str, Any] = {
            "note": said["note"],
            "grading": {
                "by": said["by"],
                "medium_from": said["medium_from"],
                "high_from": said["high_from"],
                "escalation": said["escalation"],
            },
            "sections": [part.content() for part in self.sections],
            "high_together": said["together"],
            "follow_ups": [part.content() for part in self.sets],
        }
        return Draft(said["title"], said["purpose"], said["is_official_wording"], content)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at its field; after a stale edit the next save is against what is now."""
        name = error.field or ""
        shown = name in self.whole.fields and not self.whole[name].is_hidden
        self.whole.add_error(name if shown else None, error.message)
        if isinstance(error, Stale):
            self.data = {**_plain(self.data), "version": error.version}
            self.whole.data = self.data

    def acted(self, act: str) -> "Sheet":
        """The page with one more section, set or topic: "section", "set", "topic:s2"."""
        name, _, prefix = act.partition(":")
        data = _plain(self.data)
        if name in {"section", "set"}:
            data[f"{name}s"] = _count(data, f"{name}s", MOST_PARTS) + 1
        elif name == "topic" and prefix in {part.prefix for part in self.parts}:
            data[f"{prefix}-topics"] = _count(data, f"{prefix}-topics", MOST_TOPICS) + 1
        return Sheet(data)


class PublishForm(forms.Form):
    """Why there is a new version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        label="Why this version",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "short"}),
    )


class TakeInForm(forms.Form):
    """A questionnaire that was exported, as a file or as text."""

    file = forms.FileField(label="A JSON file", required=False)
    text = forms.CharField(
        label="Or its text", required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


def _sent(prefix: str, part: Mapping[str, Any]) -> dict[str, Any]:
    data = {f"{prefix}-{name}": value for name, value in part.items() if name != "topics"}
    if "opens_when" in part:
        data[f"{prefix}-opens_when"] = " ".join(part["opens_when"])
    data[f"{prefix}-topics"] = len(part["topics"])
    for place, topic in enumerate(part["topics"]):
        data |= {f"{prefix}t{place}-{name}": value for name, value in topic.items()}
    return data


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data}


def _count(data: Mapping[str, Any], name: str, most: int) -> int:
    words = str(data.get(name, "0"))
    return min(int(words), most) if words.isascii() and words.isdigit() and len(words) < 4 else 0

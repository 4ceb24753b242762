"""What agencies type when they refer, and what the unit's workers make of it."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from incidents.forms.fields import YES_NO, TypedField, choice
from incidents.forms.people import BIRTH_FORMATS
from referrals.services.incoming import AgencySays
from referrals.services.incoming.answering import LONGEST_ANSWER
from referrals.services.incoming.said import (
    LONGEST_LINES,
    LONGEST_REFERENCE,
    LONGEST_WORDS,
    MOST_CHILDREN,
    MOST_YES,
)
from victims.forms.contacts import OnceForm
from victims.forms.safe_contact import SafeContactForm
from victims.models import Person, RiskGrade, SafeContact
from victims.services.people import LONGEST_LINE, LONGEST_NAME


def day_field(label: str, hint: str = "") -> forms.DateField:
    """A day that need not be known."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=hint,
        input_formats=BIRTH_FORMATS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"invalid": "Give a date as 14/3/1991, or leave it blank."},
    )


def number_field(label: str, most: int, hint: str = "") -> forms.IntegerField:
    """A small number that may be left blank."""
    words = f"Give a whole number from 0 to {most}."
    return forms.IntegerField(
        label=label,
        required=False,
        help_text=hint,
        min_value=0,
        max_value=most,
        error_messages={"invalid": words, "min_value": words, "max_value": words},
    )


class ReferForm(OnceForm):
    """Somebody whom an agency refers to the unit."""

    given_name = TypedField(label="Given name", longest=LONGEST_NAME, required=False)
    family_name = TypedField(label="Family name", longest=LONGEST_NAME, required=False)
    date_of_birth = day_field("Date of birth", "If you know it: it tells people apart.")
    telephone = TypedField(label="Telephone", longest=30, required=False)
    address_line = TypedField(label="House and street", longest=LONGEST_LINE, required=False)
    postcode = TypedField(label="Postcode", longest=10, required=False)
    safe_contact = TypedField(
        label="How they can be reached safely",
        longest=LONGEST_LINES,
        rows=2,
        help_text="By which way, when, who must not know. If no way is safe, say so.",
    )
    perpetrator = TypedField(
        label="Who is feared",
        longest=LONGEST_LINES,
        rows=2,
        help_text="Name, what they are to one another, where they are. If not known, say so.",
    )
    children_count = number_field("How many children live there", MOST_CHILDREN)
    children = TypedField(
        label="Their names and ages", longest=LONGEST_LINES, rows=2, required=False
    )
    what_happened = TypedField(
        label="What happened",
        longest=LONGEST_WORDS,
        rows=6,
        help_text="What you saw and what you were told, by whom and when.",
    )
    grade = choice(RiskGrade.choices, "Your view of the risk", "high,very_high")
    grade_reason = TypedField(label="Why you see it so", longest=LONGEST_WORDS, rows=3)
    yes_count = number_field(
        "Topics of a risk checklist answered yes", MOST_YES, "Only if you went through one."
    )
    victim_agrees = choice(YES_NO, "Do they agree that you refer them")
    without_consent_reason = TypedField(
        label="Why you refer without their agreement",
        longest=LONGEST_WORDS,
        rows=3,
        required=False,
        help_text="What harm it prevents, and why that is proportionate.",
    )
    their_reference = TypedField(
        label="Your own reference", longest=LONGEST_REFERENCE, required=False
    )

    def details(self) -> dict[str, Any]:
        return {"says": self.says(), "key": self.cleaned_data["key"]}

    def says(self) -> AgencySays:
        """What the service takes."""
        said = {name: self.cleaned_data[name] for name in AgencySays.__dataclass_fields__}
        said["children_count"] = said["children_count"] or 0
        said["victim_agrees"] = said["victim_agrees"] == "yes"
        return AgencySays(**said)


class WhoForm(RefusableForm):
    """This referral is about that person."""

    person = TypedField(
        label="Somebody else on record",
        longest=16,
        help_text="Their reference, P-2026-000000: search finds them by name.",
    )

    def person_id(self) -> int | None:
        """The person; None, with the reason at the field, for a reference that nobody has."""
        wanted = str(self.cleaned_data["person"]).upper()
        found = Person.objects.filter(reference=wanted).values_list("pk", flat=True).first()
        if found is None:
            self.add_error("person", "Nobody on record has this reference.")
        return found


class AnswerForm(RefusableForm):
    """What the agency that referred is told."""

    answer = TypedField(
        label="What the agency is told",
        longest=LONGEST_ANSWER,
        rows=3,
        help_text="Only what they must know. Never whether somebody was known here before.",
    )

    def details(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["answer"]}


class TakeOverForm(SafeContactForm):
    """The agency's words on safe contact, taken over as the victim's own."""

    @classmethod
    def from_words(cls, words: str, current: SafeContact | None) -> "TakeOverForm":
        """What is on record, with the agency's words to be judged."""
        form = cls.starting_from(current)
        known: dict[str, Any] = dict(form.initial)
        return cls(initial={**known, "notes": known.get("notes") or words})

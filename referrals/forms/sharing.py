"""Sharing with an agency, withdrawing, and the agency's answer: shapes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from accounts.models import Agency
from core.forms import RefusableForm
from incidents.forms.people import BIRTH_FORMATS
from incidents.models import Exhibit
from referrals.forms.working import text
from referrals.models import Sharing
from referrals.services.sharing.ending import LONGEST_BECAUSE
from referrals.services.sharing.saying import kept_for
from victims.forms.contacts import when_field


class ShareForm(RefusableForm):
    """One agency told of one victim."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Agency",
        empty_label="Choose",
        error_messages={"required": "Choose the agency."},
    )
    what = forms.MultipleChoiceField(
        label="What is shared",
        choices=Sharing.What.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what they need to know. It is told as it is on record now.",
        error_messages={"required": "Choose what they are told: at least one part."},
    )
    documents = forms.TypedMultipleChoiceField(
        label="Documents about the victim",
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why = text(
        "Why they need to know",
        "What is asked of them. They read this.",
        missing="Say why they need to know.",
    )
    basis = forms.ChoiceField(
        label="Lawful basis",
        choices=[("", "Choose"), *Sharing.Basis.choices],
        error_messages={"required": "Choose what makes it lawful."},
    )
    consent = forms.ChoiceField(
        label="The victim's consent",
        choices=Sharing.Consent.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the victim agrees, or why nobody asked."},
    )
    consent_asked_at = when_field(
        "When the victim was asked", required=False, help_text="Blank where nobody asked."
    )
    consent_reason = text(
        "Why without consent",
        "What harm it prevents, and why that is proportionate. The agency does not read this.",
        required=False,
    )
    keep_until = forms.DateField(
        label="They may read it until",
        required=False,
        input_formats=BIRTH_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day. Blank: as long as policy says.",
        error_messages={"invalid": "Give a day, as 24/11/2027."},
    )
    #: The reference of what the agency was told before, where this takes its place.
    replaces = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        partners: Sequence[Agency] = (),
        documents: Sequence[Exhibit] = (),
        **kwargs: Any,
    ) -> None:
        """`partners`: those that may be told; `documents`: those about the victim."""
        super().__init__(*args, **kwargs)
        agency, files = self.fields["agency"], self.fields["documents"]
        assert isinstance(agency, forms.ModelChoiceField)
        assert isinstance(files, forms.TypedMultipleChoiceField)
        # Sent, any agency is taken, so that the service says in words why it must not be.
        offered = Agency.objects.filter(pk__in=[one.pk for one in partners])
        agency.queryset = Agency.objects.all() if self.is_bound else offered
        files.choices = [
            (str(one.key), f"{one.reference}: {one.words} ({one.name})") for one in documents
        ]

    @classmethod
    def blank(cls, at: datetime, **given: Any) -> "ShareForm":
        return cls(initial={"keep_until": kept_for(at)}, **given)

    @classmethod
    def saying_more(cls, former: Sharing, at: datetime, **given: Any) -> "ShareForm":
        """Begun from what the agency was told; reasons are given anew."""
        begun = {
            "agency": former.agency_id,
            "what": former.what,
            "documents": [str(key) for key in former.documents.values_list("key", flat=True)],
            "why": former.why,
            "basis": former.basis,
            "consent": former.consent,
            "consent_asked_at": former.consent_asked_at,
            "consent_reason": former.consent_reason,
            "keep_until": kept_for(at),
            "replaces": former.reference,
        }
        return cls(initial=begun, **given)

    def details(self) -> dict[str, Any]:
        """For the service."""
        said = dict(self.cleaned_data)
        said["agency_id"] = said.pop("agency").pk
        return said


class WithdrawForm(RefusableForm):
    """Taking back what an agency was told."""

    because = text(
        "Why it is withdrawn", longest=LONGEST_BECAUSE, missing="Say why it is withdrawn."
    )


class AnswerForm(RefusableForm):
    """What the agency does with what it was told."""

    answer = forms.ChoiceField(
        label="What you do with it",
        choices=Sharing.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you do with it."},
    )
    words = text(
        "In words",
        "Who has it at your agency; what is missing; why there is nothing to do.",
        required=False,
    )


class FoundForm(forms.Form):
    """What of the agency's list is shown; what the address does not know shows all."""

    q = forms.CharField(
        label="Reference or name", required=False, max_length=100, widget=forms.SearchInput
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "All"), ("new", "Not opened"), ("to_answer", "To be answered")],
    )

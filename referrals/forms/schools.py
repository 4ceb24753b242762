"""Which school is told of which children, or why none is."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Agency
from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from referrals.models import SchoolNotice
from referrals.services.schools.settling import LONGEST_WORDS


class _NoticesForm(RefusableForm):
    """Children of one incident of whom a school is still to be told."""

    notices = forms.TypedMultipleChoiceField(
        label="Children",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one child.",
            "invalid_choice": "That child was settled meanwhile. Look again.",
        },
    )

    def __init__(self, *args: Any, owed: Sequence[SchoolNotice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["notices"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(row.pk, str(row.child)) for row in owed]
        field.initial = [row.pk for row in owed] if len(owed) == 1 else []


class TellForm(_NoticesForm):
    """One school told of its children in one go."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="School",
        empty_label="Choose",
        error_messages={"required": "Choose the school."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        schools = Agency.objects.filter(kind=Agency.Kind.EDUCATION)
        field.queryset = schools if self.is_bound else schools.exclude(channel__is_active=False)

    def details(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"notice_ids": said["notices"], "agency_id": said["agency"].pk}


class NotNeededForm(_NoticesForm):
    """No school is told, with words."""

    words = TypedField(
        label="Why no school is told",
        longest=LONGEST_WORDS,
        rows=2,
        help_text="Taught at home, has left school, not of school age after all; how you know.",
    )

    def details(self) -> dict[str, Any]:
        return {"notice_ids": self.cleaned_data["notices"], "words": self.cleaned_data["words"]}

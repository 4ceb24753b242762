"""What workers type: shapes only. The rules, and their words, are in the services."""

from typing import Any

from django import forms

from accounts.models import Agency, User
from referrals.models import Referral, Sharing
from referrals.services.claiming import LONGEST_REASON
from referrals.services.working import LONGEST_WORDS


def text(
    label: str,
    hint: str = "",
    *,
    required: bool = True,
    longest: int = LONGEST_WORDS,
) -> forms.CharField:
    """A text of several lines; the services check it again, for the API reaches them too."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        strip=True,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
    )


class ShareForm(forms.Form):
    """One agency told of one referral."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", empty_label="Choose")
    what = forms.MultipleChoiceField(
        label="What is shared",
        choices=Sharing.What.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what they need to know.",
    )
    why = text("Why they need to know")
    basis = forms.ChoiceField(
        label="Lawful basis", choices=[("", "Choose"), *Sharing.Basis.choices]
    )
    consent = forms.ChoiceField(
        label="The victim's consent", choices=Sharing.Consent.choices, widget=forms.RadioSelect
    )
    consent_reason = text(
        "Why without consent",
        "What harm it prevents, and why that is proportionate.",
        required=False,
    )

    def __init__(self, *args: Any, told: list[int], **kwargs: Any) -> None:
        """`told`: ids of agencies that are not offered, since they were told already."""
        super().__init__(*args, **kwargs)
        partners = Agency.objects.exclude(kind=Agency.Kind.POLICE).exclude(pk__in=told)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = partners if not self.is_bound else Agency.objects.all()


class CompleteForm(forms.Form):
    """The end of a referral."""

    outcome = forms.ChoiceField(
        label="Outcome", choices=Referral.Outcome.choices, widget=forms.RadioSelect
    )
    words = text("What was decided", "Who does what next; who is the named owner.")
    no_idva_reason = text(
        "Why no IDVA was offered",
        "At high risk an IDVA is offered; say why not here.",
        required=False,
    )
    late_reason = text(
        "Why it took longer", "It is finished after its time, and will say so.", required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReasonForm(forms.Form):
    """Giving a referral back."""

    reason = text("Why (if there is more to say)", required=False, longest=LONGEST_REASON)


class HandOverForm(ReasonForm):
    """Giving a referral to somebody else."""

    to = forms.ModelChoiceField(User.objects.none(), label="To", empty_label="Choose")

    field_order = ["to", "reason"]

    def __init__(self, *args: Any, workers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[worker.pk for worker in workers])

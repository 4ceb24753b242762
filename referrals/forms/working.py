"""What workers type: shapes only. The rules, and their words, are in the services."""

from typing import Any

from django import forms

from accounts.models import User
from referrals.models import Referral, ReferralPause
from referrals.services import late, opinions, pausing
from referrals.services.claiming import LONGEST_REASON
from referrals.services.falling_away import LONGEST_BECAUSE
from referrals.services.working import LONGEST_WORDS
from risk.services.keeping import JUDGED
from victims.models import RiskGrade


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
    late_because = forms.ChoiceField(
        label="What it was late for",
        choices=[("", "Choose"), *Referral.LateBecause.choices],
        required=False,
    )
    late_reason = text(
        "Why it took longer", "It is finished after its time, and will say so.", required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class LateForm(forms.Form):
    """Why an open referral is over its time, said before its end."""

    late_because = forms.ChoiceField(
        label="What it is late for", choices=[("", "Choose"), *Referral.LateBecause.choices]
    )
    late_reason = text("Why it takes longer", longest=late.LONGEST_REASON)


class PauseForm(forms.Form):
    """The clock stands still; the choices are all there are, the service says which are allowed."""

    reason = forms.ChoiceField(label="Why", choices=[("", "Choose"), *ReferralPause.Reason.choices])
    words = text("What is waited for", longest=pausing.LONGEST_WORDS)

    def __init__(self, *args: Any, allowed: list[tuple[str, str]], **kwargs: Any) -> None:
        """`allowed`: what policy allows now, the only choices that are offered."""
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            field = self.fields["reason"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Choose"), *allowed]


class GradeForm(forms.Form):
    """The grade looked at again."""

    would_be = forms.ChoiceField(label="The unit would say", widget=forms.RadioSelect)
    words = text("Why, where it is another grade", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, stands: str, **kwargs: Any) -> None:
        """`stands`: the referral's grade now, which is always a choice."""
        super().__init__(*args, **kwargs)
        field = self.fields["would_be"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (grade.value, f"{grade.label}, as it is" if grade == stands else grade.label)
            for grade in RiskGrade
            if grade in JUDGED or grade == stands
        ]


class AskForm(forms.Form):
    """A colleague is asked to look too."""

    of = forms.ModelChoiceField(User.objects.none(), label="Whom", empty_label="Choose")
    question = text("What you ask them", longest=opinions.LONGEST_QUESTION)

    def __init__(self, *args: Any, workers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["of"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[worker.pk for worker in workers])


class AnswerForm(forms.Form):
    """What the colleague thinks."""

    answer = forms.ChoiceField(
        label="Your opinion", choices=opinions.ANSWERS, widget=forms.RadioSelect
    )
    words = text("Why", required=False, longest=opinions.LONGEST_ANSWER)


class TakeBackForm(forms.Form):
    """A question is no longer asked."""

    because = forms.CharField(label="Why it is no longer asked", max_length=LONGEST_BECAUSE)


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

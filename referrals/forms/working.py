"""What workers type: shapes only. The rules, and their words, are in the services."""

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery

from accounts.models import Absence, User
from core import clock
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
    missing: str = "Say it in a few words.",
) -> forms.CharField:
    """A text of several lines; the services check it again, for the API reaches them too."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        error_messages={"required": missing},
        strip=True,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
    )


class ColleagueField(forms.ModelChoiceField[Any]):
    """One of the unit, named with when they are back where they are away."""

    def __init__(self, label: str) -> None:
        super().__init__(
            User.objects.none(),
            label=label,
            empty_label="Choose",
            error_messages={"required": "Choose a colleague."},
        )

    def offer(self, people: list[User]) -> None:
        """Let these be chosen, by name."""
        now = clock.now()
        absences = Absence.objects.filter(
            person=OuterRef("pk"), from_at__lte=now, until_at__gt=now
        ).order_by("-until_at")
        rows = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name", "pk")
        self.queryset = rows.annotate(away_until=Subquery(absences.values("until_at")[:1]))

    def label_from_instance(self, obj: Any) -> str:
        if obj.away_until is None:
            return str(obj)
        back = clock.local(obj.away_until)
        return f"{obj} (away until {back.day} {back:%B})"


class CompleteForm(forms.Form):
    """The end of a referral."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=Referral.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it."},
    )
    words = text("What was decided", "Who does what next; who is the named owner.")
    no_idva_reason = text(
        "Why no IDVA was offered",
        "At high risk an IDVA is offered; say why not here.",
        required=False,
    )
    late_because = forms.ChoiceField(
        label="What made it late",
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
        label="What makes it late",
        choices=[("", "Choose"), *Referral.LateBecause.choices],
        error_messages={"required": "Choose what makes it late."},
    )
    late_reason = text("Why it takes longer", longest=late.LONGEST_REASON)


class PauseForm(forms.Form):
    """The clock stands still; the choices are all there are, the service says which are allowed."""

    reason = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *ReferralPause.Reason.choices],
        error_messages={"required": "Choose for what the clock may stand still."},
    )
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

    would_be = forms.ChoiceField(
        label="The unit would say",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the unit would say."},
    )
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

    of = ColleagueField("Whom")
    question = text("What you ask them", longest=opinions.LONGEST_QUESTION)

    def __init__(self, *args: Any, workers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["of"]
        assert isinstance(field, ColleagueField)
        field.offer(workers)


class AnswerForm(forms.Form):
    """What the colleague thinks."""

    answer = forms.ChoiceField(
        label="Your opinion",
        choices=opinions.ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you think."},
    )
    words = text("Why", required=False, longest=opinions.LONGEST_ANSWER)


class TakeBackForm(forms.Form):
    """A question is no longer asked."""

    because = forms.CharField(
        label="Why it is no longer asked",
        max_length=LONGEST_BECAUSE,
        error_messages={"required": "Say why it is no longer asked."},
    )


class ReasonForm(forms.Form):
    """Giving a referral back."""

    reason = text("Why (if there is more to say)", required=False, longest=LONGEST_REASON)


class HandOverForm(ReasonForm):
    """Giving a referral to somebody else."""

    to = ColleagueField("To")

    field_order = ["to", "reason"]

    def __init__(self, *args: Any, workers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.offer(workers)

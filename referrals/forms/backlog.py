"""What the backlog's address asks for."""

from typing import Any

from django import forms

from referrals.backlog import MOST_MORE, PERIODS, Wanted


class BacklogForm(forms.Form):
    """Days or weeks, a period for the reasons, and how many more workers; all may be left out."""

    by = forms.ChoiceField(
        label="Came and went", choices=[("week", "By week"), ("day", "By day")], required=False
    )
    days = forms.TypedChoiceField(
        label="Reasons and pauses of the last",
        choices=[(days, f"{days} days") for days in PERIODS],
        coerce=int,
        required=False,
    )
    more = forms.IntegerField(
        label="What if so many more worked",
        help_text=f"From 0 to {MOST_MORE}.",
        min_value=0,
        max_value=MOST_MORE,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Give a whole number from 0 to {MOST_MORE}."
        ),
    )

    @classmethod
    def asked(cls, query: Any) -> "BacklogForm":
        """The form of an address; what the address leaves out is as it stands by default."""
        given = {name: query.get(name) for name in cls.base_fields if query.get(name)}
        default = Wanted()
        return cls({"by": default.by, "days": default.days, "more": default.more} | given)

    @property
    def wanted(self) -> Wanted:
        """What is asked for; the default in place of each answer that is no answer."""
        self.full_clean()
        good, default = self.cleaned_data, Wanted()
        return Wanted(
            by=good.get("by") or default.by,
            days=good.get("days") or default.days,
            more=good.get("more") or 0,
        )

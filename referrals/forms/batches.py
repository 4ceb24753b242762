"""Several referrals ticked in a list: references with the versions that were shown."""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from referrals.forms.working import ColleagueField
from referrals.services.batches import ACTS, Ticked
from referrals.services.claiming import LONGEST_REASON

_ROW = re.compile(r"([A-Z]{2}-[A-Z0-9]{1,4}-[0-9]{6}):([0-9]{1,9})", re.ASCII)


class BatchForm(forms.Form):
    """What is done, to whom, and why."""

    act = forms.ChoiceField(choices=list(ACTS.items()), widget=forms.HiddenInput)
    to = ColleagueField("To")
    reason = forms.CharField(
        label="Why (if there is more to say)",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
    )

    def __init__(self, *args: Any, workers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.required = False  # only handing over needs it, as the service says
        field.offer(workers)


def ticked(data: QueryDict) -> list[Ticked]:
    """The ticked rows, "RF-2026-000000:4" each; what cannot be read is left out."""
    found = (_ROW.fullmatch(value) for value in data.getlist("row"))
    return [Ticked(match[1], int(match[2])) for match in found if match]

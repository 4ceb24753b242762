"""Forms of the control room about officers: who is sent."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.fields import RefusableForm, TypedField
from incidents.models import Incident
from incidents.officers import to_choose_from
from incidents.services.response.sending import LONGEST_REASON


class SendForm(RefusableForm):
    """Who goes there; fewer than advised needs words."""

    officers = forms.MultipleChoiceField(
        label="Officers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who is sent."},
    )
    fewer_reason = TypedField(
        label="Why fewer than advised",
        longest=LONGEST_REASON,
        required=False,
    )

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = {row.officer_id for row in incident.deployments.all()}
        self.offered = [
            officer for officer in to_choose_from(incident.area, at) if officer.pk not in sent
        ]
        self.fields["officers"].choices = [  # type: ignore[attr-defined]
            (str(officer.pk), _with_load(officer)) for officer in self.offered
        ]

    def chosen(self) -> list[User]:
        """The officers chosen, in the order of the list."""
        keys = set(self.cleaned_data["officers"])
        return [officer for officer in self.offered if str(officer.pk) in keys]


def _with_load(officer: Any) -> str:
    load = f"{officer.in_hand} in hand" if officer.in_hand else "free"
    return f"{officer.name} · {officer.team} · {load}"

"""The form by which the control room grades an incident again."""

from datetime import datetime
from typing import Any

from django import forms

from core.forms import VersionedForm
from incidents.forms.calls import appointment_field
from incidents.forms.fields import TypedField
from incidents.models import Incident, ResponseGrade
from incidents.services.calls import LONGEST_REASON


class RegradeForm(VersionedForm):
    """A grade, always chosen; the words for it; whether the call dropped."""

    call_dropped = forms.BooleanField(label="The call dropped", required=False)
    grade = forms.ChoiceField(
        label="Grade",
        choices=ResponseGrade.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a grade.",
            "invalid_choice": "There is no such grade.",
        },
    )
    reason = TypedField(label="Why", longest=LONGEST_REASON, required=False, rows=3)
    appointment_at = appointment_field()

    @classmethod
    def begun(cls, incident: Incident, *, dropped: bool) -> "RegradeForm":
        """As it opens: no grade is chosen for anybody."""
        return cls(
            initial={
                "version": incident.version,
                "call_dropped": dropped or incident.call_dropped,
            }
        )

    @property
    def says_dropped(self) -> bool:
        return bool(self["call_dropped"].value())

    def details(self) -> dict[str, Any]:
        """What regrade takes. Only once valid."""
        appointment: datetime | None = self.cleaned_data["appointment_at"]
        return {
            "grade": self.cleaned_data["grade"],
            "reason": self.cleaned_data["reason"],
            "version": self.cleaned_data["version"],
            "call_dropped": self.cleaned_data["call_dropped"],
            "appointment_at": appointment,
        }

"""Forms about crimes: one with its number."""

from typing import Any

from django import forms

from incidents.forms.fields import CATEGORIES, RefusableForm, TypedField
from incidents.models import Incident
from incidents.services.response.findings import MOST_ARRESTS


class CrimeForm(RefusableForm):
    """One crime with its number."""

    category = forms.ChoiceField(
        label="Crime", choices=CATEGORIES, error_messages={"required": "Choose which crime it was."}
    )
    number = TypedField(label="Crime number", longest=40)
    arrests = forms.IntegerField(
        label="Arrests",
        min_value=0,
        max_value=MOST_ARRESTS,
        required=False,
        initial=0,
    )
    victim = forms.ChoiceField(label="Victim", required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        victims = [row for row in incident.involvements.all() if row.victim_id]
        if len(victims) > 1:
            self.fields["victim"].choices = [  # type: ignore[attr-defined]
                ("", "Not one of them alone"),
                *((str(row.victim_id), str(row.person)) for row in victims),
            ]
        else:
            del self.fields["victim"]

    def details(self) -> dict[str, Any]:
        """What record_crime takes."""
        data = self.cleaned_data
        return {
            "category": data["category"],
            "number": data["number"],
            "arrests": data["arrests"] or 0,
            "victim_id": int(data["victim"]) if data.get("victim") else None,
        }

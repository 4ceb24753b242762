"""Dropping a file of custody messages. The rules are the service's."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from perpetrators.messages import TEXTS


class DropForm(RefusableForm):
    """One file, and which system it is of."""

    file = forms.FileField(
        label="A CSV file",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
        help_text="UTF-8, the first line names the columns. At most 20 MB.",
    )
    system = TypedField(
        label="Which system it is of",
        longest=TEXTS["system"],
        help_text="For lines that name none themselves: custody, prison, court.",
    )

    def details(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        return {
            "name": upload.name or "",
            "content": upload.read(),
            "system": self.cleaned_data["system"],
        }

"""Forms of photographs and documents. They read and tidy; the rules are the services' own."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.forms import RefusableForm
from incidents.forms.fields import TypedField, choice
from incidents.models import Exhibit, Incident
from incidents.services.exhibits import Particulars
from incidents.services.exhibits.adding import LONGEST_REFERENCE, LONGEST_WORDS, MOST_FILES
from incidents.services.exhibits.contents import ASK_FOR
from incidents.services.exhibits.withdrawing import LONGEST_REASON

#: Named so, a telephone that takes HEIC photographs turns them into JPEG by itself.
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf,text/plain"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; what they are is looked at by the service, not here."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = list(data or [])
        if not files:
            raise forms.ValidationError("Choose at least one file.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files at once.")
        return files


class ExhibitForm(RefusableForm):
    """Files with what is said about them; the same words for all that are added together."""

    file = FilesField(
        label="Files",
        help_text=ASK_FOR,
        widget=SeveralFiles(attrs={"accept": ACCEPT}),
    )
    kind = choice(Exhibit.Kind.choices, "What it is")
    words = TypedField(label="What it shows", longest=LONGEST_WORDS)
    person = forms.ChoiceField(
        label="Whom it shows or is about",
        required=False,
        help_text="Who works with that person may see it; named to nobody, only the police may.",
    )
    reference = TypedField(
        label="Exhibit reference",
        longest=LONGEST_REFERENCE,
        required=False,
        help_text="Left empty, each file is numbered by itself: your initials and a number.",
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        involved = incident.involvements.select_related("person").order_by("pk")
        people = {row.person_id: str(row.person) for row in involved}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody in particular"),
            *((str(key), name) for key, name in people.items()),
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("reference") and len(data.get("file") or ()) > 1:
            self.add_error(
                "reference", "One reference is for one file. Leave it empty for several."
            )
        return data

    def about(self) -> Particulars:
        """What add_exhibit takes."""
        data = self.cleaned_data
        return Particulars(
            kind=data["kind"],
            words=data["words"],
            person_id=int(data["person"]) if data["person"] else None,
            reference=data["reference"],
        )


class WithdrawForm(RefusableForm):
    """Why an exhibit is taken back."""

    reason = TypedField(label="Why it is withdrawn", longest=LONGEST_REASON)

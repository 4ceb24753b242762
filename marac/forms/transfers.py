"""What is typed when a case changes hands."""

from typing import Any

from django import forms

from accounts.models import User
from core.forms import RefusableForm
from marac.models import Conference, MaracCase
from marac.services.transfers.checking import CHECKS
from victims.models import Person, Victim


def _words(label: str, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class _Whom(RefusableForm):
    contact = forms.CharField(
        label="Their coordinator, and how to reach them", required=False, max_length=300
    )
    reason = _words("Why the case moves", 3)


class BeginForm(_Whom):
    """To another of the county's conferences, or to another area."""

    other_conference = forms.TypedChoiceField(
        label="To which of our conferences", coerce=int, empty_value=None, required=False
    )
    other_area = forms.CharField(label="Or to which other area", required=False, max_length=200)
    field_order = ("other_conference", "other_area", "contact", "reason")

    def __init__(self, *args: Any, case: MaracCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Conference.objects.running().exclude(pk=case.conference_id)
        field = self.fields["other_conference"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "None of them"), *[(str(one.pk), str(one)) for one in others]]

    def details(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["other_conference_id"] = said.pop("other_conference")
        return said


class ReceiveForm(_Whom):
    """From another area: whose case it is, by their references here."""

    victim = forms.CharField(
        label="Reference of the victim",
        required=False,
        max_length=16,
        help_text="V-2026-000000. Somebody who is not on record here yet is recorded first.",
    )
    perpetrator = forms.CharField(
        label="Reference of whoever harms them",
        required=False,
        max_length=16,
        help_text="P-2026-000000; nothing while nobody knows who they are.",
    )
    other_area = forms.CharField(label="From which area", required=False, max_length=200)
    field_order = ("victim", "perpetrator", "other_area", "contact", "reason")

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader

    def clean_victim(self) -> Victim:
        rows = Victim.objects.visible_to(self._reader)
        found = rows.filter(reference=self.cleaned_data["victim"]).first()
        if found is None:
            raise forms.ValidationError("No victim is on record under this reference.")
        return found

    def clean_perpetrator(self) -> Person | None:
        named = self.cleaned_data["perpetrator"]
        found = Person.objects.visible_to(self._reader).filter(reference=named).first()
        if named and found is None:
            raise forms.ValidationError("Nobody is on record under this reference.")
        return found

    def details(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        victim, perpetrator = said.pop("victim"), said.pop("perpetrator")
        return {
            **said,
            "victim_id": victim.pk,
            "perpetrator_id": perpetrator.pk if perpetrator else None,
        }


class CheckForm(RefusableForm):
    """One check that is done; the page has a form for each."""

    what = forms.ChoiceField(
        choices=[(code, code) for code in CHECKS], required=False, widget=forms.HiddenInput
    )
    heard_there = forms.TypedChoiceField(
        label="Was it heard there?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    words = _words("In words")
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SettleForm(RefusableForm):
    words = _words("Anything to add")
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

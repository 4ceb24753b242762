"""Partner agencies: finding them, adding one, and how each is reached."""

from typing import Any

from django import forms

from accounts.models import Agency, Area
from core.forms import RefusableForm
from referrals.models import AgencyChannel
from referrals.partners import Filters
from referrals.services.agencies import LONGEST_REASON
from referrals.services.outgoing.deciding import LONGEST_REASON as LONGEST_DROP

KINDS = [choice for choice in Agency.Kind.choices if choice[0] != Agency.Kind.POLICE]


def _area(empty: str) -> forms.ModelChoiceField[Area]:
    return forms.ModelChoiceField(
        label="Area", queryset=Area.objects.all(), required=False, empty_label=empty
    )


class AgencyFilterForm(forms.Form):
    """What the list is narrowed to; what cannot be meant narrows nothing."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *KINDS])
    way = forms.ChoiceField(
        label="Reached by", required=False, choices=[("", "Any way"), *AgencyChannel.Way.choices]
    )
    area = _area("All")

    def filters(self) -> Filters:
        self.is_valid()
        said = self.cleaned_data
        area = said.get("area")
        return Filters(
            words=said.get("q", ""),
            kind=said.get("kind", ""),
            way=said.get("way", ""),
            area=area.pk if area else None,
        )


class AgencyForm(RefusableForm):
    """A partner that is not there yet."""

    name = forms.CharField(label="Name of the agency", max_length=100)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), *KINDS])
    area = _area("Everywhere")

    def details(self) -> dict[str, Any]:
        area = self.cleaned_data["area"]
        return {
            "name": self.cleaned_data["name"],
            "kind": self.cleaned_data["kind"],
            "area_id": area.pk if area else None,
        }


class ChannelForm(RefusableForm):
    """How an agency is reached; `version` is that of the channel which the reader saw."""

    way = forms.ChoiceField(
        label="How it is told that something waits",
        choices=AgencyChannel.Way,
        widget=forms.RadioSelect,
    )
    email = forms.CharField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="A mailbox that somebody reads each day. Mails carry a reference and a link.",
        widget=forms.EmailInput,
    )
    webhook_url = forms.CharField(
        label="Web address of its system",
        required=False,
        max_length=500,
        help_text="Begins with https://. Messages are signed and carry a reference and a link.",
        widget=forms.URLInput,
    )
    area = _area("Everywhere")
    is_active = forms.BooleanField(
        label="Send messages", required=False, help_text="Without it nothing leaves here."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, channel: AgencyChannel | None) -> "ChannelForm":
        if channel is None:
            way = AgencyChannel.Way.INBOX.value
            return cls(initial={"way": way, "is_active": True, "version": 0})
        return cls(
            initial={
                "way": channel.way,
                "email": channel.email,
                "webhook_url": channel.webhook_url,
                "area": channel.area_id,
                "is_active": channel.is_active,
                "version": channel.version,
            }
        )

    def details(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        area = said.pop("area")
        return {**said, "area_id": area.pk if area else None}

    def know(self, version: int) -> None:
        """After a stale edit: what is typed stays, and the version that is shown is known."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """A button that answers to one version of a channel."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SwitchForm(RefusableForm):
    """Why a representative may sign in no more, or again."""

    on = forms.TypedChoiceField(
        choices=[("1", "again"), ("0", "no more")],
        coerce=lambda value: value == "1",
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label="Why", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


class DropForm(RefusableForm):
    reason = forms.CharField(
        label="Why it need not be sent any more",
        max_length=LONGEST_DROP,
        help_text="For example how the agency was told instead.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

"""What the API says of minutes: the words as they were approved, as one reader may hold them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marac.minutes_file import notes_of
from marac.models import Hearing, Invitation, Meeting, Minutes
from marac.services.minutes import Copy


class MinutesRowOut(serializers.Serializer[Meeting]):
    """A meeting whose minutes the caller may open; `number` is null while nothing is approved."""

    meeting = serializers.CharField(source="reference")
    conference = serializers.CharField(source="conference.name")
    starts_at = serializers.DateTimeField()
    number = serializers.IntegerField(allow_null=True)
    approved_at = serializers.DateTimeField(source="approved", allow_null=True)
    sent_at = serializers.DateTimeField(source="sent", allow_null=True)
    opened_at = serializers.DateTimeField(
        source="opened", allow_null=True, help_text="When the caller's agency first opened its copy"
    )


class MinutesVersionOut(serializers.Serializer[Minutes]):
    """A version that the chair approved."""

    number = serializers.IntegerField()
    approved_at = serializers.DateTimeField()
    approved_by = serializers.CharField(source="approved_by.username")
    because = serializers.CharField(help_text="Why there is a further version")
    sent_at = serializers.DateTimeField(allow_null=True)
    sent_by = serializers.CharField(source="sent_by.username", allow_null=True, default=None)


class MinutesCopyOut(serializers.Serializer[Any]):
    """What an invited agency was sent of the newest version that was sent, if anything."""

    agency = serializers.CharField(source="agency.name")
    number = serializers.IntegerField(
        source="agency.pk", help_text="The agency's, to read its copy"
    )
    sent_at = serializers.DateTimeField(source="copy.sent_at", allow_null=True, default=None)
    opened_at = serializers.DateTimeField(source="copy.opened_at", allow_null=True, default=None)
    opened_by = serializers.CharField(
        source="copy.opened_by.username", allow_null=True, default=None
    )


class MinutesAgencyOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.ChoiceField(Invitation.State.choices)
    apologies = serializers.CharField()


class MinutesPersonOut(serializers.Serializer[Any]):
    """Somebody who was there; `left_at` is blank for who stayed to the end."""

    name = serializers.CharField()
    agency = serializers.CharField()
    is_observer = serializers.BooleanField()
    present_at = serializers.CharField(help_text="An instant, or blank")
    left_at = serializers.CharField(help_text="An instant, or blank")


class MinutesResearchOut(serializers.Serializer[Any]):
    agency = serializers.CharField()
    state = serializers.CharField(help_text="In words")
    words = serializers.CharField()


class MinutesLineOut(serializers.Serializer[Any]):
    """Something that was said; `corrects` is the id of the line that it puts right, or 0."""

    id = serializers.IntegerField()
    section = serializers.CharField()
    agency = serializers.CharField()
    by = serializers.CharField()
    at = serializers.CharField()
    words = serializers.CharField()
    corrects = serializers.IntegerField()


class MinutesActionOut(serializers.Serializer[Any]):
    reference = serializers.CharField()
    agency = serializers.CharField()
    owner = serializers.CharField()
    words = serializers.CharField()
    due_on = serializers.CharField()


class MinutesCorrectionOut(serializers.Serializer[Any]):
    """What a further version sets right; `number` is that version's."""

    number = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.CharField()
    words = serializers.CharField()


class MinutesCaseOut(serializers.Serializer[Any]):
    """One case, of which this reader may know; `near` is for those who keep the conference."""

    case = serializers.CharField(source="reference")
    victim = serializers.CharField(help_text="Their name")
    born = serializers.CharField()
    perpetrator = serializers.CharField()
    part = serializers.CharField(help_text="Of the agenda, in words")
    children = serializers.IntegerField()
    is_repeat = serializers.BooleanField()
    state = serializers.ChoiceField(Hearing.State.choices)
    asked = serializers.CharField(help_text="Why it came to the conference")
    criteria = serializers.ListField(child=serializers.CharField())
    began_at = serializers.CharField()
    ended_at = serializers.CharField()
    ended_words = serializers.CharField()
    wanted = serializers.CharField(help_text="What the victim wanted")
    not_asked = serializers.CharField(help_text="Why nobody asked them")
    research = MinutesResearchOut(many=True)
    lines = MinutesLineOut(many=True)
    actions = MinutesActionOut(many=True)
    corrections = MinutesCorrectionOut(many=True)
    near = serializers.ListField(child=serializers.CharField())


class MinutesOut(serializers.Serializer[Any]):
    """The minutes as the caller may hold them; instants within them are ISO 8601.

    `versions`, `copies` and `seen` are for those who keep conferences; `seen` is what a chair
    sends to approve what stands here today.
    """

    meeting = serializers.CharField(source="reference")
    conference = serializers.CharField()
    kind = serializers.CharField()
    place = serializers.CharField()
    starts_at = serializers.CharField()
    began_at = serializers.CharField()
    ended_at = serializers.CharField()
    chair = serializers.CharField()
    coordinator = serializers.CharField()
    without_quorum = serializers.BooleanField()
    no_quorum_reason = serializers.CharField()
    over_capacity_reason = serializers.CharField()
    agencies = MinutesAgencyOut(many=True)
    people = MinutesPersonOut(many=True)
    cases = MinutesCaseOut(many=True)
    number = serializers.IntegerField(allow_null=True, help_text="Null for the draft")
    replaces = serializers.IntegerField(help_text="The number of the version before, or 0")
    copy_of = serializers.CharField(allow_null=True, help_text="Null for the whole record")
    notes = serializers.ListField(child=serializers.CharField())
    versions = serializers.SerializerMethodField()
    copies = serializers.SerializerMethodField()
    seen = serializers.CharField()

    @extend_schema_field(MinutesVersionOut(many=True))
    def get_versions(self, told: dict[str, Any]) -> Any:
        return MinutesVersionOut(told["versions"], many=True).data

    @extend_schema_field(MinutesCopyOut(many=True))
    def get_copies(self, told: dict[str, Any]) -> Any:
        return MinutesCopyOut(told["copies"], many=True).data


def out_of(copy: Copy, page: dict[str, Any], seen: str) -> Any:
    """The copy as the API says it; `page` is what its page knows beside the words."""
    told = {
        **copy.content,
        "number": copy.minutes.number if copy.minutes else None,
        "replaces": copy.replaced,
        "copy_of": copy.agency.name if copy.agency else None,
        "notes": notes_of(copy),
        "versions": page.get("versions", []),
        "copies": page.get("copies", []),
        "seen": seen,
    }
    return MinutesOut(told).data

"""What the API takes and says of partner agencies; of a secret only the answer that made it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Agency, User
from core.api.serializers import StrictSerializer
from referrals.models import AgencyChannel, Outgoing
from referrals.partners import Partner
from referrals.services.agencies import LONGEST_REASON
from referrals.services.outgoing.deciding import LONGEST_REASON as LONGEST_DROP

KINDS = [choice for choice in Agency.Kind.choices if choice[0] != Agency.Kind.POLICE]


class AddAgencyIn(StrictSerializer):
    """A partner; `area` null is the whole county."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(KINDS)
    area = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class ChannelIn(StrictSerializer):
    """How it is reached; `version` is the channel's as it was read, 0 where there was none."""

    way = serializers.ChoiceField(AgencyChannel.Way.choices)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    webhook_url = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="https://…"
    )
    area = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    is_active = serializers.BooleanField(required=False, default=True)
    version = serializers.IntegerField(min_value=0)


class RenewIn(StrictSerializer):
    version = serializers.IntegerField(min_value=0)


class NothingIn(StrictSerializer):
    """A body without fields."""


class SwitchIn(StrictSerializer):
    """Whether they may sign in, and why."""

    on = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_REASON)


class DropIn(StrictSerializer):
    """Why it need not be sent any more."""

    reason = serializers.CharField(max_length=LONGEST_DROP)


class AgencyChannelOut(serializers.Serializer[AgencyChannel]):
    """How an agency is reached; its secret is never told again."""

    way = serializers.ChoiceField(AgencyChannel.Way.choices)
    email = serializers.CharField()
    webhook_url = serializers.CharField()
    area = serializers.CharField(source="area.name", allow_null=True, default=None)
    is_active = serializers.BooleanField()
    changed_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class AgencyOut(serializers.Serializer[Partner]):
    """A partner; `channel` is null for one that is told on its pages here only."""

    id = serializers.IntegerField(source="agency.pk")
    name = serializers.CharField(source="agency.name")
    kind = serializers.ChoiceField(KINDS, source="agency.kind")
    channel = AgencyChannelOut(allow_null=True)
    representatives = serializers.IntegerField(help_text="Who may sign in")
    open = serializers.IntegerField(help_text="Told and not answered")
    last_delivery = serializers.DateTimeField(allow_null=True)
    dead = serializers.IntegerField(help_text="Messages that were given up")


class RepresentativeOut(serializers.Serializer[User]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    team = serializers.CharField(source="team.name")
    is_active = serializers.BooleanField(help_text="Whether they may sign in")


class AgencyWhole(serializers.Serializer[Any]):
    """One partner with those who speak for it."""

    agency = AgencyOut(source="line")
    people = RepresentativeOut(many=True)


class SwitchedOut(serializers.Serializer[User]):
    id = serializers.IntegerField()
    is_active = serializers.BooleanField()


class KeptOut(serializers.Serializer[Any]):
    """The channel as it is now; `secret` is blank unless one was made by this very step."""

    channel = AgencyChannelOut()
    secret = serializers.CharField()


class TrialOut(serializers.Serializer[Any]):
    """What came of a test message."""

    arrived = serializers.BooleanField()
    words = serializers.CharField()


class DeliveryAttemptOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(
        allow_null=True, help_text="HTTP; null where nothing answered"
    )
    milliseconds = serializers.IntegerField()
    words = serializers.CharField()


class UndeliveredOut(serializers.Serializer[Any]):
    """A message to an agency with every attempt."""

    number = serializers.IntegerField(source="message.pk")
    sharing = serializers.CharField(source="message.sharing.reference")
    agency = serializers.CharField(source="message.agency.name")
    about = serializers.ChoiceField(Outgoing.About.choices, source="message.about")
    way = serializers.ChoiceField(AgencyChannel.Way.choices, source="message.way")
    state = serializers.ChoiceField(Outgoing.State.choices, source="message.state")
    settled_at = serializers.DateTimeField(source="message.settled_at", allow_null=True)
    last_words = serializers.CharField(source="message.last_words")
    attempts = serializers.SerializerMethodField()

    @extend_schema_field(DeliveryAttemptOut(many=True))
    def get_attempts(self, told: dict[str, Any]) -> Any:
        return DeliveryAttemptOut(told["attempts"], many=True).data

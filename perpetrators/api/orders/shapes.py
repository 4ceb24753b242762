"""What the addresses of notices and orders take and give."""

from typing import Any

from rest_framework import serializers

from core import clock
from core.api.serializers import StrictSerializer
from perpetrators.models import Conditions, Order, ProtectionNotice
from perpetrators.pages import orders as pages
from perpetrators.services.orders.breaching import LONGEST_BREACH
from perpetrators.services.orders.conditions import LONGEST_CONDITION
from perpetrators.services.orders.hearing import OUTCOMES
from perpetrators.services.orders.rows import LONGEST_COURT, LONGEST_REASON, LONGEST_WORDS


class ConditionSerializer(StrictSerializer):
    """One thing that is forbidden or asked."""

    kind = serializers.ChoiceField(Conditions.choices)
    words = serializers.CharField(max_length=LONGEST_CONDITION)


class AskSerializer(StrictSerializer):
    """A notice asked for: `victim` and `person` by their references."""

    victim = serializers.CharField(max_length=16)
    person = serializers.CharField(max_length=16)
    grounds = serializers.CharField(max_length=LONGEST_WORDS)
    victims_view = serializers.CharField(max_length=LONGEST_WORDS)
    conditions = ConditionSerializer(many=True)
    age_words = serializers.CharField(
        max_length=LONGEST_REASON,
        required=False,
        allow_blank=True,
        help_text="How the age is known, where no birth date is on record",
    )


class DecideNoticeSerializer(StrictSerializer):
    authorise = serializers.BooleanField()
    words = serializers.CharField(max_length=LONGEST_WORDS)


class ServeSerializer(StrictSerializer):
    served_at = serializers.DateTimeField()


class ListingSerializer(StrictSerializer):
    """When and where the court hears it; `version` is the one that was read."""

    hearing_at = serializers.DateTimeField()
    court = serializers.CharField(max_length=LONGEST_COURT)
    version = serializers.IntegerField(min_value=1)


class HeardSerializer(StrictSerializer):
    """What came of the hearing; conditions left out are the notice's."""

    outcome = serializers.ChoiceField(list(OUTCOMES.items()))
    heard_at = serializers.DateTimeField()
    court = serializers.CharField(max_length=LONGEST_COURT)
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True)
    until = serializers.DateField(required=False, allow_null=True, help_text="The order's last day")
    conditions = ConditionSerializer(many=True, required=False)
    next_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Heard again, where it was put off"
    )
    version = serializers.IntegerField(min_value=1)


class WordsSerializer(StrictSerializer):
    words = serializers.CharField(max_length=LONGEST_WORDS)


class BreachSerializer(StrictSerializer):
    """A breach; `incident` by its reference, where one is on record."""

    happened_at = serializers.DateTimeField()
    words = serializers.CharField(max_length=LONGEST_BREACH)
    incident = serializers.CharField(max_length=16, required=False, allow_blank=True)


class OrderSerializer(StrictSerializer):
    """An order that a court made; `person` is the reference of whom it binds."""

    person = serializers.CharField(max_length=16)
    kind = serializers.ChoiceField(Order.Kind.choices)
    court = serializers.CharField(max_length=LONGEST_COURT)
    made_at = serializers.DateTimeField()
    until = serializers.DateField(required=False, allow_null=True, default=None)
    conditions = ConditionSerializer(many=True)
    age_words = serializers.CharField(max_length=LONGEST_REASON, required=False, allow_blank=True)


class EndSerializer(StrictSerializer):
    ended_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=LONGEST_REASON)
    version = serializers.IntegerField(min_value=1)


class KeptConditionOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    words = serializers.CharField()


class NoticeOut(serializers.Serializer[Any]):
    """A notice as it stands."""

    reference = serializers.CharField()
    victim = serializers.CharField(source="victim.reference")
    person = serializers.CharField(source="person.reference")
    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    state = serializers.ChoiceField(ProtectionNotice.State.choices)
    grounds = serializers.CharField()
    victims_view = serializers.CharField()
    conditions = KeptConditionOut(many=True)
    asked_by = serializers.CharField(source="asked_by.username")
    asked_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_words = serializers.CharField()
    served_at = serializers.DateTimeField(allow_null=True)
    hearing_at = serializers.DateTimeField(allow_null=True)
    court = serializers.CharField()
    heard_at = serializers.DateTimeField(allow_null=True)
    outcome_words = serializers.CharField()
    version = serializers.IntegerField()


class OpenNoticeOut(NoticeOut):
    """A notice that waits: `due_at` is its clock's, the superintendent's or the court's."""

    due_at = serializers.DateTimeField(allow_null=True)


class OpenNoticesOut(serializers.Serializer[Any]):
    """At most 200, what waits for a superintendent first."""

    results = OpenNoticeOut(many=True)


class OrderOut(serializers.Serializer[Any]):
    """An order of a court; `order` is its number in addresses."""

    order = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Order.Kind.choices)
    person = serializers.CharField(source="person.reference")
    court = serializers.CharField()
    made_at = serializers.DateTimeField()
    until = serializers.DateField(allow_null=True)
    conditions = KeptConditionOut(many=True)
    notice = serializers.CharField(source="notice.reference", default=None, allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()
    in_force = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def get_in_force(self, order: Order) -> bool:
        return pages.binds(order, clock.now())


class OrdersOut(serializers.Serializer[Any]):
    """Everything that was ordered for a victim, newest first."""

    orders = OrderOut(many=True)
    notices = NoticeOut(many=True)


class BreachOut(serializers.Serializer[Any]):
    happened_at = serializers.DateTimeField()
    words = serializers.CharField()
    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.username")
    recorded_at = serializers.DateTimeField()

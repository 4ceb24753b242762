"""What the API takes and says of an adviser's work with a client."""

from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising import closing, courts, needs, reviewing
from referrals.services.advising.outcomes import TOPICS
from victims.models import RiskGrade

SETTLED = [one for one in SupportNeed.State.choices if one[0] != "open"]
COURT_SETTLED = [one for one in CourtSupport.State.choices if one[0] != "planned"]


class NeedIn(StrictSerializer):
    kind = serializers.ChoiceField(SupportNeed.Kind.choices)
    words = serializers.CharField(max_length=needs.LONGEST_WORDS)


class NeedSettleIn(StrictSerializer):
    """What became of a need."""

    state = serializers.ChoiceField(SETTLED)
    outcome = serializers.CharField(max_length=needs.LONGEST_WORDS)


class SupportNeedOut(serializers.Serializer[SupportNeed]):
    number = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(SupportNeed.Kind.choices)
    words = serializers.CharField()
    state = serializers.ChoiceField(SupportNeed.State.choices)
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    opened_by = serializers.CharField(source="opened_by.username")
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by.username", allow_null=True, default=None)


class CourtPlanIn(StrictSerializer):
    """A hearing to come; the adviser is reminded a week and a day before."""

    court = serializers.ChoiceField(CourtSupport.Court.choices)
    hearing_at = serializers.DateTimeField()
    about = serializers.CharField(max_length=courts.LONGEST_ABOUT)
    measures = serializers.ListField(
        child=serializers.ChoiceField(CourtSupport.Measure.choices),
        required=False,
        max_length=len(CourtSupport.Measure),
    )


class CourtSettleIn(StrictSerializer):
    """What came of a hearing."""

    state = serializers.ChoiceField(COURT_SETTLED)
    outcome = serializers.CharField(max_length=courts.LONGEST_WORDS)


class CourtSupportOut(serializers.Serializer[CourtSupport]):
    number = serializers.IntegerField(source="pk")
    court = serializers.ChoiceField(CourtSupport.Court.choices)
    hearing_at = serializers.DateTimeField()
    about = serializers.CharField()
    measures = serializers.ListField(child=serializers.ChoiceField(CourtSupport.Measure.choices))
    state = serializers.ChoiceField(CourtSupport.State.choices)
    outcome = serializers.CharField()
    written_at = serializers.DateTimeField()
    written_by = serializers.CharField(source="written_by.username")
    settled_at = serializers.DateTimeField(allow_null=True)


class CaseReviewIn(StrictSerializer):
    """A look at the risk. `seen` is the victim's grade as it was read: the look is about that.

    `words` are for advisers; `reason`, where the risk is not as graded, is read by the police.
    """

    would_be = serializers.ChoiceField(RiskGrade.choices)
    safety = serializers.ChoiceField(CaseReview.Safety.choices)
    feels_safe = serializers.IntegerField(
        min_value=1,
        max_value=5,
        required=False,
        allow_null=True,
        help_text="1 not at all, 5 wholly",
    )
    words = serializers.CharField(max_length=reviewing.LONGEST_WORDS)
    reason = serializers.CharField(
        max_length=reviewing.LONGEST_REASON, required=False, allow_blank=True, default=""
    )
    closing = serializers.BooleanField(
        required=False, default=False, help_text="The look before the case is closed"
    )
    seen = serializers.CharField(max_length=10, allow_blank=True)


class CaseReviewOut(serializers.Serializer[CaseReview]):
    """A look at the risk; `grade` is the victim's as it stood then."""

    number = serializers.IntegerField(source="pk")
    occasion = serializers.ChoiceField(CaseReview.Occasion.choices)
    grade = serializers.CharField()
    would_be = serializers.ChoiceField(RiskGrade.choices)
    safety = serializers.ChoiceField(CaseReview.Safety.choices)
    feels_safe = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username")


class OutcomesIn(StrictSerializer):
    """What came of the support, topic by topic; each is answered."""

    def get_fields(self) -> dict[str, Any]:
        return {topic.code: serializers.ChoiceField(topic.answers) for topic in TOPICS}


class CaseCloseIn(StrictSerializer):
    """The end of a case; whoever sees the victim's record reads it, the police too."""

    because = serializers.ChoiceField(IdvaCase.ClosedBecause.choices)
    words = serializers.CharField(max_length=closing.LONGEST_WORDS)
    outcomes = OutcomesIn()
    version = serializers.IntegerField(min_value=1)


class MissingOut(serializers.Serializer[Any]):
    """What is done before the case can be closed: `what` is review, needs or courts."""

    what = serializers.CharField(source="field")
    words = serializers.CharField()


class ReviewWindowOut(serializers.Serializer[Any]):
    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()

    def get_opens_at(self, window: Any) -> str:
        return str(window[0].isoformat())

    def get_closes_at(self, window: Any) -> str:
        return str(window[1].isoformat())


class ClosingOut(serializers.Serializer[Any]):
    """Where a case stands; `review` is when the look after some weeks counts."""

    reference = serializers.CharField(source="case.reference")
    state = serializers.ChoiceField(IdvaCase.State.choices, source="case.state")
    missing = MissingOut(many=True)
    review = ReviewWindowOut(source="window", allow_null=True)
    closed_at = serializers.DateTimeField(source="case.closed_at", allow_null=True)
    closed_because = serializers.CharField(source="case.closed_because")
    closed_words = serializers.CharField(source="case.closed_words")
    outcomes = serializers.DictField(source="case.outcomes", child=serializers.CharField())
    version = serializers.IntegerField(source="case.version")

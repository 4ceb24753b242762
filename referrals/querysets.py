from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Case, IntegerField, Value, When

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from referrals.models import Referral, Sharing  # noqa: F401  (in the bases below)


class ReferralQuerySet(VictimScoped["Referral"]):
    def open(self) -> Self:
        return self.exclude(state="completed")

    def waiting(self) -> Self:
        """Those that nobody has."""
        return self.filter(state="waiting")

    def in_order(self, at: datetime) -> Self:
        """As the queue shows them: over time first, then highest risk, then least time left."""
        over_first = Case(
            When(due_at__lte=at, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        return self.order_by(over_first, "-risk_rank", "due_at", "pk")

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)


class SharingQuerySet(VictimScoped["Sharing"]):
    pass

from datetime import datetime
from typing import TYPE_CHECKING, Self

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from referrals.models import Referral, Sharing


class ReferralQuerySet(VictimScoped["Referral"]):
    def open(self) -> Self:
        return self.exclude(state="completed")

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)


class SharingQuerySet(VictimScoped["Sharing"]):
    pass

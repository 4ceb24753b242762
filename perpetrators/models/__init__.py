"""Custody, bail, court, prison, protective orders, disclosure, and who harms more than one.

Nobody is a perpetrator by nature: all of this hangs from a person, and who is concerned by it are
the victims of incidents in which that person had the role.
"""

from perpetrators.models.custody import (
    Conditions,
    CourtDate,
    CustodyEpisode,
    CustodyEvent,
    CustodyFile,
    ExpectedRelease,
    OutsideIdentity,
    ReleaseWatch,
)
from perpetrators.models.disclosure import DisclosureApplication
from perpetrators.models.management import ManagementPlan, NotTheSame, SerialRecognition
from perpetrators.models.orders import Order, OrderBreach, ProtectionNotice

__all__ = [
    "Conditions",
    "CourtDate",
    "CustodyEpisode",
    "CustodyEvent",
    "CustodyFile",
    "DisclosureApplication",
    "ExpectedRelease",
    "ManagementPlan",
    "NotTheSame",
    "Order",
    "OrderBreach",
    "OutsideIdentity",
    "ProtectionNotice",
    "ReleaseWatch",
    "SerialRecognition",
]

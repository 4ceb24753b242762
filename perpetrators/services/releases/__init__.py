"""Releases to come and dates in court: raised before their time, moved, done, called off."""

from perpetrators.services.releases.ahead import look_ahead
from perpetrators.services.releases.hearings import Listed, sync_hearings
from perpetrators.services.releases.joining import join_releases
from perpetrators.services.releases.passing import pass_watches
from perpetrators.services.releases.planned import Expected
from perpetrators.services.releases.runs import sync_releases

__all__ = [
    "Expected",
    "Listed",
    "join_releases",
    "look_ahead",
    "pass_watches",
    "sync_hearings",
    "sync_releases",
]

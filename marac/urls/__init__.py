"""The addresses of this app, by topic."""

from marac.urls import (
    actions,
    after,
    agenda,
    cases,
    conferences,
    live,
    meetings,
    research,
    returns,
    transfers,
)

app_name = "marac"

urlpatterns = [
    *conferences.urlpatterns,
    *agenda.urlpatterns,
    *research.urlpatterns,
    *live.urlpatterns,
    *after.urlpatterns,
    *actions.urlpatterns,
    *transfers.urlpatterns,
    *returns.urlpatterns,
    *cases.urlpatterns,
    *meetings.urlpatterns,
]

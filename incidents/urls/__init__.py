"""The addresses of this app, by topic."""

from incidents.urls import (
    calls,
    closure,
    crimes,
    dispatch,
    editing,
    exhibits,
    response,
    supervision,
)

app_name = "incidents"

urlpatterns = [
    *calls.urlpatterns,
    *dispatch.urlpatterns,
    *response.urlpatterns,
    *editing.urlpatterns,
    *crimes.urlpatterns,
    *exhibits.urlpatterns,
    *closure.urlpatterns,
    *supervision.urlpatterns,
]

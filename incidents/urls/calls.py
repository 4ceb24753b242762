"""The control room: logging a call, the board."""

from django.urls import URLPattern, path

from incidents.views import board, calls, regrading

urlpatterns: list[URLPattern] = [
    path("calls/new/", calls.call, name="call"),
    path("calls/draft/", calls.draft, name="draft"),
    path("calls/history/", calls.history, name="history"),
    path("calls/person/", calls.person_row, name="person_row"),
    path("calls/<uuid:key>/discard/", calls.discard, name="discard"),
    path("incidents/", board.incident_list, name="list"),
    path("incidents/<slug:reference>/regrade/", regrading.regrade, name="regrade"),
]

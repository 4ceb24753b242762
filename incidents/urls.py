from django.urls import URLPattern, path

from incidents.views import board, calls, incident, response

app_name = "incidents"

#: The control room: logging a call, the board.
call_urls: list[URLPattern] = [
    path("calls/new/", calls.call, name="call"),
    path("calls/draft/", calls.draft, name="draft"),
    path("calls/history/", calls.history, name="history"),
    path("calls/person/", calls.person_row, name="person_row"),
    path("calls/<uuid:key>/discard/", calls.discard, name="discard"),
    path("incidents/", board.incident_list, name="list"),
]

#: The officers who go there.
response_urls: list[URLPattern] = [
    path("my-incidents/", response.mine, name="mine"),
    path("incidents/<slug:reference>/", incident.detail, name="detail"),
    path("incidents/<slug:reference>/send/", incident.send, name="send"),
    path("incidents/<slug:reference>/crimes/", incident.crime, name="crime"),
    path("incidents/<slug:reference>/briefing/", response.briefing, name="briefing"),
    path("incidents/<slug:reference>/arrived/", response.arrived, name="arrived"),
    path(
        "incidents/<slug:reference>/first-response/", response.first_response, name="first_response"
    ),
    path(
        "incidents/<slug:reference>/first-response/draft/",
        response.first_response_draft,
        name="first_response_draft",
    ),
]

urlpatterns = [*call_urls, *response_urls]

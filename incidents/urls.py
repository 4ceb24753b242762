from django.urls import URLPattern, path

from incidents.views import incident, response

app_name = "incidents"

#: The control room: logging a call, the board.
call_urls: list[URLPattern] = []

#: The officers who go there.
response_urls: list[URLPattern] = [
    path("my-incidents/", response.mine, name="mine"),
    path("incidents/<str:reference>/", incident.detail, name="detail"),
    path("incidents/<str:reference>/send/", incident.send, name="send"),
    path("incidents/<str:reference>/crimes/", incident.crime, name="crime"),
    path("incidents/<str:reference>/briefing/", response.briefing, name="briefing"),
    path("incidents/<str:reference>/arrived/", response.arrived, name="arrived"),
    path(
        "incidents/<str:reference>/first-response/", response.first_response, name="first_response"
    ),
    path(
        "incidents/<str:reference>/first-response/draft/",
        response.first_response_draft, name="first_response_draft",
    ),
]

urlpatterns = [*call_urls, *response_urls]

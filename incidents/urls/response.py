"""One incident, and the officers who go there."""

from django.urls import URLPattern, path

from incidents.views import incident, response

urlpatterns: list[URLPattern] = [
    path("my-incidents/", response.mine, name="mine"),
    path("incidents/<slug:reference>/", incident.detail, name="detail"),
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

"""Addresses of research."""

from django.urls import URLPattern, path

from marac.views import research

MEETING = "meetings/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path("research/", research.research, name="research"),
    path("research/cases/<slug:case>/", research.of_case, name="research_of"),
    path("research/<int:research_id>/", research.one, name="research_one"),
    path(MEETING + "research/", research.of_meeting, name="meeting_research"),
    path(MEETING + "research/chase/", research.chase, name="chase_research"),
    path(MEETING + "cases/<slug:case>/research/", research.ask, name="ask_research"),
]

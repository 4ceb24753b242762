"""Addresses of meetings."""

from django.urls import URLPattern, path

from marac.views import meetings

urlpatterns: list[URLPattern] = [
    path("", meetings.meetings, name="meetings"),
    path("meetings/emergency/", meetings.emergency, name="emergency"),
    path("meetings/<slug:reference>/", meetings.meeting, name="meeting"),
    path("meetings/<slug:reference>/sign/", meetings.sign, name="sign"),
    path("meetings/<slug:reference>/answer/", meetings.answer, name="answer"),
    path("meetings/<slug:reference>/observers/", meetings.observers, name="observers"),
    path(
        "meetings/<slug:reference>/observers/<int:person_id>/remove/",
        meetings.remove_observer,
        name="remove_observer",
    ),
    path("meetings/<slug:reference>/move/", meetings.move, name="move"),
    path("meetings/<slug:reference>/cancel/", meetings.cancel, name="cancel"),
]

"""Addresses of conferences, and of the calendar."""

from django.urls import URLPattern, path

from marac.views import calendar, conferences

urlpatterns: list[URLPattern] = [
    path("conferences/new/", conferences.new_conference, name="new_conference"),
    path("conferences/<int:conference_id>/", conferences.conference, name="conference"),
    path("conferences/<int:conference_id>/plan/", conferences.plan, name="plan"),
    path("calendar/", calendar.calendar_page, name="calendar"),
    # Open to calendars, which cannot sign in: by its secret alone.
    path("calendar/feed/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
]

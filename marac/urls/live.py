"""Addresses of live."""

from django.urls import URLPattern, path

from marac.views.live import case, feed, meeting, page

MEETING = "meetings/<slug:reference>/"
CASE = MEETING + "cases/<slug:case>/"

urlpatterns: list[URLPattern] = [
    path(MEETING + "live/", page.live, name="live"),
    path(MEETING + "live/changes/", feed.live_changes, name="live_changes"),
    path(MEETING + "live/begin/", meeting.begin, name="live_begin"),
    path(MEETING + "live/next/", meeting.begin_next, name="live_next"),
    path(MEETING + "live/end/", meeting.end, name="live_end"),
    path(
        MEETING + "live/here/<int:attendance>/",
        meeting.in_the_room,
        name="live_here",
    ),
    path(CASE + "live/", page.live, name="live_case"),
    path(CASE + "writing/", feed.live_writing, name="live_writing"),
    path(CASE + "lines/", case.write_line, name="live_line"),
    path(CASE + "agree/", case.agree_action, name="live_action"),
    path(CASE + "go-on/", case.go_on, name="live_go_on"),
    path(CASE + "conclude/", case.conclude, name="live_conclude"),
    path(CASE + "defer/", case.defer, name="live_defer"),
]

"""Addresses of live."""

from django.urls import URLPattern, path

from marac.views import live

MEETING = "meetings/<slug:reference>/"
CASE = MEETING + "cases/<slug:case>/"

urlpatterns: list[URLPattern] = [
    path(MEETING + "live/", live.live, name="live"),
    path(MEETING + "live/changes/", live.live_changes, name="live_changes"),
    path(MEETING + "live/begin/", live.begin, name="live_begin"),
    path(MEETING + "live/next/", live.begin_next, name="live_next"),
    path(MEETING + "live/end/", live.end, name="live_end"),
    path(
        MEETING + "live/here/<int:attendance>/",
        live.in_the_room,
        name="live_here",
    ),
    path(CASE + "live/", live.live, name="live_case"),
    path(CASE + "writing/", live.live_writing, name="live_writing"),
    path(CASE + "lines/", live.write_line, name="live_line"),
    path(CASE + "agree/", live.agree_action, name="live_action"),
    path(CASE + "go-on/", live.go_on, name="live_go_on"),
    path(CASE + "conclude/", live.conclude, name="live_conclude"),
    path(CASE + "defer/", live.defer, name="live_defer"),
]

"""Addresses of what follows a meeting: minutes, the victim's voice, flags."""

from django.urls import URLPattern, path

from marac.views import after, minutes

_MEETING = "meetings/<slug:reference>/"
_CASE = f"{_MEETING}cases/<slug:case>/"

urlpatterns: list[URLPattern] = [
    path(f"{_MEETING}minutes/", minutes.minutes, name="minutes"),
    path(f"{_MEETING}minutes.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(f"{_MEETING}minutes/approve/", minutes.approve, name="approve_minutes"),
    path(f"{_MEETING}minutes/send/", minutes.send, name="send_minutes"),
    path(f"{_CASE}wishes/", after.report, name="wishes"),
    path(f"{_CASE}told/", after.tell, name="told"),
    path("wishes/", after.to_report, name="to_report"),
    path("cases/<slug:reference>/wishes/", after.wishes_of, name="wishes_of"),
    path("cases/<slug:reference>/told/", after.told_of, name="told_of"),
    path("flags/<int:flag_id>/end/", after.end_flag, name="end_flag"),
]

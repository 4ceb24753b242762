"""Who is on duty, and who is sent."""

from django.urls import URLPattern, path

from incidents.views import dispatch

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/send/", dispatch.send, name="send"),
]

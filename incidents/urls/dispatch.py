"""Who is on duty, and who is sent."""

from django.urls import URLPattern, path

from incidents.views import incident

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/send/", incident.send, name="send"),
]

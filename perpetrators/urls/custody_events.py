"""Events of custody recorded by hand."""

from django.urls import URLPattern, path

from perpetrators.views import custody_events

urlpatterns: list[URLPattern] = [
    path("custody/events/new/", custody_events.new, name="new_custody_event"),
]

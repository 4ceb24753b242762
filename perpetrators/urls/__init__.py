"""The addresses of this app, by topic."""

from django.urls import URLPattern

from perpetrators.urls import (
    custody,
    custody_events,
    custody_files,
    disclosure,
    management,
    matching,
    orders,
    people,
)

app_name = "perpetrators"

urlpatterns: list[URLPattern] = [
    *custody.urlpatterns,
    *custody_events.urlpatterns,
    *custody_files.urlpatterns,
    *disclosure.urlpatterns,
    *management.urlpatterns,
    *matching.urlpatterns,
    *orders.urlpatterns,
    *people.urlpatterns,
]

"""The addresses of this app, by topic."""

from referrals.urls import (
    advising,
    agencies,
    backlog,
    case_work,
    children,
    incoming,
    queue,
    schools,
    sharing,
    voice,
)

app_name = "referrals"

urlpatterns = [
    *advising.urlpatterns,
    *agencies.urlpatterns,
    *incoming.urlpatterns,
    *backlog.urlpatterns,
    *sharing.urlpatterns,
    *children.urlpatterns,
    *schools.urlpatterns,
    *case_work.urlpatterns,
    *voice.urlpatterns,
    *queue.urlpatterns,
]

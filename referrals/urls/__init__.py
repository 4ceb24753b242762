"""The addresses of this app, by topic."""

from referrals.urls import advising, agencies, backlog, incoming, queue, sharing

app_name = "referrals"

urlpatterns = [
    *advising.urlpatterns,
    *agencies.urlpatterns,
    *incoming.urlpatterns,
    *backlog.urlpatterns,
    *sharing.urlpatterns,
    *queue.urlpatterns,
]

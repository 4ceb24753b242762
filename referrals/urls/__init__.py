"""The addresses of this app, by topic."""

from referrals.urls import agencies, incoming, queue

app_name = "referrals"

urlpatterns = [
    *agencies.urlpatterns,
    *incoming.urlpatterns,
    *queue.urlpatterns,
]

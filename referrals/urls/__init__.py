"""The addresses of this app, by topic."""

from referrals.urls import queue

app_name = "referrals"

urlpatterns = [
    *queue.urlpatterns,
]

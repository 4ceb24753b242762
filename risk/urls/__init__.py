"""The addresses of this app, by topic."""

from risk.urls import assessments, instruments, judging

app_name = "risk"

urlpatterns = [
    *assessments.urlpatterns,
    *instruments.urlpatterns,
    *judging.urlpatterns,
]

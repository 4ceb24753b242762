"""The addresses of this app, by topic."""

from risk.urls import assessments, instruments

app_name = "risk"

urlpatterns = [
    *assessments.urlpatterns,
    *instruments.urlpatterns,
]

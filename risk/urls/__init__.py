"""The addresses of this app, by topic."""

from risk.urls import assessments

app_name = "risk"

urlpatterns = [
    *assessments.urlpatterns,
]

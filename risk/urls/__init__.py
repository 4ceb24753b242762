"""The addresses of this app, by topic."""

from risk.urls import assessments, instruments, judging, reassess, trigger_rules

app_name = "risk"

urlpatterns = [
    *assessments.urlpatterns,
    *instruments.urlpatterns,
    *judging.urlpatterns,
    *reassess.urlpatterns,
    *trigger_rules.urlpatterns,
]

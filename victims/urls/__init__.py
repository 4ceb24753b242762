"""The addresses of this app, by topic."""

from victims.urls import reading

app_name = "victims"

urlpatterns = [
    *reading.urlpatterns,
]

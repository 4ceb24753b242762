"""The addresses of this app, by topic."""

from victims.urls import duties, markers, plans, reading, telling

app_name = "victims"

urlpatterns = [
    *duties.urlpatterns,
    *markers.urlpatterns,
    *plans.urlpatterns,
    *reading.urlpatterns,
    *telling.urlpatterns,
]

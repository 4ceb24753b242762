"""The addresses of this app, by topic."""

from victims.urls import duties, plans, reading, telling

app_name = "victims"

urlpatterns = [
    *duties.urlpatterns,
    *plans.urlpatterns,
    *reading.urlpatterns,
    *telling.urlpatterns,
]

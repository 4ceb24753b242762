"""The addresses of this app, by topic."""

from victims.urls import access, duties, markers, notes, plans, reading, telling

app_name = "victims"

urlpatterns = [
    *access.urlpatterns,
    *duties.urlpatterns,
    *markers.urlpatterns,
    *notes.urlpatterns,
    *plans.urlpatterns,
    *reading.urlpatterns,
    *telling.urlpatterns,
]

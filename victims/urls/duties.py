"""Who is responsible: handing over, one's own duties, what others have, and absences."""

from django.urls import URLPattern, path

from victims.views import absences

urlpatterns: list[URLPattern] = [
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:absence_id>/", absences.absence, name="absence"),
    path("absences/<int:absence_id>/end/", absences.end_absence, name="end_absence"),
]

"""Notes about a victim."""

from django.urls import URLPattern, path

from victims.views import notes

urlpatterns: list[URLPattern] = [
    path("victims/<slug:reference>/notes/", notes.notes, name="notes"),
    path("victims/<slug:reference>/notes/<int:note_id>/strike/", notes.strike, name="strike_note"),
]

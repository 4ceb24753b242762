"""Crimes, their outcomes, and repeated incidents without a crime."""

from django.urls import URLPattern, path

from incidents.views import incident

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/crimes/", incident.crime, name="crime"),
]

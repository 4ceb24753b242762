"""Crimes, their outcomes, and repeated incidents without a crime."""

from django.urls import URLPattern, path

from incidents.views import crimes

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/crimes/", crimes.crime, name="crime"),
]

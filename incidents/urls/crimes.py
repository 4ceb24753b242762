"""Crimes, their outcomes, and repeated incidents without a crime."""

from django.urls import URLPattern, path

from incidents.views import crimes

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/crimes/", crimes.crime, name="crime"),
    # A crime number may hold slashes.
    path(
        "incidents/<slug:reference>/crimes/<path:number>/outcome/",
        crimes.outcome,
        name="crime_outcome",
    ),
    path("non-crime-reviews/", crimes.non_crime_reviews, name="non_crime_reviews"),
    path("non-crime-reviews/<slug:victim>/", crimes.non_crime_review, name="non_crime_review"),
]

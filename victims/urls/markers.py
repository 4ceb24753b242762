"""Markers to be looked at before they end."""

from django.urls import URLPattern, path

from victims.views import marker_reviews

urlpatterns: list[URLPattern] = [
    path("markers/", marker_reviews.to_review, name="markers_to_review"),
    path("markers/<slug:marker>/", marker_reviews.review, name="review_marker"),
]

"""Assessments and their review."""

from django.urls import path

from risk.views import assess, begin, review, victim

urlpatterns = [
    path("incidents/<slug:reference>/assessments/", begin.begin, name="begin"),
    path("assessments/<slug:reference>/", assess.assess, name="assess"),
    path("assessments/<slug:reference>/keep/", assess.keep, name="keep"),
    path("assessments/<slug:reference>/submit/", assess.submit, name="submit"),
    path("reviews/", review.reviews, name="reviews"),
    path("reviews/<slug:reference>/", review.review, name="review"),
    path("victims/<slug:reference>/risk/", victim.of_victim, name="of_victim"),
]

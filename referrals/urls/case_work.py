"""The work on one case of the IDVA service."""

from django.urls import URLPattern, path

from referrals.views import case_work

_CASE = "idva-cases/<slug:reference>/"
urlpatterns: list[URLPattern] = [
    path(f"{_CASE}needs/", case_work.needs, name="case_needs"),
    path(f"{_CASE}courts/", case_work.courts, name="case_courts"),
    path(f"{_CASE}review/", case_work.review, name="case_review"),
    path(f"{_CASE}close/", case_work.close, name="case_close"),
]

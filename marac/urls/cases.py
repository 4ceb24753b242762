"""Addresses of cases."""

from django.urls import URLPattern, path

from marac.views import cases

_CASE = "cases/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path("propose/", cases.propose, name="propose"),
    path("cases/", cases.listing, name="cases"),
    path(_CASE, cases.one, name="case"),
    path(f"{_CASE}decide/", cases.step, {"name": "decide"}, name="decide_case"),
    path(f"{_CASE}about/", cases.step, {"name": "about"}, name="describe_case"),
    path(f"{_CASE}close/", cases.step, {"name": "close"}, name="close_case"),
]

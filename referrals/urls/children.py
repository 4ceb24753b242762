"""Referring children."""

from django.urls import URLPattern, path

from referrals.views import children as views

urlpatterns: list[URLPattern] = [
    path("victims/<slug:victim>/children/refer/", views.refer, name="refer_children"),
]

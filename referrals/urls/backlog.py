"""The backlog in numbers."""

from django.urls import URLPattern, path

from referrals.views import backlog as views

urlpatterns: list[URLPattern] = [
    path("backlog/", views.page, name="backlog"),
    path("backlog/export/", views.export, name="backlog_export"),
]

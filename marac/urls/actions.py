"""Addresses of actions."""

from django.urls import URLPattern, path

from marac.views import actions

urlpatterns: list[URLPattern] = [
    path("actions/", actions.listing, name="actions"),
    path("actions/export/", actions.export, name="actions_export"),
    path("actions/<slug:reference>/", actions.one, name="action"),
    path(
        "actions/<slug:reference>/settle/", actions.step, {"name": "settle"}, name="settle_action"
    ),
    path("actions/<slug:reference>/pass/", actions.step, {"name": "pass"}, name="pass_action"),
    path(
        "actions/<slug:reference>/reopen/", actions.step, {"name": "reopen"}, name="reopen_action"
    ),
]

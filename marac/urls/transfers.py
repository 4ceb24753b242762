"""Addresses of transfers."""

from django.urls import URLPattern, path

from marac.views import transfers

_ONE = "transfers/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path("transfers/", transfers.listing, name="transfers"),
    path("transfers/in/", transfers.receive, name="receive_transfer"),
    path(_ONE, transfers.transfer, name="transfer"),
    path(f"{_ONE}check/", transfers.check, name="check_transfer"),
    path(f"{_ONE}finish/", transfers.finish, name="finish_transfer"),
    path(f"{_ONE}cancel/", transfers.cancel, name="cancel_transfer"),
    path("cases/<slug:reference>/transfer/", transfers.begin, name="begin_transfer"),
]

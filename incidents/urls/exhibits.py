"""Photographs and documents."""

from django.urls import URLPattern, path

from incidents.views import exhibits

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/exhibits/", exhibits.exhibits, name="exhibits"),
    path("incidents/<slug:reference>/exhibits/<uuid:exhibit>/", exhibits.exhibit, name="exhibit"),
    path(
        "incidents/<slug:reference>/exhibits/<uuid:exhibit>/withdraw/",
        exhibits.withdraw,
        name="withdraw_exhibit",
    ),
]

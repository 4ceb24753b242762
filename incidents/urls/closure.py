"""The closure gate."""

from django.urls import URLPattern, path

from incidents.views import closure

urlpatterns: list[URLPattern] = [
    path("closures/", closure.closures, name="closures"),
    path("incidents/<slug:reference>/closure/", closure.closure, name="closure"),
]

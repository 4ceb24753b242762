"""Addresses of the return."""

from django.urls import URLPattern, path

from marac.views import returns

urlpatterns: list[URLPattern] = [
    path("return/", returns.shown, name="return"),
    path("return/export/", returns.export, name="return_export"),
    path("return/workbook/", returns.workbook, name="return_workbook"),
    path("return/population/", returns.population, name="population"),
]

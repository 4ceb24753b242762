"""What supervisors checked, and what nobody did."""

from django.urls import URLPattern, path

from incidents.views import supervision

urlpatterns: list[URLPattern] = [
    path("supervision/", supervision.unsupervised, name="supervision"),
    path("supervision/export/", supervision.export, name="supervision_export"),
    path("incidents/<slug:reference>/supervision/", supervision.supervise, name="supervise"),
]

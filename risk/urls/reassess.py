"""Risk that is looked at again."""

from django.urls import URLPattern, path

from risk.views import reassess

urlpatterns: list[URLPattern] = [
    path("reassessments/<slug:reference>/", reassess.reassess, name="reassess"),
]

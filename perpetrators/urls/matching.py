"""People whom nobody knows, matched to people on record."""

from django.urls import URLPattern, path

from perpetrators.pages.matching import STEPS
from perpetrators.views import matching

urlpatterns: list[URLPattern] = [
    path("custody/matching/", matching.waiting, name="matching"),
    path("custody/matching/<slug:reference>/", matching.match, name="match"),
    *(
        path(
            f"custody/matching/<slug:reference>/{step}/",
            matching.decide,
            {"name": step},
            name=f"match_{step.replace('-', '_')}",
        )
        for step in STEPS
    ),
]

"""The disclosure scheme."""

from django.urls import URLPattern, path

from perpetrators.pages.disclosure import STEPS
from perpetrators.views import disclosure

urlpatterns: list[URLPattern] = [
    path("disclosures/", disclosure.disclosures, name="disclosures"),
    path("disclosures/<slug:reference>/", disclosure.disclosure, name="disclosure"),
    *(
        path(
            f"disclosures/<slug:reference>/{step}/",
            disclosure.step,
            {"name": step},
            name=f"disclosure_{step}",
        )
        for step in STEPS
    ),
    path("victims/<slug:reference>/disclosures/new/", disclosure.new, name="new_disclosure"),
]

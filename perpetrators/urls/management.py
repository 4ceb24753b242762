"""Serial perpetrators and the plans to stop them."""

from django.urls import URLPattern, path

from perpetrators.pages.management import STEPS
from perpetrators.views import management, serial

urlpatterns: list[URLPattern] = [
    path("serial/", serial.serial, name="serial"),
    path("people/<slug:reference>/plan/", management.plan, name="plan"),
    *(
        path(
            f"people/<slug:reference>/plan/{step}/",
            management.step,
            {"name": step},
            name=f"plan_{step.replace('-', '_')}",
        )
        for step in STEPS
    ),
    path("people/<slug:reference>/apart/<slug:other>/", serial.apart, name="apart"),
    path(
        "people/<slug:reference>/apart/<slug:other>/back/",
        serial.apart,
        {"back": True},
        name="apart_back",
    ),
]

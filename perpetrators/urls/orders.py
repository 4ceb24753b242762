"""Protection notices, and the orders of a victim."""

from django.urls import URLPattern, path

from perpetrators.pages.orders import STEPS
from perpetrators.views import orders

urlpatterns: list[URLPattern] = [
    path("notices/", orders.notices, name="notices"),
    path("notices/<slug:reference>/", orders.notice, name="notice"),
    *(
        path(
            f"notices/<slug:reference>/{step}/",
            orders.step,
            {"name": step},
            name=f"notice_{step}",
        )
        for step in STEPS
    ),
    path("incidents/<slug:reference>/notice/", orders.ask, name="ask_for_notice"),
    path("victims/<slug:reference>/orders/", orders.orders, name="orders"),
    path("victims/<slug:reference>/orders/new/", orders.new_order, name="new_order"),
    path("victims/<slug:reference>/orders/<int:order_id>/end/", orders.end_order, name="end_order"),
    path("victims/<slug:reference>/orders/<int:order_id>/breach/", orders.breach, name="breach"),
]

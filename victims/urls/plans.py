"""The safety plan."""

from django.urls import URLPattern, path

from victims.views import plans

urlpatterns: list[URLPattern] = [
    path("victims/<slug:reference>/plan/", plans.plan, name="plan"),
    path("victims/<slug:reference>/plan/write/", plans.write_plan, name="write_plan"),
    path("victims/<slug:reference>/plan/review/", plans.review_plan, name="review_plan"),
    path("victims/<slug:reference>/plan/shared/", plans.shared_plan, name="shared_plan"),
    path("victims/<slug:reference>/plan/steps/<int:position>/", plans.mark_step, name="mark_step"),
    path(
        "victims/<slug:reference>/plan/versions/<int:version>/",
        plans.plan_version,
        name="plan_version",
    ),
]

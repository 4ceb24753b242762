"""Risk that is looked at again."""

from django.urls import URLPattern, path

from risk.views import reassess

urlpatterns: list[URLPattern] = [
    path("reassessments/", reassess.index, name="reassessments"),
    path("reassessments/<slug:reference>/", reassess.reassess, name="reassess"),
    path("reassessments/<slug:reference>/take-over/", reassess.take_over, name="take_over"),
    path("reassessments/<slug:reference>/assess/", reassess.assess, name="assess_anew"),
]

"""Judging a victim's risk, agreeing to a lower grade, and what was not known."""

from django.urls import path

from risk.views import judging, unknowns

urlpatterns = [
    path("victims/<slug:reference>/risk/judge/", judging.judge, name="judge"),
    path("victims/<slug:reference>/risk/agree/", judging.agree, name="agree"),
    path("assessments/<slug:reference>/unknowns/", unknowns.unknowns, name="unknowns"),
]

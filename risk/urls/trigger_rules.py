"""The force's table of triggers."""

from django.urls import path

from risk.views import trigger_rules

urlpatterns = [
    path("policy/trigger-rules/", trigger_rules.trigger_rules, name="trigger_rules"),
    path(
        "policy/trigger-rules/<slug:trigger>/",
        trigger_rules.change_trigger_rule,
        name="change_trigger_rule",
    ),
]

"""Questionnaires, and two assessments compared."""

from django.urls import path

from risk.views import compare, instruments

urlpatterns = [
    path("victims/<slug:reference>/risk/compare/", compare.compare, name="compare"),
    path("questionnaires/", instruments.index, name="instruments"),
    path("questionnaires/new/", instruments.take_in, name="instrument_take_in"),
    path("questionnaires/<int:instrument_id>/", instruments.preview, name="instrument"),
    path("questionnaires/<int:instrument_id>/begin/", instruments.begin, name="instrument_begin"),
    path("questionnaires/<int:instrument_id>/edit/", instruments.edit, name="instrument_edit"),
    path(
        "questionnaires/<int:instrument_id>/publish/",
        instruments.publish,
        name="instrument_publish",
    ),
    path(
        "questionnaires/<int:instrument_id>/discard/",
        instruments.discard,
        name="instrument_discard",
    ),
    path(
        "questionnaires/<int:instrument_id>/export/", instruments.export, name="instrument_export"
    ),
]

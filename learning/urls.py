from django.urls import URLPattern, path

from learning.views import reading, results, writing

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("learning/", reading.notices, name="notices"),
    path("learning/results/", results.by_team, name="results"),
    path("learning/results/team/", results.team, name="team"),
    path("learning/results/export/", results.export_results, name="export"),
    path("learning/written/", writing.written, name="written"),
    path("learning/new/", writing.compose, name="compose"),
    path("learning/<slug:reference>/", reading.notice, name="notice"),
    path("learning/<slug:reference>/answer/", reading.answer, name="answer"),
    path("learning/<slug:reference>/edit/", writing.edit, name="edit"),
    path("learning/<slug:reference>/preview/", writing.preview, name="preview"),
    path("learning/<slug:reference>/publish/", writing.publish, name="publish"),
    path("learning/<slug:reference>/replace/", writing.replace, name="replace"),
    path("learning/<slug:reference>/withdraw/", writing.withdraw, name="withdraw"),
]

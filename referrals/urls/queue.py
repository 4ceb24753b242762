"""The queue, and one referral."""

from django.urls import URLPattern, path

from referrals.views import batches, steps
from referrals.views import queue as views

urlpatterns: list[URLPattern] = [
    path("referrals/", views.queue, name="queue"),
    path("referrals/export/", views.export_queue, name="export"),
    path("referrals/claim-next/", views.claim_next, name="claim_next"),
    path("referrals/batch/", batches.batch, name="batch"),
    path("referrals/<slug:reference>/", views.detail, name="detail"),
    path("referrals/<slug:reference>/claim/", views.claim, name="claim"),
    path("referrals/<slug:reference>/release/", views.release, name="release"),
    path("referrals/<slug:reference>/hand-over/", views.hand_over, name="hand_over"),
    path("referrals/<slug:reference>/complete/", views.complete, name="complete"),
    path("referrals/<slug:reference>/opinion/", steps.ask_opinion, name="ask_opinion"),
    path(
        "referrals/<slug:reference>/opinion/<int:opinion>/",
        steps.answer_opinion,
        name="answer_opinion",
    ),
    path(
        "referrals/<slug:reference>/opinion/<int:opinion>/withdraw/",
        steps.withdraw_opinion,
        name="withdraw_opinion",
    ),
    path("referrals/<slug:reference>/grade/", steps.check_grade, name="check_grade"),
    path("referrals/<slug:reference>/pause/", steps.pause, name="pause"),
    path("referrals/<slug:reference>/resume/", steps.resume, name="resume"),
    path("referrals/<slug:reference>/late/", steps.say_why_late, name="late"),
]

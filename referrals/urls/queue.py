"""The queue, and one referral."""

from django.urls import URLPattern, path

from referrals.views import queue as views

urlpatterns: list[URLPattern] = [
    path("referrals/", views.queue, name="queue"),
    path("referrals/export/", views.export_queue, name="export"),
    path("referrals/claim-next/", views.claim_next, name="claim_next"),
    path("referrals/<slug:reference>/", views.detail, name="detail"),
    path("referrals/<slug:reference>/claim/", views.claim, name="claim"),
    path("referrals/<slug:reference>/release/", views.release, name="release"),
    path("referrals/<slug:reference>/hand-over/", views.hand_over, name="hand_over"),
    path("referrals/<slug:reference>/share/", views.share, name="share"),
    path("referrals/<slug:reference>/complete/", views.complete, name="complete"),
]

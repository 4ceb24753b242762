from django.urls import path

from referrals import views

app_name = "referrals"
urlpatterns = [
    path("referrals/", views.queue, name="queue"),
    path("referrals/export/", views.export_queue, name="export"),
    path("referrals/claim-next/", views.claim_next, name="claim_next"),
    path("referrals/<str:reference>/", views.detail, name="detail"),
    path("referrals/<str:reference>/claim/", views.claim, name="claim"),
    path("referrals/<str:reference>/release/", views.release, name="release"),
    path("referrals/<str:reference>/hand-over/", views.hand_over, name="hand_over"),
    path("referrals/<str:reference>/share/", views.share, name="share"),
    path("referrals/<str:reference>/complete/", views.complete, name="complete"),
]

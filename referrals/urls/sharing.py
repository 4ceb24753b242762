"""What agencies were told: the unit's pages, and the agencies' own."""

from django.urls import URLPattern, path

from referrals.views import shared, sharing

urlpatterns: list[URLPattern] = [
    path("victims/<slug:victim>/sharings/", sharing.of_victim, name="sharings"),
    path("referrals/<slug:reference>/share/", sharing.share, name="share"),
    path("sharings/<slug:reference>/", sharing.one, name="sharing"),
    path("sharings/<slug:reference>/withdraw/", sharing.withdraw, name="withdraw_sharing"),
    path("shared/", shared.inbox, name="shared"),
    path("shared/export/", shared.export_list, name="shared_export"),
    path("shared/<slug:reference>/", shared.one, name="shared_one"),
    path("shared/<slug:reference>/answer/", shared.answer, name="answer_shared"),
    path(
        "shared/<slug:reference>/documents/<uuid:exhibit>/",
        shared.document,
        name="shared_document",
    ),
]

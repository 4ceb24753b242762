"""Protection notices and orders of a victim, for other systems: the same steps as on the pages."""

from django.urls import path

from perpetrators.api.orders.notices import (
    AskView,
    DecideNoticeView,
    HeardView,
    LapseView,
    ListingView,
    NoticeBreachView,
    NoticesView,
    NoticeView,
    ServeView,
    WithdrawNoticeView,
)
from perpetrators.api.orders.of_victims import EndOrderView, OrderBreachView, OrdersOfVictimView

order_urls = [
    path("notices/", NoticesView.as_view()),
    path("notices/<slug:reference>/", NoticeView.as_view()),
    path("notices/<slug:reference>/decide/", DecideNoticeView.as_view()),
    path("notices/<slug:reference>/serve/", ServeView.as_view()),
    path("notices/<slug:reference>/hearing/", ListingView.as_view()),
    path("notices/<slug:reference>/outcome/", HeardView.as_view()),
    path("notices/<slug:reference>/lapse/", LapseView.as_view()),
    path("notices/<slug:reference>/withdraw/", WithdrawNoticeView.as_view()),
    path("notices/<slug:reference>/breach/", NoticeBreachView.as_view()),
    path("incidents/<slug:reference>/notice/", AskView.as_view()),
    path("victims/<slug:reference>/orders/", OrdersOfVictimView.as_view()),
    path("victims/<slug:reference>/orders/<int:order_id>/end/", EndOrderView.as_view()),
    path("victims/<slug:reference>/orders/<int:order_id>/breach/", OrderBreachView.as_view()),
]

"""What agencies refer, and whom it is about."""

from django.urls import URLPattern, path

from referrals.views import incoming as views

WHO = "referrals/<slug:incoming>/who/"

urlpatterns: list[URLPattern] = [
    path("refer/", views.refer, name="refer"),
    path("referred/", views.sent, name="sent"),
    path("referred/<slug:incoming>/", views.one_sent, name="referred"),
    path(WHO, views.who, name="who"),
    path(f"{WHO}say/", views.say_who, name="say_who"),
    path(f"{WHO}take-back/", views.take_back, name="take_back_who"),
    path(f"{WHO}answer/", views.answer, name="answer_agency"),
    path(f"{WHO}safe-contact/", views.take_over, name="take_over_safe_contact"),
]

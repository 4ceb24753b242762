"""Partner agencies, and what could not be delivered to them."""

from django.urls import URLPattern, path

from referrals.views import agencies, undelivered

urlpatterns: list[URLPattern] = [
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/add/", agencies.add, name="add_agency"),
    path("agencies/<int:agency_id>/", agencies.agency, name="agency"),
    path("agencies/<int:agency_id>/secret/", agencies.renew_secret, name="renew_secret"),
    path("agencies/<int:agency_id>/test/", agencies.try_channel, name="try_channel"),
    path(
        "agencies/<int:agency_id>/representatives/<int:person_id>/",
        agencies.representative,
        name="representative",
    ),
    path("undelivered/", undelivered.undelivered, name="undelivered"),
    path("undelivered/<int:message_id>/again/", undelivered.try_again, name="try_again"),
    path("undelivered/<int:message_id>/drop/", undelivered.drop, name="drop_message"),
]

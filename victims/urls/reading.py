"""Looking at a victim, safe contact and markers."""

from django.urls import URLPattern, path

from victims import views

urlpatterns: list[URLPattern] = [
    path("victims/<slug:reference>/", views.detail, name="detail"),
    path("victims/<slug:reference>/timeline/", views.timeline, name="timeline"),
    path("victims/<slug:reference>/safe-contact/", views.safe_contact, name="safe_contact"),
    path("victims/<slug:reference>/who-looked/", views.who_looked, name="who_looked"),
    path("victims/<slug:reference>/markers/", views.set_marker, name="set_marker"),
    path(
        "victims/<slug:reference>/markers/<int:marker_id>/end/", views.end_marker, name="end_marker"
    ),
]

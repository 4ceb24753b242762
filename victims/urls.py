from django.urls import URLPattern, path

from victims import views

app_name = "victims"
urlpatterns: list[URLPattern] = [
    path("victims/<str:reference>/", views.detail, name="detail"),
    path("victims/<str:reference>/timeline/", views.timeline, name="timeline"),
    path("victims/<str:reference>/safe-contact/", views.safe_contact, name="safe_contact"),
    path("victims/<str:reference>/who-looked/", views.who_looked, name="who_looked"),
    path("victims/<str:reference>/markers/", views.set_marker, name="set_marker"),
    path(
        "victims/<str:reference>/markers/<int:marker_id>/end/", views.end_marker, name="end_marker"
    ),
]

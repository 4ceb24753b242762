"""Schools to be told."""

from django.urls import URLPattern, path

from referrals.views import schools as views

urlpatterns: list[URLPattern] = [
    path("schools/", views.schools, name="schools"),
    path("schools/<slug:incident>/", views.of_incident, name="schools_of"),
    path("schools/<slug:incident>/tell/", views.tell, name="tell_school"),
    path("schools/<slug:incident>/not-needed/", views.not_needed, name="school_not_needed"),
    path("schools/<slug:incident>/needed/<int:notice_id>/", views.needed, name="school_needed"),
]

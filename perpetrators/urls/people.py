"""People complained of."""

from django.urls import URLPattern, path

from perpetrators.views import people

urlpatterns: list[URLPattern] = [
    path("people/<slug:reference>/", people.person, name="person"),
]

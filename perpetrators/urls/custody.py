"""In and out of custody."""

from django.urls import URLPattern, path

from perpetrators.views import custody

urlpatterns: list[URLPattern] = [
    path("custody/", custody.custody, name="custody"),
]

"""The addresses of this app, by topic."""

from django.urls import URLPattern

app_name = "perpetrators"

urlpatterns: list[URLPattern] = []

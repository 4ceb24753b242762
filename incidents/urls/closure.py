"""The closure gate."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""Correcting, further calls, links, and who else is writing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""What supervisors checked, and what nobody did."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

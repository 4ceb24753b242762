"""The API of this app, by topic."""

from django.urls import URLPattern

api_urls: list[URLPattern] = []

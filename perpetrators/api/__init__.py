"""The API of this app, by topic."""

from django.urls import URLPattern

from perpetrators.api.custody import custody_urls

api_urls: list[URLPattern] = [*custody_urls]

"""The API of this app, by topic."""

from django.urls import URLPattern

from perpetrators.api.custody import custody_urls
from perpetrators.api.disclosure import disclosure_urls
from perpetrators.api.management import management_urls
from perpetrators.api.matching import matching_urls
from perpetrators.api.orders import order_urls

api_urls: list[URLPattern] = [
    *custody_urls,
    *disclosure_urls,
    *management_urls,
    *matching_urls,
    *order_urls,
]

"""The API of this app, by topic."""

from victims.api.reading import api_urls as reading_urls

api_urls = [
    *reading_urls,
]

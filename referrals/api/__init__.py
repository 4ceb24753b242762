"""The API of this app, by topic."""

from referrals.api.queue import api_urls as queue_urls

api_urls = [
    *queue_urls,
]

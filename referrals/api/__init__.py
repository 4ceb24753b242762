"""The API of this app, by topic."""

from referrals.api.backlog import api_urls as backlog_urls
from referrals.api.queue import api_urls as queue_urls

api_urls = [
    *backlog_urls,
    *queue_urls,
]

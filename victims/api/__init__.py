"""The API of this app, by topic."""

from victims.api.access import api_urls as access_urls
from victims.api.duties import api_urls as duty_urls
from victims.api.notes import api_urls as note_urls
from victims.api.plans import api_urls as plan_urls
from victims.api.reading import api_urls as reading_urls
from victims.api.telling import api_urls as telling_urls

api_urls = [
    *access_urls,
    *duty_urls,
    *note_urls,
    *plan_urls,
    *reading_urls,
    *telling_urls,
]

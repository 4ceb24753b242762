"""The API of this app, by topic."""

from django.urls import URLPattern

from marac.api.actions import action_urls
from marac.api.agenda import agenda_urls
from marac.api.cases import case_urls
from marac.api.conferences import conference_urls
from marac.api.flags import flag_urls
from marac.api.live import live_urls
from marac.api.meetings import meeting_urls
from marac.api.minutes import minutes_urls
from marac.api.research import research_urls
from marac.api.returns import api_urls as return_urls
from marac.api.transfers import transfer_urls
from marac.api.wishes import wish_urls

api_urls: list[URLPattern] = [
    *action_urls,
    *agenda_urls,
    *case_urls,
    *conference_urls,
    *flag_urls,
    *live_urls,
    *meeting_urls,
    *minutes_urls,
    *research_urls,
    *return_urls,
    *transfer_urls,
    *wish_urls,
]

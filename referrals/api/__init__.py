"""The API of this app, by topic."""

from referrals.api.advised import api_urls as advised_urls
from referrals.api.advising import api_urls as advising_urls
from referrals.api.agencies import api_urls as agency_urls
from referrals.api.backlog import api_urls as backlog_urls
from referrals.api.case_work import api_urls as case_work_urls
from referrals.api.children import api_urls as children_urls
from referrals.api.incoming import api_urls as incoming_urls
from referrals.api.queue import api_urls as queue_urls
from referrals.api.schools import api_urls as school_urls
from referrals.api.sharing import api_urls as sharing_urls
from referrals.api.steps import api_urls as step_urls
from referrals.api.voice import api_urls as voice_urls

api_urls = [
    *incoming_urls,
    *advised_urls,
    *advising_urls,
    *agency_urls,
    *backlog_urls,
    *case_work_urls,
    *children_urls,
    *school_urls,
    *step_urls,
    *queue_urls,
    *sharing_urls,
    *voice_urls,
]

"""The API of this app, by topic."""

from risk.api.assessments import api_urls as assessment_urls
from risk.api.judging import api_urls as judging_urls
from risk.api.reassess import api_urls as reassess_urls

api_urls = [
    *assessment_urls,
    *judging_urls,
    *reassess_urls,
]

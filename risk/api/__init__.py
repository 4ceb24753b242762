"""The API of this app, by topic."""

from risk.api.assessments import api_urls as assessment_urls
from risk.api.judging import api_urls as judging_urls

api_urls = [
    *assessment_urls,
    *judging_urls,
]

"""The API of this app, by topic."""

from risk.api.assessments import api_urls as assessment_urls

api_urls = [
    *assessment_urls,
]

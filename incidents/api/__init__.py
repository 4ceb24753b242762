from incidents.api.calls import call_urls
from incidents.api.closure import closure_urls
from incidents.api.crimes import crime_urls
from incidents.api.dispatch import dispatch_urls
from incidents.api.editing import editing_urls
from incidents.api.exhibits import exhibit_urls
from incidents.api.history import history_urls
from incidents.api.regrading import regrading_urls
from incidents.api.response import response_urls

api_urls = [
    *call_urls,
    *history_urls,
    *regrading_urls,
    *dispatch_urls,
    *response_urls,
    *editing_urls,
    *crime_urls,
    *exhibit_urls,
    *closure_urls,
]

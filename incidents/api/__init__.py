from incidents.api.calls import call_urls
from incidents.api.crimes import crime_urls
from incidents.api.response import response_urls

api_urls = [*call_urls, *response_urls, *crime_urls]

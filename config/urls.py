"""Every address of the service."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health
from config.views import home
from incidents.views.search import search

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    *health.urlpatterns,
    path("account/", include("allauth.urls")),
    path("administration/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("deadlines.urls")),
    path("", include("learning.urls")),
    path("", include("victims.urls")),
    path("", include("incidents.urls")),
    path("", include("risk.urls")),
    path("", include("perpetrators.urls")),
    path("", include("referrals.urls")),
    path("marac/", include("marac.urls")),
]

"""Every address of the API, version 1. References stand in addresses, never row numbers."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

import deadlines.api
import incidents.api
import learning.api
import marac.api
import perpetrators.api
import referrals.api
import risk.api
import victims.api

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *victims.api.api_urls,
    *incidents.api.api_urls,
    *risk.api.api_urls,
    *perpetrators.api.api_urls,
    *referrals.api.api_urls,
    *marac.api.api_urls,
    *deadlines.api.api_urls,
    *learning.api.api_urls,
]

"""The addresses of this app, by topic."""

from django.urls import URLPattern

from perpetrators.urls import orders, people

app_name = "perpetrators"

urlpatterns: list[URLPattern] = [
    *orders.urlpatterns,
    *people.urlpatterns,
]

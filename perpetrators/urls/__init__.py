"""The addresses of this app, by topic."""

from django.urls import URLPattern

from perpetrators.urls import custody, matching, orders, people

app_name = "perpetrators"

urlpatterns: list[URLPattern] = [
    *custody.urlpatterns,
    *matching.urlpatterns,
    *orders.urlpatterns,
    *people.urlpatterns,
]

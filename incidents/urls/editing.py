"""Correcting, further calls, links, and who else is writing."""

from django.urls import URLPattern, path

from incidents.views import editing

urlpatterns: list[URLPattern] = [
    path("incidents/<slug:reference>/further-call/", editing.further_call, name="further_call"),
    path("incidents/<slug:reference>/news/", editing.news, name="news"),
    path("incidents/<slug:reference>/links/", editing.links, name="links"),
    path("incidents/<slug:reference>/edit/", editing.edit, name="edit"),
    path("incidents/<slug:reference>/presence/", editing.who_writes, name="presence"),
]

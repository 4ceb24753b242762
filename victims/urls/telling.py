"""Contacts, what must be told, statements, and what changed."""

from django.urls import URLPattern, path

from victims.views import circumstances, contacts, statements, updates

urlpatterns: list[URLPattern] = [
    path("updates/", updates.to_tell, name="to_tell"),
    path("victims/<slug:reference>/contacts/", contacts.contacts, name="contacts"),
    path("victims/<slug:reference>/updates/", updates.updates, name="updates"),
    path(
        "victims/<slug:reference>/updates/<int:update_id>/not-reached/",
        updates.not_reached,
        name="not_reached",
    ),
    path("victims/<slug:reference>/statements/", statements.statements, name="statements"),
    path(
        "victims/<slug:reference>/statements/<int:statement_id>/",
        statements.statement,
        name="statement",
    ),
    path(
        "victims/<slug:reference>/circumstances/", circumstances.circumstances, name="circumstances"
    ),
]

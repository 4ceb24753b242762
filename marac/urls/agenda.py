"""Addresses of agendas, and of saying that one is near to a case."""

from django.urls import URLPattern, path

from marac.views import agenda

AGENDA = "meetings/<slug:reference>/agenda/"
CASE = "meetings/<slug:reference>/cases/<slug:case>/"

urlpatterns: list[URLPattern] = [
    path(AGENDA, agenda.agenda, name="agenda"),
    path(AGENDA + "list/", agenda.list_case, name="list_case"),
    path(AGENDA + "order/", agenda.order, name="agenda_order"),
    path(AGENDA + "send/", agenda.send, name="send_agenda"),
    path(AGENDA + "overflow/", agenda.overflow, name="overflow"),
    path(CASE + "take-off/", agenda.take_off, name="take_off"),
    path(CASE + "conflict/", agenda.conflict, name="conflict"),
]

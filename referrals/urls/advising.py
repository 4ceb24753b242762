"""The IDVA service: clients, advisers, and one case."""

from django.urls import URLPattern, path

from referrals.views import advising, clients

urlpatterns: list[URLPattern] = [
    path("clients/", clients.my_clients, name="clients"),
    path("clients/export/", clients.export_clients, name="export_clients"),
    path("advisers/", clients.service, name="advisers"),
    path("victims/<slug:reference>/adviser/", advising.refer, name="refer_to_advisers"),
    path("idva-cases/<slug:reference>/", advising.case, name="idva_case"),
    path("idva-cases/<slug:reference>/answer/", advising.answer, name="answer_idva_case"),
    path("idva-cases/<slug:reference>/allocate/", advising.allocate, name="allocate_idva_case"),
    path("idva-cases/<slug:reference>/pass-on/", advising.pass_on, name="pass_on_idva_case"),
    path("idva-cases/<slug:reference>/gave-up/", advising.gave_up, name="give_up_idva_contact"),
]

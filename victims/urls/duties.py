"""Who is responsible: handing over, one's own duties, what others have, and absences."""

from django.urls import URLPattern, path

from victims.views import absences, cases, duties, holdings

urlpatterns: list[URLPattern] = [
    path("duties/", holdings.my_duties, name="my_duties"),
    path("people-here/", holdings.people_here, name="people_here"),
    path("people-here/<str:username>/duties/", holdings.duties_of, name="duties_of"),
    path("victims/<slug:reference>/case/", cases.case, name="case"),
    path("victims/<slug:reference>/handover/", duties.hand_over, name="hand_over"),
    path("victims/<slug:reference>/handover/<int:handover_id>/", duties.handover, name="handover"),
    path(
        "victims/<slug:reference>/handover/<int:handover_id>/answer/",
        duties.answer_handover,
        name="answer_handover",
    ),
    path(
        "victims/<slug:reference>/handover/<int:handover_id>/withdraw/",
        duties.withdraw_handover,
        name="withdraw_handover",
    ),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:absence_id>/", absences.absence, name="absence"),
    path("absences/<int:absence_id>/end/", absences.end_absence, name="end_absence"),
]

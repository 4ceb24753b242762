"""Who is on duty, and who is sent."""

from django.urls import URLPattern, path

from incidents.views import dispatch, resources

urlpatterns: list[URLPattern] = [
    path("resources/", resources.board, name="resources"),
    path("resources/officers/<str:username>/", resources.officer, name="officer"),
    path("my-incidents/duty/", resources.my_duty, name="my_duty"),
    path("incidents/<slug:reference>/send/", dispatch.send, name="send"),
    path("incidents/<slug:reference>/send-nobody/", dispatch.send_nobody, name="send_nobody"),
    path(
        "incidents/<slug:reference>/stand-down/<str:username>/",
        dispatch.stand_down,
        name="stand_down",
    ),
    path("incidents/<slug:reference>/clear/<str:username>/", dispatch.clear, name="clear"),
]

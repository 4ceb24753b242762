from django.urls import URLPattern, path

from deadlines import views

app_name = "deadlines"
urlpatterns: list[URLPattern] = [
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/seen/", views.seen, name="seen"),
    path("clocks/", views.clocks, name="clocks"),
    path("digests/", views.digests_page, name="digests"),
    path("digests/<int:digest>/", views.one_digest, name="digest"),
    path("digests/<int:digest>/acknowledge/", views.acknowledge_digest, name="acknowledge"),
]

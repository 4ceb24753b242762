from django.urls import URLPattern, path

from deadlines import views

app_name = "deadlines"
urlpatterns: list[URLPattern] = [
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/seen/", views.seen, name="seen"),
    path("clocks/", views.clocks, name="clocks"),
]

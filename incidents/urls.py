from django.urls import URLPattern

app_name = "incidents"

#: The control room: logging a call, the board.
call_urls: list[URLPattern] = []

#: The officers who go there.
response_urls: list[URLPattern] = []

urlpatterns = [*call_urls, *response_urls]

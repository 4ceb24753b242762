"""What victims thought."""

from django.urls import URLPattern, path

from referrals.views import voice, voice_link

urlpatterns: list[URLPattern] = [
    path("voice/", voice.numbers, name="voice"),
    path("voice/export/", voice.export, name="voice_export"),
    path("voice/asked/", voice.to_ask, name="voice_to_ask"),
    path("voice/asked/<slug:reference>/", voice.ask, name="surveys_of"),
    path("v/<str:secret>/", voice_link.link, name="voice_link"),
]

"""Files of custody messages."""

from django.urls import URLPattern, path

from perpetrators.views import custody_files

urlpatterns: list[URLPattern] = [
    path("custody/files/", custody_files.files, name="custody_files"),
    path("custody/files/<slug:file>/", custody_files.file, name="custody_file"),
    path("custody/files/<slug:file>/refused/", custody_files.refused, name="custody_file_refused"),
]

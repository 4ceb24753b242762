"""Who must not receive what, who sees more than their role, records opened in an emergency."""

from django.urls import URLPattern, path

from victims.views import access, withholding

urlpatterns: list[URLPattern] = [
    path("withheld/", withholding.withheld_list, name="withheld_list"),
    path("victims/<slug:reference>/withheld/", withholding.withheld, name="withheld"),
    path(
        "victims/<slug:reference>/withheld/<int:withholding_id>/end/",
        withholding.end,
        name="end_withholding",
    ),
    path("victims/<slug:reference>/access/", access.access, name="access"),
    path("break-glass/", access.glass, name="glass"),
    path("break-glass/export/", access.export, name="glass_export"),
    path("break-glass/<slug:reference>/", access.one_glass, name="broken_glass"),
    path("break-glass/<slug:reference>/close/", access.close_glass, name="close_glass"),
]

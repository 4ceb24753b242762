"""Cars that the control room sends; incidents are not reachable from here."""

from django.contrib import admin

from incidents.models import Unit


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin[Unit]):
    """A force adds cars and withdraws them; what was sent under a call sign stays."""

    list_display = ["call_sign", "team", "is_active"]
    list_filter = ["is_active", "team"]
    search_fields = ["call_sign"]

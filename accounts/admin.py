from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.events import PlaceChanged
from accounts.models import Agency, Area, Team, User
from core import clock, events

admin.site.register([Area, Agency, Team])


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Who may sign in and in which roles; case records are not reachable from here."""

    list_display = ["name", "username", "team", "is_active"]
    list_filter = ["groups", "team"]
    search_fields = ["name", "username"]
    fields = ["username", "name", "email", "team", "groups", "is_active", "is_staff"]
    filter_horizontal = ["groups"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Say where somebody works now, once their roles are saved too; all in one transaction."""
        super().save_related(request, form, formsets, change)
        if not change or not {"team", "groups", "is_active"} & set(form.changed_data):
            return
        assert isinstance(request.user, User)
        # Read anew: their roles as they were stay in memory otherwise.
        person = User.objects.select_related("team").get(pk=form.instance.pk)
        events.announce(PlaceChanged(person, request.user, clock.now()))

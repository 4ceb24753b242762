from django.contrib import admin

from accounts.models import Agency, Area, Team, User

admin.site.register([Area, Agency, Team])


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Who may sign in and in which roles; case records are not reachable from here."""

    list_display = ["name", "username", "team", "is_active"]
    list_filter = ["groups", "team"]
    search_fields = ["name", "username"]
    fields = ["username", "name", "email", "team", "groups", "is_active", "is_staff"]
    filter_horizontal = ["groups"]

"""What somebody may do: the permissions of their roles, in one query a request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


class RoleBackend(ModelBackend):
    """Permissions come from roles (groups) alone: nobody holds one of their own.

    Django's own backend asks twice, for the person's and for the groups'; every page asks, so the
    role names that pages show come with the same row.
    """

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        """Codenames with their app, "referrals.work_referral"; none for one object or nobody."""
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj)
        return user_obj.role_permissions

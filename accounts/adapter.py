from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

WRONG_PAIR = (
    "The user name or the password is not right. After several tries you must wait a few minutes."
)


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator: nobody signs up. Refusals are in our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_PAIR,
        "too_many_login_attempts": "Too many tries. Wait five minutes, or ask for a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

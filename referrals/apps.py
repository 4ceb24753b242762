from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        """Register this app's deadline kinds and its reactions to the facts of lower apps."""
        from referrals import deadlines, reactions  # noqa: F401

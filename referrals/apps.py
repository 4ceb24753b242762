from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        """Register deadline kinds, reactions, and parts of lower apps' pages."""
        from referrals import advising_panel, deadlines, panels, reactions  # noqa: F401

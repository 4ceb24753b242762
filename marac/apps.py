from django.apps import AppConfig


class MaracConfig(AppConfig):
    name = "marac"
    verbose_name = "Conferences"

    def ready(self) -> None:
        """Register deadline kinds, reactions, and parts of lower apps' pages."""
        from marac import deadlines, reactions  # noqa: F401

from django.apps import AppConfig


class PerpetratorsConfig(AppConfig):
    name = "perpetrators"

    def ready(self) -> None:
        """Register this app's deadline kinds, reactions, and parts of lower apps' pages."""
        from perpetrators import deadlines, reactions  # noqa: F401

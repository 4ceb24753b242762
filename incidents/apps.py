from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        """Register this app's deadline kinds and its reactions to the facts of lower apps."""
        from incidents import deadlines, reactions  # noqa: F401

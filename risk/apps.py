from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "risk"

    def ready(self) -> None:
        """Register this app's deadline kinds and its reactions to the facts of lower apps."""
        from risk import deadlines, reactions  # noqa: F401

from django.apps import AppConfig


class VictimsConfig(AppConfig):
    name = "victims"

    def ready(self) -> None:
        """Register this app's reactions to the facts of lower apps."""
        from victims import reactions  # noqa: F401

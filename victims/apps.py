from django.apps import AppConfig


class VictimsConfig(AppConfig):
    name = "victims"

    def ready(self) -> None:
        """Register this app's deadlines and its reactions to facts."""
        from victims import deadlines, reactions  # noqa: F401
        from victims.parts import access, notes, plan, telling  # noqa: F401

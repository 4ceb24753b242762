from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        """Register the kind of deadline."""
        from learning import deadlines  # noqa: F401

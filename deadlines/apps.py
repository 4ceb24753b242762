from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "deadlines"

    def ready(self) -> None:
        """Check that every kind leads to a page; each app registers its own kinds."""
        from deadlines import checks  # noqa: F401

from django.apps import AppConfig


class MaracConfig(AppConfig):
    name = "marac"
    verbose_name = "Conferences"

    def ready(self) -> None:
        """Register deadline kinds, reactions, and parts of lower apps' pages."""
        from marac import (  # noqa: F401
            action_panels,
            action_reactions,
            after_reactions,
            agency_panels,
            agenda_reactions,
            case_panels,
            case_reactions,
            deadlines,
            told,
        )

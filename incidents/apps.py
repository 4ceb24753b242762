from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        """Register deadline kinds, reactions, and the parts of the pages."""
        from incidents import deadlines, reactions  # noqa: F401
        from incidents.pages import (  # noqa: F401
            closure,
            crimes,
            editing,
            exhibits,
            first_response,
            sent,
            supervision,
            victim_panels,
        )

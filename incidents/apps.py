from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        """Register deadline kinds, reactions to lower apps, and the parts of the victim page."""
        from incidents import deadlines, reactions  # noqa: F401
        from incidents.pages import closure as closure_parts  # noqa: F401
        from incidents.pages import supervision as supervision_parts  # noqa: F401
        from incidents.pages import editing as later_parts  # noqa: F401
        from incidents.pages import victim_panels  # noqa: F401
        from incidents.pages import crimes, exhibits, first_response  # noqa: F401
        from incidents.pages import calling  # noqa: F401
        from incidents.pages import sent  # noqa: F401

from django.apps import AppConfig


class PerpetratorsConfig(AppConfig):
    name = "perpetrators"

    def ready(self) -> None:
        """Register this app's deadline kinds, reactions, and parts of lower apps' pages."""
        from perpetrators import (  # noqa: F401
            custody_in_force,
            deadlines,
            disclosure_panels,
            duty_reactions,
            in_force,
            management_parts,
            order_panels,
            person_parts,
            reactions,
            serial_reactions,
            victim_panels,
            watch_reactions,
        )

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "risk"

    def ready(self) -> None:
        """Register this app's deadline kinds, reactions, and parts of lower apps' pages."""
        from risk import (  # noqa: F401
            closure,
            contact_reactions,
            deadlines,
            panels,
            plan_reactions,
            reactions,
            reassess_panel,
        )

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        """Register deadline kinds, reactions, and parts of lower apps' pages."""
        from referrals import (  # noqa: F401
            advising_panel,
            case_work_parts,
            children_panels,
            deadlines,
            panels,
            reactions,
        )

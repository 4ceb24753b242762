"""How soon somebody must be there."""

from django.db import models


class ResponseGrade(models.TextChoices):
    """How soon somebody must be there; the minutes are force policy."""

    IMMEDIATE = "immediate", "Immediate"
    PRIORITY = "priority", "Priority"
    ROUTINE = "routine", "Routine"
    APPOINTMENT = "appointment", "Appointment"

    @property
    def rank(self) -> int:
        """4 for immediate to 1 for appointment, for comparing."""
        return 4 - list(ResponseGrade).index(self)

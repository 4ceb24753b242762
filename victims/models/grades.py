"""Risk grades."""

from django.db import models


class RiskGrade(models.TextChoices):
    """How likely serious harm is; very high is for cases that the conference hears."""

    STANDARD = "standard", "Standard"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    VERY_HIGH = "very_high", "Very high"

    @property
    def rank(self) -> int:
        """1 for standard to 4 for very high, for ordering and comparing."""
        return list(RiskGrade).index(self) + 1

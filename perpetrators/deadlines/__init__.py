"""What must be done by when in this app."""

from perpetrators.deadlines import releases

__all__ = ["releases"]

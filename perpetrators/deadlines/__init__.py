"""What must be done by when in this app."""

from perpetrators.deadlines import management, matching, orders, releases

__all__ = ["management", "matching", "orders", "releases"]

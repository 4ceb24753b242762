"""What must be done by when in this app."""

from perpetrators.deadlines import bail, management, matching, orders, releases

__all__ = ["bail", "management", "matching", "orders", "releases"]

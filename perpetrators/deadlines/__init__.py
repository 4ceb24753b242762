"""What must be done by when in this app."""

from perpetrators.deadlines import bail, disclosure, management, matching, orders, releases

__all__ = ["bail", "disclosure", "management", "matching", "orders", "releases"]

"""Who may do what with deadlines. What they see of them is `visible_to`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def can_view_clocks(user: "User") -> bool:
    """May see what is due, as far as its victims are visible."""
    return user.has_perm("deadlines.view_clocks")

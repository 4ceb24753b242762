"""Who may do what with notices to staff; whether they see one at all is for `visible_to`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def can_write(user: "User") -> bool:
    """May write, publish, replace and withdraw notices."""
    return user.is_active and user.has_perm("learning.write_notice")


def sees_all_teams(user: "User") -> bool:
    """May see the results of every team."""
    return user.is_active and user.has_perm("learning.view_all_results")


def can_view_results(user: "User") -> bool:
    """May see results: of every team, or of their own."""
    return sees_all_teams(user) or (user.is_active and user.has_perm("learning.view_results"))

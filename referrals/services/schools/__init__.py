"""Schools are told before their next day (Operation Encompass): owed, told, not needed."""

from referrals.services.schools.owing import follow_children
from referrals.services.schools.settling import needed_after_all, not_needed, tell_school

__all__ = ["follow_children", "needed_after_all", "not_needed", "tell_school"]

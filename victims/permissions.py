"""Who may do what with a victim's record. Who may see it is answered by `visible_to`."""

from accounts.models import User
from accounts.roles import Role


def can_record_safe_contact(user: User) -> bool:
    """Those who speak with victims: call handlers, officers, the referral unit, IDVAs."""
    return user.is_active and user.has_perm("victims.record_safe_contact")


def can_set_marker(user: User) -> bool:
    """Control-room inspectors, supervisors and the referral unit."""
    return user.is_active and user.has_perm("victims.set_marker")


def can_see_who_looked(user: User) -> bool:
    """Those who audit."""
    return user.is_active and user.has_perm("audit.view_audit")


def can_close_case(user: User) -> bool:
    """Supervisors, managers of the referral unit, the head of public protection."""
    return user.is_active and user.has_perm("victims.close_case")


def can_hand_over(user: User) -> bool:
    """Those who hold duties may offer theirs to somebody else."""
    return user.is_active and user.has_perm("victims.hand_over_duty")


def can_assign(user: User) -> bool:
    """Those who lead may give duties of their team, and of whoever left it, to others."""
    return user.is_active and user.has_perm("victims.assign_duty")


def leads_everybody(user: User) -> bool:
    """The head of public protection answers for what every team has."""
    return user.has_role(Role.HEAD_OF_PUBLIC_PROTECTION)

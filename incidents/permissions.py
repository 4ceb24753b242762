"""Who may do what to an incident that they see. Pure predicates: what is seen is `visible_to`."""

from accounts.models import User


def may_log_calls(user: User) -> bool:
    """The control room logs calls and looks history up."""
    return user.is_active and user.has_perm("incidents.log_call")


def may_look_up(user: User) -> bool:
    """History over the whole store: the control room, and roles that see every victim."""
    return may_log_calls(user) or (user.is_active and user.has_perm("victims.view_all_victims"))


def may_see_list(user: User) -> bool:
    """The board of incidents."""
    return user.has_perm("incidents.view_incidents")


def may_send_officers(user: User) -> bool:
    """The control room sends."""
    return user.has_perm("incidents.send_officers")


def may_attend(user: User) -> bool:
    """Officers go there, and record what they did and found."""
    return user.has_perm("incidents.attend_incident")


def may_record_crime(user: User) -> bool:
    """Who was there, or the control room for them."""
    return may_attend(user) or may_send_officers(user)

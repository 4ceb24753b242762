"""Who may do what to an incident that they see. Pure predicates: what is seen is `visible_to`."""

from accounts.models import User


def may_send_officers(user: User) -> bool:
    """The control room sends."""
    return user.has_perm("incidents.send_officers")


def may_attend(user: User) -> bool:
    """Officers go there, and record what they did and found."""
    return user.has_perm("incidents.attend_incident")


def may_record_crime(user: User) -> bool:
    """Who was there, or the control room for them."""
    return may_attend(user) or may_send_officers(user)

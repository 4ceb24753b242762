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


def may_manage_resources(user: User) -> bool:
    """The control room says who is on duty, in which car, and who cannot be sent."""
    return user.has_perm("incidents.manage_resources")


def may_see_resources(user: User) -> bool:
    """The control room, and officers who book themselves on."""
    return may_manage_resources(user) or may_attend(user)


def may_request_closure(user: User) -> bool:
    """Officers who were there, and the control room with the officer's answers."""
    return user.has_perm("incidents.request_closure")


def may_sign_off(user: User) -> bool:
    """A control-room inspector alone (inspection report). The database holds it too."""
    return user.has_perm("incidents.sign_off_closure")


def may_supervise(user: User) -> bool:
    """A local supervisor checks what was done."""
    return user.has_perm("incidents.supervise_incident")


def may_see_supervision(user: User) -> bool:
    """Those who answer for supervision: supervisors and the ranks above them."""
    return user.has_perm("incidents.view_supervision")


def may_review_non_crimes(user: User) -> bool:
    """Supervisors."""
    return user.has_perm("incidents.review_non_crimes")


def may_add_exhibit(user: User) -> bool:
    """Those who collect: officers who attend, investigators, the control room."""
    return user.has_perm("incidents.add_exhibit")


def may_record_outcome(user: User) -> bool:
    """Those who investigate: officers, supervisors, investigators."""
    return user.has_perm("incidents.record_outcome")

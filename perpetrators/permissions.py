"""Who may do what. Pure predicates: what is seen is `visible_to`."""

from accounts.models import User


def can_view_custody(user: User) -> bool:
    """Those who see who is in and out."""
    return user.has_perm("perpetrators.view_custody")


def can_record_custody(user: User) -> bool:
    """Custody officers and investigators."""
    return user.has_perm("perpetrators.record_custody")


def can_send_custody_events(user: User) -> bool:
    """The custody system's own account, and those who drop its files."""
    return user.has_perm("perpetrators.send_custody_events")


def can_match_custody(user: User) -> bool:
    """Those who say whom a message is about."""
    return user.has_perm("perpetrators.match_custody")


def can_ask_for_notice(user: User) -> bool:
    """Officers and investigators."""
    return user.has_perm("perpetrators.ask_for_notice")


def can_authorise_notice(user: User) -> bool:
    """Superintendents (crime and public-protection practice: a rank above who asks)."""
    return user.has_perm("perpetrators.authorise_notice")


def can_record_order(user: User) -> bool:
    """Whoever hears of an order or a breach on duty."""
    return user.has_perm("perpetrators.record_order")


def can_work_disclosure(user: User) -> bool:
    """The referral unit."""
    return user.has_perm("perpetrators.work_disclosure")


def can_decide_disclosure(user: User) -> bool:
    """The unit's managers and their head."""
    return user.has_perm("perpetrators.decide_disclosure")


def can_manage_perpetrator(user: User) -> bool:
    """Those who write and own management plans."""
    return user.has_perm("perpetrators.manage_perpetrator")

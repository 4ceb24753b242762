"""Who may do what with a referral; whether they see it at all is for `visible_to`."""

from accounts.models import User
from accounts.roles import Role
from referrals.models import Referral, SecondOpinion


def can_view_queue(user: User) -> bool:
    return user.is_active and user.has_perm("referrals.view_queue")


def can_view_backlog(user: User) -> bool:
    """May see the backlog in numbers, which name nobody who was referred."""
    return user.is_active and user.has_perm("referrals.view_backlog")


def can_work(user: User) -> bool:
    """May claim, share and complete."""
    return user.is_active and user.has_perm("referrals.work_referral")


def holds(user: User, referral: Referral) -> bool:
    """Whether this person has the referral now."""
    return can_work(user) and referral.claimed_by_id == user.pk


def can_reassign(user: User, referral: Referral) -> bool:
    """Who has it may give it up; the unit's manager may move anybody's."""
    return answers_for(user, referral)


def answers_for(user: User, referral: Referral) -> bool:
    """Who has it, and the unit's manager: for handing over, stopping the clock, saying why late."""
    return can_work(user) and (holds(user, referral) or user.has_role(Role.MARU_MANAGER))


def can_answer_opinion(user: User, opinion: SecondOpinion) -> bool:
    """The colleague who was asked."""
    return can_work(user) and opinion.asked_of_id == user.pk


def can_refer_to_advisers(user: User) -> bool:
    """The referral unit, investigators and supervisors ask the IDVA service for somebody."""
    return user.is_active and user.has_perm("referrals.refer_to_advisers")


def can_support(user: User) -> bool:
    """Advisers and those who lead them."""
    return user.is_active and user.has_perm("referrals.support_victims")


def can_allocate(user: User) -> bool:
    """Those who lead advisers answer for the service and say who supports whom."""
    return user.is_active and user.has_perm("referrals.allocate_cases")


def can_manage_agencies(user: User) -> bool:
    """Keep partner agencies, how they are reached, and what could not be delivered to them."""
    return user.is_active and user.has_perm("referrals.manage_agencies")


def can_refer(user: User) -> bool:
    """Partners' representatives and advisers refer somebody to the unit."""
    return user.is_active and user.has_perm("referrals.refer_to_unit")


def can_see_shared(user: User) -> bool:
    """Who speaks for a partner agency reads what it was told, and answers."""
    return user.is_active and user.has_perm("referrals.see_shared")


def can_refer_children(user: User) -> bool:
    """Whoever keeps in touch with victims may have seen that a child is in danger."""
    return user.is_active and user.has_perm("victims.record_contact")


def can_ask_voice(user: User) -> bool:
    """Those who keep in touch with victims ask them what they thought."""
    return user.is_active and user.has_perm("referrals.ask_voice")


def can_view_voice(user: User) -> bool:
    """Those who lead, and who measure, see in numbers what victims thought."""
    return user.is_active and user.has_perm("referrals.view_voice")

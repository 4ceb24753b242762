"""Who may do what to an assessment that they see. Pure predicates: what is seen is `visible_to`."""

from accounts.models import User
from accounts.roles import Role
from risk.models import Assessment, GradeJudgement


def can_open(user: User) -> bool:
    """Officers who assess risk."""
    return user.has_perm("risk.assess_risk")


def can_write(user: User, assessment: Assessment, *, was_there: bool) -> bool:
    """The officer who has it, or another who was sent to the incident and takes it over."""
    return can_open(user) and (user.pk == assessment.officer_id or was_there)


def can_edit_instruments(user: User) -> bool:
    """Whoever writes and publishes the force's questionnaires."""
    return user.has_perm("risk.edit_instrument")


def can_see_queue(user: User) -> bool:
    """Supervisors."""
    return user.has_perm("risk.review_assessment")


def can_review(user: User, assessment: Assessment) -> bool:
    """A supervisor, but never of what they assessed themselves."""
    return can_see_queue(user) and user.pk != assessment.officer_id


def can_judge(user: User) -> bool:
    """Those who look at a victim's risk again."""
    return user.has_perm("risk.reassess_risk")


def leads_reassessments(user: User) -> bool:
    """Supervisors and the head of public protection: whosever it is, they may see to it."""
    return can_judge(user) and (
        can_see_queue(user) or user.has_role(Role.HEAD_OF_PUBLIC_PROTECTION)
    )


def can_find_out(user: User) -> bool:
    """Those who look at a victim's risk again: they settle what an assessment left unknown."""
    return can_judge(user)


def can_decide_judgement(user: User, judgement: GradeJudgement) -> bool:
    """A supervisor, but never of what they judged themselves."""
    return can_see_queue(user) and user.pk != judgement.by_id

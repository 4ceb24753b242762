"""Who may look again: whose it is, who answers for the risk now, and those who lead."""

from datetime import datetime

from accounts.models import User
from risk.models import Reassessment
from risk.permissions import can_judge, leads_reassessments
from victims.duties import covers_of, named
from victims.models import Duty


def may_answer(user: User, row: Reassessment, at: datetime) -> bool:
    """Who may conclude it, or assess for it: its owner, who stands in, who has the risk, who leads.

    Six queries at most, none for its owner and for those who lead.
    """
    if not can_judge(user):
        return False
    return user.pk == row.owner_id or leads_reassessments(user) or _answers(user, row, at)


def may_take(user: User, row: Reassessment, at: datetime) -> bool:
    """Who may make it theirs: those who may answer, and their teams."""
    if not can_judge(user):
        return False
    teams = {row.team_id, row.victim.risk_team_id}
    return user.team_id in teams or may_answer(user, row, at)


def _answers(user: User, row: Reassessment, at: datetime) -> bool:
    away = covers_of([row.owner_id], at).get(row.owner_id) if row.owner_id else None
    if away is not None and away.cover_id == user.pk:
        return True
    risk = named(row.victim, Duty.RISK, at)
    return user in (risk.holder, risk.person)

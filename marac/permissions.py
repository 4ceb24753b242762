"""Who may do what with conferences; whether they see a thing at all is for `visible_to`."""

from accounts.models import User
from marac.models import Attendance, Conference, MaracAction, Meeting


def can_view_conferences(user: User) -> bool:
    """May see every conference: its meetings, cases and actions."""
    return user.is_active and user.has_perm("marac.view_conferences")


def can_keep(user: User, conference: Conference) -> bool:
    """May plan its meetings, build agendas, ask for research and chase: any coordinator.

    The three stand in for one another; whose conference it is decides who is told.
    """
    return user.is_active and user.has_perm("marac.keep_conferences")


def can_decide(user: User, conference: Conference) -> bool:
    """May say whether a case is heard: coordinators and chairs."""
    return can_keep(user, conference) or can_chair(user, conference)


def can_chair(user: User, conference: Conference) -> bool:
    """May begin and end a meeting, conclude its cases and approve its minutes: any chair."""
    return user.is_active and user.has_perm("marac.chair_meetings")


def can_propose(user: User) -> bool:
    """May refer somebody to a conference."""
    return user.is_active and user.has_perm("marac.propose_case")


def can_describe(user: User) -> bool:
    """May say what the return counts of a case they see: coordinators, chairs, and who refers."""
    return can_propose(user)


def can_attend(user: User) -> bool:
    """May be invited to meetings."""
    return user.is_active and user.has_perm("marac.attend_meetings")


def speaks_at(user: User, meeting: Meeting) -> Attendance | None:
    """Their place at the meeting, if they signed and are no observer: they may write. One query.

    Nobody speaks for an agency that they are not of any more.
    """
    rows = Attendance.objects.signed().of(user).filter(meeting=meeting, is_observer=False)
    return rows.select_related("agency").first()


def can_answer_for(user: User, agency_id: int) -> bool:
    """Speaks for the agency: its own people who attend meetings."""
    return can_attend(user) and user.team is not None and user.team.agency_id == agency_id


def can_settle_action(user: User, action: MaracAction) -> bool:
    """May say what became of an action and pass it on, where they see it.

    Who has it, whoever leads the team that answers for it, those who speak for the agency, and
    those who keep or chair the conferences. `action` has its team.
    """
    if not user.is_active:
        return False
    if user.pk in (action.owner_id, action.team.supervisor_id):
        return True
    return can_answer_for(user, action.agency_id) or can_follow_actions(user)


def can_follow_actions(user: User) -> bool:
    """Follows every agency's actions: coordinators and chairs."""
    return user.is_active and (
        user.has_perm("marac.keep_conferences") or user.has_perm("marac.chair_meetings")
    )


def can_view_return(user: User) -> bool:
    """May see the conferences in numbers, which name nobody."""
    return user.is_active and user.has_perm("marac.view_return")


def can_import_population(user: User) -> bool:
    """May say how many adult women live where a conference hears cases: coordinators."""
    return user.is_active and user.has_perm("marac.keep_conferences")

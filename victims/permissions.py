"""Who may do what with a victim's record. Who may see it is answered by `visible_to`."""

from accounts.models import User
from accounts.roles import Role
from victims.models import Duty, Note, PlanStep, Victim


def sees_everybody(user: User) -> bool:
    """Roles that police see every victim, unless any is withheld from this person.

    Whoever asks this to leave a restriction out has the restricted answer for a person from whom
    something is withheld. It costs no query: it comes with the roles.
    """
    return user.has_perm("victims.view_all_victims") and not user.withheld_victims


def can_record_safe_contact(user: User) -> bool:
    """Those who speak with victims: call handlers, officers, the referral unit, IDVAs."""
    return user.is_active and user.has_perm("victims.record_safe_contact")


def can_see_what_is_owed(user: User) -> bool:
    """Those who have duties for victims, and those who lead them."""
    return user.is_active and user.has_perm("victims.hand_over_duty")


def can_record_contact(user: User) -> bool:
    """Those who keep in touch with victims: officers, the referral unit, IDVAs."""
    return user.is_active and user.has_perm("victims.record_contact")


def can_set_marker(user: User) -> bool:
    """Control-room inspectors, supervisors and the referral unit."""
    return user.is_active and user.has_perm("victims.set_marker")


def can_write_plan(user: User) -> bool:
    """Those who agree safety plans with victims: officers, the referral unit, IDVAs."""
    return user.is_active and user.has_perm("victims.write_safety_plan")


def can_mark_step(user: User, step: PlanStep) -> bool:
    """Whoever writes plans, and whoever the step is for."""
    return can_write_plan(user) or (user.is_active and step.owner_id == user.pk)


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


def can_arrange_cover(actor: User, person: User) -> bool:
    """Everybody for themselves; for others whoever leads their team, and the head of all."""
    if not actor.is_active or actor.is_system or person.is_system:
        return False
    if actor == person:
        return True
    return actor.has_perm("accounts.arrange_cover") and is_of_theirs(actor, person)


def is_of_theirs(leader: User, person: User) -> bool:
    """Whether somebody is of a team that another leads, or left one of theirs."""
    if leads_everybody(leader):
        return True
    return person.team_id in led_teams(leader)


def led_teams(leader: User) -> set[int]:
    """The teams of somebody who leads: their own and those they supervise."""
    return {*leader.supervises.values_list("pk", flat=True)} | (
        {leader.team_id} if leader.team_id else set()
    )


def note_sides(user: User) -> list[str]:
    """Among whom somebody may keep a note, and whose they read: their own side first."""
    sides = {
        "victims.write_advocate_note": Note.KeptAmong.ADVOCATES.value,
        "victims.write_police_note": Note.KeptAmong.POLICE.value,
    }
    own = [side for permission, side in sides.items() if user.has_perm(permission)]
    return [*own, Note.KeptAmong.EVERYBODY.value]


def can_write_note(user: User) -> bool:
    """Whoever belongs to a side: the police and the referral unit, or the IDVA service."""
    return user.is_active and len(note_sides(user)) > 1


def can_strike_note(user: User, note: Note) -> bool:
    """Whoever wrote it; else who leads them and may read it."""
    if not user.is_active:
        return False
    if note.written_by_id == user.pk:
        return True
    if note.kept_among not in note_sides(user):
        return False
    team_id = note.written_by.team_id
    return team_id is not None and user.supervises.filter(pk=team_id).exists()


def can_keep_withholdings(user: User) -> bool:
    """The referral unit, supervisors and the head: who must not receive what about whom."""
    return user.is_active and user.has_perm("victims.keep_withholdings")


def can_break_glass(user: User) -> bool:
    """Advisers and who leads them may open a record in an emergency."""
    return user.is_active and user.has_perm("victims.break_glass")


def can_see_all_broken_glass(user: User) -> bool:
    """Those who audit see every record that was opened in an emergency."""
    return user.is_active and user.has_perm("audit.view_audit")


def can_look_at_broken_glass(user: User, used_by: User) -> bool:
    """Whoever leads the person or stands in for who does, and the head; never the person."""
    if not user.is_active or user.pk == used_by.pk:
        return False
    leader = used_by.team.supervisor_id if used_by.team else None
    return leader in {user.pk, *user.stands_in_for} or leads_everybody(user)


def can_see_access(user: User, victim: Victim) -> bool:
    """Who answers for the victim, who leads a team that does, and those who audit."""
    if not user.is_active:
        return False
    if user.has_perm("audit.view_audit"):
        return True
    holders = {getattr(victim, f"{duty.value}_owner_id") for duty in Duty}
    if user.pk in holders:
        return True
    return can_assign(user) and (
        leads_everybody(user)
        or bool(led_teams(user) & {getattr(victim, f"{duty.value}_team_id") for duty in Duty})
    )

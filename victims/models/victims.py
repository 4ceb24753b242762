"""Victims: the one scope that every permission hangs from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from accounts.models import Area, Team
from core import clock
from victims.models.grades import RiskGrade
from victims.models.history import track_changes
from victims.models.people import Person
from victims.querysets import VictimQuerySet


@track_changes
class Victim(models.Model):
    """Somebody harmed: the record that cases, permissions and deadlines hang from."""

    reference = models.CharField(max_length=16, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="victim")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="victims", null=True)
    #: The grade now; blank until somebody assessed. risk.GradeChange holds the history.
    grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    grade_since = models.DateTimeField(null=True)
    grade_reason = models.CharField(max_length=300, blank=True)
    #: Who answers for each duty: always a team, and a person as soon as somebody has it (see
    #: victims.duties, which names somebody at every moment).
    contact_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="victims")
    contact_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="victims", null=True
    )
    risk_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    plan_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    plan_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    created_at = models.DateTimeField()
    last_incident_at = models.DateTimeField(null=True)
    #: When somebody of ours last reached the victim; blank: never, as far as is known.
    last_contact_at = models.DateTimeField(null=True)
    #: When the risk was last looked at as a whole: an assessment submitted or a reassessment done.
    last_assessed_at = models.DateTimeField(null=True)
    #: Set when a supervisor closed the case; a new incident or a release opens it again.
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = VictimQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_victim", "May see this victim's record"),
            ("view_all_victims", "May see every victim's record"),
            ("record_safe_contact", "May record how a victim can be reached"),
            ("set_marker", "May set and end markers on addresses and people"),
            ("record_contact", "May record contacts, updates, circumstances and statements"),
            ("write_safety_plan", "May write and review a victim's safety plan"),
            ("hand_over_duty", "May hand over what they are responsible for"),
            ("assign_duty", "May give duties of their team, and of whoever left it, to others"),
            ("close_case", "May close a victim's case and open it again"),
            ("view_team_victims", "May see the victims of everybody in their team"),
            ("break_glass", "May open a record that is not theirs, for a stated reason and time"),
            ("keep_withholdings", "May say who must not receive anything about a victim"),
            ("write_advocate_note", "May read and write notes kept from the police"),
            ("write_police_note", "May read and write notes kept from advisers"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade_since__isnull=False),
                name="victim_grade_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_reason=""),
                name="victim_closed_with_words",
            ),
        ]
        indexes = [
            # An area's high-risk victims.
            models.Index(fields=["area", "grade"], name="victim_by_area_and_grade"),
            models.Index(
                fields=["contact_owner", "-last_incident_at"],
                name="victim_by_contact_owner",
                condition=Q(contact_owner__isnull=False),
            ),
            # What somebody still has (handing over, leaving).
            models.Index(
                fields=["risk_owner"],
                name="victim_by_risk_owner",
                condition=Q(risk_owner__isnull=False),
            ),
            models.Index(
                fields=["plan_owner"],
                name="victim_by_plan_owner",
                condition=Q(plan_owner__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class VictimGrant(UserObjectPermissionBase):
    """One person may see one victim (guardian's row). Carries the sort key of lists by grant.

    It follows from the reasons in `VictimAccess` and is written by `services.access` alone.
    """

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField(default=clock.now)
    #: Where access is for a time only: nothing is seen from this instant on.
    until_at = models.DateTimeField(null=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
        indexes = [
            # visible_to: what one person was granted, newest first, without reading past it.
            models.Index(fields=["user", "permission", "-granted_at"], name="grant_newest_first")
        ]

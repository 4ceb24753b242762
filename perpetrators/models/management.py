"""People who harm more than one, and the plan to stop somebody."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from perpetrators.querysets import PlanQuerySet, SerialQuerySet
from victims.models import Person, Victim, track_changes


class SerialRecognition(models.Model):
    """Somebody was complained of by several unconnected victims within the policy's years.

    One row per person, found anew when an incident adds a victim; records of one human being under
    several spellings are told together (`alike`), never merged.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="serial")
    #: Other records that are probably the same human being, each with why: [["P-...", "..."]].
    alike = models.JSONField(default=list)
    victims = models.ManyToManyField(Victim, related_name="serial_perpetrators")
    victim_count = models.PositiveSmallIntegerField()
    first_found_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    #: The rule with its numbers: "3 unconnected victims since 23 Nov 2023 (policy: 2 in 3 years)".
    basis = models.CharField(max_length=300)
    #: Set when the count fell below the policy's number again; the row stays.
    ended_at = models.DateTimeField(null=True)

    objects = SerialQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # The serial list.
            models.Index(
                fields=["-victim_count", "person"],
                name="serial_by_count",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.victim_count} victims"


@track_changes
class ManagementPlan(models.Model):
    """What is done to stop somebody from harming again: one current plan, always with an owner."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="management_plans")
    is_current = models.BooleanField(default=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="management_plans"
    )
    aims = models.TextField()
    #: What is done: [{"words": ..., "who": ..., "by": "2026-12-01", "done": "" or a day}].
    measures = models.JSONField(default=list)
    review_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("manage_perpetrator", "May write and own a perpetrator's management plan")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_current=True), name="one_current_management_plan"
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, ended_at__isnull=True)
                | (Q(is_current=False, ended_at__isnull=False) & ~Q(ended_reason="")),
                name="management_plan_ended_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "review_on"],
                name="management_plan_by_owner",
                condition=Q(is_current=True),
            )
        ]

    def __str__(self) -> str:
        return f"plan for {self.person_id}"

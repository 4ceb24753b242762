"""People who harm more than one, and the plan to stop somebody."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from perpetrators.querysets import ManagementPlanQuerySet, SerialQuerySet
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
    #: The row that lists show for the same human being in place of this one; blank: this one.
    told_with = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="also_told", null=True
    )
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


class NotTheSame(models.Model):
    """Somebody looked and says that two records are two people: they are counted apart.

    One row for both ways round; it stays when it is taken back.
    """

    #: The one with the lower number.
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    taken_back_at = models.DateTimeField(null=True)
    taken_back_words = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            # Also the search: is this pair set apart?
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(taken_back_at__isnull=True),
                name="not_the_same_said_once",
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="not_the_same_lower_number_first"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | (
                    Q(taken_back_at__isnull=False, taken_back_by__isnull=False)
                    & ~Q(taken_back_words="")
                ),
                name="not_the_same_taken_back_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


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

    objects = ManagementPlanQuerySet.as_manager()

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

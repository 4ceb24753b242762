"""Why somebody may see one victim beyond their role, from when and for how long."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from victims.models.victims import Victim
from victims.querysets import AccessQuerySet


class VictimAccess(models.Model):
    """One reason for which one person may see one victim; the grant stands while any reason does.

    Two reasons may overlap (a client, and a record opened in an emergency): the end of one leaves
    the other. Rows are ended, never deleted.
    """

    class Why(models.TextChoices):
        CLIENT = "client", "Their client"
        LEADS = "leads", "Their service is asked to support them"
        CONFERENCE = "conference", "A conference hears the case"
        BREAK_GLASS = "break_glass", "Opened in an emergency"
        GIVEN = "given", "Given by hand"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="accesses")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accesses"
    )
    why = models.CharField(max_length=12, choices=Why)
    #: What it hangs from ("referrals.idvacase") and its key; blank for what hangs from nothing.
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True)
    #: The person's own words, for a record opened in an emergency or by hand.
    reason = models.CharField(max_length=1_000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=300, blank=True)
    #: Who was told at once, and what they said of it: records opened in an emergency.
    told = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    looked_at = models.DateTimeField(null=True)
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Whether whoever looked found it right; blank until somebody did.
    found_right = models.BooleanField(null=True)
    looked_at_words = models.CharField(max_length=1_000, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "victim", "why", "source_type", "source_id"],
                nulls_distinct=False,
                condition=Q(ended_at__isnull=True),
                name="one_standing_reason_to_see",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""),
                name="access_ended_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(why="break_glass") | (Q(until_at__isnull=False) & ~Q(reason="")),
                name="broken_glass_has_reason_and_end",
            ),
        ]
        indexes = [
            models.Index(fields=["victim", "-from_at"], name="access_by_victim"),
            # The auditor's list, and what waits for whoever was told.
            models.Index(
                fields=["-from_at"], name="access_in_emergency", condition=Q(why="break_glass")
            ),
            # What has run out.
            models.Index(
                fields=["until_at"],
                name="access_running_out",
                condition=Q(ended_at__isnull=True, until_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_why_display()}"

    @property
    def called(self) -> str:
        """What a record opened in an emergency is called where the victim must not be named."""
        return f"BG-{self.pk:06d}"

"""What was done and who looked. Rows are only ever added: the database refuses the rest."""

import pgtrigger
from django.conf import settings
from django.db import models

from audit.querysets import EventQuerySet, ReadQuerySet


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE, whoever asks and by whatever way."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
        ),
    ]


class AuditEvent(models.Model):
    """One thing that somebody did, written in the transaction that did it.

    Subjects are kept as plain numbers: a record of what was done outlives what it was done to.
    """

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField(max_length=120)
    #: A stable word for programs: incident.logged, assessment.reviewed.
    verb = models.CharField(max_length=60)
    #: A sentence for the timeline, without the actor: "Call logged, immediate".
    headline = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)
    #: Shown with an alert dot on timelines.
    is_grave = models.BooleanField(default=False)
    subject = models.CharField(max_length=40, help_text="A reference: DA-2026-000123")
    victim_id = models.BigIntegerField(null=True)
    incident_id = models.BigIntegerField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("view_audit", "May see who did what and who looked")]
        indexes = [
            # The victim's and the incident's timeline.
            models.Index(
                fields=["victim_id", "-at"],
                name="audit_by_victim",
                condition=models.Q(victim_id__isnull=False),
            ),
            models.Index(
                fields=["incident_id", "-at"],
                name="audit_by_incident",
                condition=models.Q(incident_id__isnull=False),
            ),
            # The auditor: what one person did.
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
        ]
        triggers = [
            *append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.subject})"


class RecordRead(models.Model):
    """Somebody opened a victim, an incident or what hangs from them."""

    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    user_name = models.CharField(max_length=120)
    #: page or api, and its path: how it was reached.
    path = models.CharField(max_length=300)
    subject = models.CharField(max_length=40)
    victim_id = models.BigIntegerField(null=True)
    incident_id = models.BigIntegerField(null=True)

    objects = ReadQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # "Who looked" on the victim page, and the auditor by person.
            models.Index(
                fields=["victim_id", "-at"],
                name="read_by_victim",
                condition=models.Q(victim_id__isnull=False),
            ),
            models.Index(
                fields=["incident_id", "-at"],
                name="read_by_incident",
                condition=models.Q(incident_id__isnull=False),
            ),
            models.Index(fields=["user", "-at"], name="read_by_user"),
        ]
        triggers = [
            *append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} read {self.subject}"

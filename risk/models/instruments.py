"""Questionnaires as versioned data."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from risk.querysets import InstrumentQuerySet


class Instrument(models.Model):
    """A questionnaire as versioned data; an assessment keeps the version it was made on."""

    class Purpose(models.TextChoices):
        POLICE = "police", "Police, after an incident"
        PARTNER = "partner", "Partner agencies"
        STALKING = "stalking", "Stalking"
        HONOUR = "honour", "So-called honour"
        YOUNG = "young", "Young person"
        OTHER = "other", "Other model"

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    #: The licensed wording is the force's to load; what ships is in our own words and says so.
    is_official_wording = models.BooleanField(default=False)
    #: Sections, topics, follow-up sets and prompts: see risk.instruments for the shape.
    content = models.JSONField()
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.POLICE)
    in_use = models.BooleanField(default=True)
    #: Drafts are edited and previewed; once published a version never changes.
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Why there is this version, for whoever reads the history.
    reason = models.CharField(max_length=300, blank=True)
    #: Counts the saves of a draft: a stale one is refused.
    draft_version = models.PositiveIntegerField(default=1)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("edit_instrument", "May edit, preview and publish questionnaires")]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="instrument_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(in_use=True), name="one_version_in_use"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(published_at__isnull=True), name="one_draft_per_code"
            ),
            models.CheckConstraint(
                condition=Q(in_use=False) | Q(published_at__isnull=False),
                name="instrument_in_use_is_published",
            ),
        ]

    @property
    def is_counted(self) -> bool:
        """Whether yes answers are counted, as most questionnaires say; else it is judgement only.

        Cheap where `risk.instruments.questionnaire` would read the whole of it.
        """
        grading = self.content.get("grading") or {}
        return bool(grading.get("by") != "judgement")

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

"""Photographs and documents, kept out of the web's reach."""

import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import Q

from incidents.models.calls import Incident
from incidents.querysets import ExhibitQuerySet
from victims.models import Person


def kept_in() -> Storage:
    """Where the files lie: never under an address of their own."""
    return storages["exhibits"]


class Exhibit(models.Model):
    """One file with its fingerprint; the bytes never change and are given only by the service."""

    class Kind(models.TextChoices):
        INJURY = "injury", "Photograph of an injury"
        SCENE = "scene", "Photograph of the scene"
        DOCUMENT = "document", "Document"
        OTHER = "other", "Something else"

    #: Stands in the address instead of a row number.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="exhibits")
    #: Whom it shows or is about; without one, only those who see every victim see it.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.CharField("exhibit reference", max_length=40)
    words = models.CharField("what it shows", max_length=300)
    file = models.FileField(storage=kept_in, max_length=200)
    #: As the officer's telephone called it.
    name = models.CharField(max_length=200)
    #: By its content, never by its name.
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Added by mistake: still kept, shown to nobody.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "reference"],
                condition=Q(withdrawn_at__isnull=True),
                name="exhibit_reference_once_per_incident",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="exhibit_withdrawn_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

"""How agencies are told that something waits for them. No message carries a victim's details."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency, Area
from referrals.models.sharing import Sharing
from referrals.querysets import OutgoingQuerySet


class AgencyChannel(models.Model):
    """How one partner is reached beyond its own pages here, and which children its school has."""

    class Way(models.TextChoices):
        INBOX = "inbox", "Its pages here only"
        EMAIL = "email", "E-mail with a reference and a link"
        WEBHOOK = "webhook", "A signed message to its own system"

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="channel")
    way = models.CharField(max_length=8, choices=Way, default=Way.INBOX)
    email = models.EmailField(blank=True)
    webhook_url = models.URLField(max_length=500, blank=True)
    #: Signs webhooks; shown once when made. Kept as it is, since both sides must compute with it.
    webhook_secret = models.CharField(max_length=100, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="+", null=True, help_text="Blank: everywhere"
    )
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="email") | ~Q(email=""), name="channel_has_its_address"
            ),
            models.CheckConstraint(
                condition=~Q(way="webhook") | (~Q(webhook_url="") & ~Q(webhook_secret="")),
                name="channel_has_its_webhook",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_way_display()}"


class Outgoing(models.Model):
    """One message to one agency that something waits there: the row is the message.

    It is made in the transaction that shares; workers send it afterwards, again and again with
    growing gaps, and set it aside where people can see it when all attempts failed.
    """

    class About(models.TextChoices):
        SHARED = "shared", "Something was shared"
        WITHDRAWN = "withdrawn", "What was shared is withdrawn"

    class State(models.TextChoices):
        WAITING = "waiting", "To be sent"
        SENT = "sent", "Sent"
        DEAD = "dead", "Given up"
        DROPPED = "dropped", "No longer to be sent"

    sharing = models.ForeignKey(Sharing, on_delete=models.PROTECT, related_name="messages")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="messages")
    about = models.CharField(max_length=10, choices=About, default=About.SHARED)
    way = models.CharField(max_length=8, choices=AgencyChannel.Way)
    #: The same at every attempt, so that a receiver knows a message that came twice.
    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    #: The next instant to try; a worker moves it ahead while it tries.
    try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    last_words = models.CharField(max_length=300, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sharing", "about"], name="one_message_of_each_kind_per_sharing"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", try_at__isnull=False)
                | (~Q(state="waiting") & Q(try_at__isnull=True, settled_at__isnull=False)),
                name="outgoing_is_tried_while_it_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], name="outgoing_to_try", condition=Q(state="waiting")),
            # The list of what could not be delivered.
            models.Index(fields=["-settled_at"], name="outgoing_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} to {self.agency_id}"


class OutgoingAttempt(models.Model):
    """One attempt to deliver: what answered, after how long."""

    message = models.ForeignKey(Outgoing, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    #: The answer's HTTP status; blank where nothing answered.
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["message", "at"], name="attempt_by_message")]

    def __str__(self) -> str:
        return f"{self.message_id} at {self.at:%Y-%m-%d %H:%M:%S}"

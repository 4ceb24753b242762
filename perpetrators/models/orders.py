"""Protection notices and orders: authority, the court's clock, conditions, breaches."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.models import Incident
from perpetrators.querysets import BreachQuerySet, OrderQuerySet, ProtectionNoticeQuerySet
from victims.models import Person, Victim, track_changes


@track_changes
class ProtectionNotice(models.Model):
    """A notice that a superintendent authorises and an officer serves; court within 48 hours."""

    class State(models.TextChoices):
        ASKED = "asked", "Waits for a superintendent"
        REFUSED = "refused", "Not authorised"
        AUTHORISED = "authorised", "Authorised, to be served"
        SERVED = "served", "Served: in force until the hearing"
        ORDER_MADE = "order_made", "Order made"
        ORDER_REFUSED = "order_refused", "No order made"
        LAPSED = "lapsed", "Lapsed without a hearing"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reference = models.CharField(max_length=16, unique=True)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="notices", null=True
    )
    state = models.CharField(max_length=14, choices=State, default=State.ASKED)
    #: Why it is needed, what the victim thinks, and what about children: asked for before.
    grounds = models.TextField()
    victims_view = models.TextField()
    conditions = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)
    served_at = models.DateTimeField(null=True)
    served_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: When the court is to hear it; due within 48 counted hours of service.
    hearing_at = models.DateTimeField(null=True)
    court = models.CharField(max_length=120, blank=True)
    heard_at = models.DateTimeField(null=True)
    outcome_words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProtectionNoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("ask_for_notice", "May ask for a protection notice, serve it and record its hearing"),
            ("authorise_notice", "May authorise a protection notice"),
            ("record_order", "May record orders and breaches"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) | Q(decided_by__isnull=False),
                name="notice_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="notice_not_authorised_by_who_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["served", "order_made", "order_refused", "lapsed"])
                | Q(served_at__isnull=False),
                name="notice_in_force_was_served",
            ),
        ]
        indexes = [
            models.Index(fields=["victim", "-asked_at"], name="notice_by_victim"),
            models.Index(fields=["person", "-asked_at"], name="notice_by_person"),
            # What waits for a superintendent, a service or a court.
            models.Index(
                fields=["asked_at"],
                name="notice_open",
                condition=Q(state__in=["asked", "authorised", "served"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@track_changes
class Order(models.Model):
    """An order of a court that binds somebody, for one victim: shown at the next call."""

    class Kind(models.TextChoices):
        PROTECTION = "protection", "Domestic abuse protection order"
        NON_MOLESTATION = "non_molestation", "Non-molestation order"
        OCCUPATION = "occupation", "Occupation order"
        RESTRAINING = "restraining", "Restraining order"
        STALKING = "stalking", "Stalking protection order"
        OTHER = "other", "Another order"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="orders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders")
    notice = models.OneToOneField(
        ProtectionNotice, on_delete=models.PROTECT, related_name="order", null=True
    )
    kind = models.CharField(max_length=16, choices=Kind)
    court = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    #: The last day; blank: until a court says otherwise.
    until = models.DateField(null=True)
    conditions = models.JSONField(default=list)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    #: Set when a court ended it before its day.
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="order_ended_with_words",
            )
        ]
        indexes = [
            models.Index(fields=["victim", "-made_at"], name="order_by_victim"),
            # The history look-up at a call: what binds this person now.
            models.Index(
                fields=["person"], name="order_by_person", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class OrderBreach(models.Model):
    """An order, a notice in force or bail was breached. Rows are only added."""

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="breaches")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="breaches", null=True)
    notice = models.ForeignKey(
        ProtectionNotice, on_delete=models.PROTECT, related_name="breaches", null=True
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="breaches", null=True
    )
    happened_at = models.DateTimeField()
    words = models.CharField(max_length=1_000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = BreachQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, notice__isnull=True)
                | Q(order__isnull=True, notice__isnull=False),
                name="breach_of_an_order_or_a_notice",
            )
        ]
        indexes = [models.Index(fields=["victim", "-happened_at"], name="breach_by_victim")]

    def __str__(self) -> str:
        return f"breach of {self.order_id or self.notice_id}"

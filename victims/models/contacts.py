"""What victims are told, by when; every attempt to reach them; and their own statement."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from victims.models.history import track_changes
from victims.models.safe_contact import SafeContact
from victims.models.victims import Victim
from victims.querysets import ContactQuerySet, StatementQuerySet, UpdateQuerySet


@track_changes
class VictimUpdate(models.Model):
    """Something that happened and that the victim must be told of, once, by a given time."""

    class About(models.TextChoices):
        ARREST = "arrest", "Arrest"
        BAIL = "bail", "Released on bail"
        BAIL_CHANGE = "bail_change", "Bail changed or ended"
        UNDER_INVESTIGATION = "under_investigation", "Released under investigation"
        RELEASE = "release", "Release"
        RELEASE_AHEAD = "release_ahead", "Release to come"
        CHARGE = "charge", "Charge"
        NO_CHARGE = "no_charge", "No charge"
        REMAND = "remand", "Kept in custody by a court"
        COURT = "court", "Date in court"
        ORDER = "order", "Order made, changed or ended"
        ORDER_BREACH = "order_breach", "Order or bail breached"

    class State(models.TextChoices):
        OWED = "owed", "To be told"
        TOLD = "told", "Told"
        NOT_REACHED = "not_reached", "Not reached"
        FALLEN_AWAY = "fallen_away", "No longer so"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="updates")
    about = models.CharField(max_length=20, choices=About)
    #: What happened, in a sentence that can be said: "Released on bail on 22 Nov at 16:10".
    words = models.CharField(max_length=300)
    #: When it happened; for a release to come, when it is expected.
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    #: It was reported so late that part of the time had gone already.
    is_late = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OWED)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Not reached, and what then; or why it fell away.
    outcome = models.CharField(max_length=1_000, blank=True)
    #: What announced it ("perpetrators.custodyevent") and its key: announced twice, told once;
    #: moved after it was told, told again.
    source_type = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "about", "source_type", "source_id", "happened_at"],
                name="update_once_per_source_and_instant",
            ),
            models.CheckConstraint(
                condition=Q(state="owed", settled_at__isnull=True)
                | (~Q(state="owed") & Q(settled_at__isnull=False)),
                name="update_settled_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["not_reached", "fallen_away"]) | ~Q(outcome=""),
                name="update_not_told_has_words",
            ),
        ]
        indexes = [
            # The victim page and the list of what must be told.
            models.Index(fields=["victim", "-happened_at"], name="update_by_victim"),
            models.Index(fields=["due_at"], name="update_owed", condition=Q(state="owed")),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} for {self.victim_id}"


class Contact(models.Model):
    """One attempt to reach a victim, or a time when they reached us. Rows are only added."""

    class Way(models.TextChoices):
        CALL = "call", "Telephone"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        VISIT = "visit", "Visit"
        MEETING = "meeting", "Meeting elsewhere"
        THIRD_PARTY = "third_party", "Through somebody else"
        THEY_CAME = "they_came", "They reached us"

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached"
        NO_ANSWER = "no_answer", "No answer"
        MESSAGE_LEFT = "message_left", "A safe message was left"
        UNSAFE = "unsafe", "Not safe to go on"
        REFUSED = "refused", "Did not want to speak"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=12, choices=Way)
    outcome = models.CharField(max_length=14, choices=Outcome)
    words = models.TextField(blank=True)
    #: Which safe contact was in force, and why another way was taken, where it was.
    safe_contact = models.ForeignKey(
        SafeContact, on_delete=models.PROTECT, related_name="+", null=True
    )
    other_way_reason = models.CharField(max_length=300, blank=True)
    updates = models.ManyToManyField(VictimUpdate, related_name="attempts")

    objects = ContactQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # The contact log.
            models.Index(fields=["victim", "-at"], name="contact_by_victim")
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.get_outcome_display()}"


@track_changes
class PersonalStatement(models.Model):
    """What the crime has done to somebody, in their own words: offered, and taken or not."""

    class Answer(models.TextChoices):
        NOT_ASKED = "", "No answer yet"
        WANTED = "wanted", "Wants to make one"
        LATER = "later", "Perhaps later"
        DECLINED = "declined", "Does not want to"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="statements")
    #: What it is about, as a reference people know: an incident or a crime number.
    about = models.CharField(max_length=40, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answer_words = models.CharField(max_length=1_000, blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    text = models.TextField(blank=True)
    wants_read_aloud = models.BooleanField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = StatementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True, text="")
                | (Q(taken_at__isnull=False, taken_by__isnull=False) & ~Q(text="")),
                name="statement_taken_is_whole",
            )
        ]
        indexes = [models.Index(fields=["victim", "-offered_at"], name="statement_by_victim")]

    def __str__(self) -> str:
        return f"Statement of {self.victim_id}"

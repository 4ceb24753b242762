"""What the officers did and found."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.calls import Incident
from victims.models import Person, track_changes


@track_changes
class FirstResponse(models.Model):
    """What the attending officer did and found, in brief."""

    class PositiveAction(models.TextChoices):
        ARREST = "arrest", "Arrest"
        REMOVAL = "removal", "Somebody taken to a safer place"
        SUPPORT = "support", "Support given"
        REFERRAL = "referral", "Referred to another service"
        NONE = "none", "None"

    class YesNo(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_APPLICABLE = "n/a", "Does not apply"

    class CounterView(models.TextChoices):
        ONE = "one", "One of them needs protection from the other"
        BOTH = "both", "Each needs protection from the other"
        UNCLEAR = "unclear", "Not clear yet; both are treated as victims"

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="first_response"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    positive_action = models.CharField(max_length=10, choices=PositiveAction)
    positive_action_reason = models.TextField()
    spoken_apart = models.CharField(max_length=3, choices=YesNo)
    spoken_apart_reason = models.CharField(max_length=300, blank=True)
    #: Whether a child lives there or was there; each is a ChildSeen.
    children_present = models.CharField(max_length=3, choices=YesNo)
    account = models.TextField(help_text="What was seen and said")
    #: Codes of incidents.questions.GOLDEN_HOUR that were done.
    golden_hour = models.JSONField(default=list)
    body_worn_video = models.CharField(max_length=3, choices=YesNo)
    body_worn_video_exhibit = models.CharField(max_length=40, blank=True, help_text="TH/1")
    body_worn_video_reason = models.CharField(max_length=300, blank=True)
    supports_prosecution = models.CharField(max_length=3, choices=YesNo)
    wishes = models.TextField(blank=True, help_text="What the victim wants, in their words")
    evidence_led_plan = models.TextField(blank=True)
    #: A perpetrator alleges against a victim: the first-named, unless CounterAllegation says who.
    counter_allegation = models.CharField(max_length=3, choices=YesNo, default=YesNo.NO)
    #: Whom the officer takes for the one in need of protection, once both were weighed.
    counter_view = models.CharField(max_length=8, choices=CounterView, blank=True)
    counter_protect = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True
    )
    counter_reason = models.TextField(blank=True)
    #: Codes of incidents.safety.MEASURES that were put in place.
    safety_measures = models.JSONField(default=list)
    safety_plan = models.TextField(help_text="What was put in place before leaving")
    #: Crime.Category codes, one for each crime committed; empty where none was. A crime is owed its
    #: number as long as fewer crimes are recorded than are named here.
    crimes_committed = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"First response to {self.incident_id}"


class PartyAccount(models.Model):
    """What one of the parties said, how they were found, and what they fear."""

    response = models.ForeignKey(FirstResponse, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    was_spoken_to = models.BooleanField()
    #: What they said; or why they were not spoken to.
    account = models.TextField(blank=True)
    injuries = models.TextField(blank=True, help_text="What was seen and said of injuries")
    fear = models.TextField(blank=True, help_text="What they fear will happen")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "person"], name="one_account_per_person_and_response"
            )
        ]

    def __str__(self) -> str:
        return f"Account of {self.person_id}"


class ChildSeen(models.Model):
    """One child at the scene: seen or not, spoken to or not, and what they said."""

    response = models.ForeignKey(FirstResponse, on_delete=models.CASCADE, related_name="children")
    #: None for a child whom nobody named in the call.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=120, help_text="As shown: Ella, 6")
    was_seen = models.BooleanField()
    was_spoken_to = models.BooleanField()
    #: What the child said and how they were; or why they were not seen or not spoken to.
    words = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "person"],
                condition=Q(person__isnull=False),
                name="each_child_once_per_response",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FirstResponseDraft(models.Model):
    """A first response as it is typed: one for each officer and incident, seen by nobody else."""

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="first_response_drafts"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    fields = models.JSONField(default=dict, help_text="Each field's values exactly as typed")
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    #: Which page wrote last: its next try is not stale, though its answer was lost on the way.
    writer = models.CharField(max_length=60, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "officer"], name="one_first_response_draft_per_officer"
            )
        ]

    def __str__(self) -> str:
        return f"Draft of {self.officer_id} for {self.incident_id}"


class CounterAllegation(models.Model):
    """Who alleges against whom, where more than two people are named as victim or perpetrator."""

    response = models.OneToOneField(
        FirstResponse, on_delete=models.CASCADE, related_name="counter_between"
    )
    #: Named as perpetrator; says that they were harmed.
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: Named as victim.
    against = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(by=models.F("against")), name="counter_allegation_of_two"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} against {self.against}"

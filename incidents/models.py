"""Calls and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Area
from incidents.querysets import CallDraftQuerySet, IncidentQuerySet, InvolvementQuerySet
from victims.models import Address, Person, Victim, track_changes


class ResponseGrade(models.TextChoices):
    """How soon somebody must be there; the minutes are force policy."""

    IMMEDIATE = "immediate", "Immediate"
    PRIORITY = "priority", "Priority"
    ROUTINE = "routine", "Routine"
    APPOINTMENT = "appointment", "Appointment"

    @property
    def rank(self) -> int:
        """4 for immediate to 1 for appointment, for comparing."""
        return 4 - list(ResponseGrade).index(self)


class CallDraft(models.Model):
    """A call as it is being typed: kept on the server, so that nothing typed is lost."""

    #: Made by the page; logging the same draft twice gives the same incident.
    key = models.UUIDField(unique=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="call_drafts"
    )
    fields = models.JSONField(default=dict, help_text="The form's fields exactly as typed")
    answered_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    #: The page that wrote last: a try repeated because its answer was lost is not a stale edit.
    writer = models.CharField(max_length=60, blank=True)
    discarded_at = models.DateTimeField(null=True)

    objects = CallDraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # The call page: this handler's newest draft.
            models.Index(
                fields=["handler", "-updated_at"],
                name="draft_of_handler",
                condition=Q(discarded_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


@track_changes
class Incident(models.Model):
    """One event that the police were told of; detail is kept in full whatever its grade."""

    class Source(models.TextChoices):
        EMERGENCY = "999", "999"
        NON_EMERGENCY = "101", "101"
        FRONT_COUNTER = "counter", "Front counter"
        AGENCY = "agency", "Agency"
        ONLINE = "online", "Online"
        PATROL = "patrol", "Officer on patrol"

    class CallerIs(models.TextChoices):
        VICTIM = "victim", "the victim"
        PERPETRATOR = "perpetrator", "the person complained of"
        CHILD = "child", "a child"
        FAMILY = "family", "family"
        NEIGHBOUR = "neighbour", "a neighbour"
        PROFESSIONAL = "professional", "a professional"
        OTHER = "other", "somebody else"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SENT = "sent", "Officers sent"
        ATTENDED = "attended", "Attended"
        CLOSED = "closed", "Closed"

    reference = models.CharField(max_length=16, unique=True)
    draft = models.OneToOneField(
        CallDraft, on_delete=models.PROTECT, related_name="incident", null=True
    )
    source = models.CharField(max_length=8, choices=Source)
    received_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    caller_name = models.CharField(max_length=120, blank=True)
    #: E.164; blank when withheld.
    caller_number = models.CharField(max_length=16, blank=True)
    caller_is = models.CharField(max_length=12, choices=CallerIs, default=CallerIs.VICTIM)
    safe_callback = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=60, blank=True)
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="incidents", null=True
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="incidents", null=True)

    narrative = models.TextField(help_text="In their words, and what was heard")
    call_dropped = models.BooleanField(default=False)
    #: {question code: answer code}; the codes are those of incidents.questions.
    answers = models.JSONField(default=dict)
    suggested_grade = models.CharField(max_length=12, choices=ResponseGrade)
    suggested_reasons = models.JSONField(default=list, help_text="Sentences")
    grade = models.CharField(max_length=12, choices=ResponseGrade)
    grade_override_reason = models.TextField(blank=True)
    #: When somebody must be there, from the grade; none for an appointment.
    attend_by = models.DateTimeField(null=True)
    officers_advised = models.PositiveSmallIntegerField(default=2)
    #: Domestic incidents of either party in the twelve months before, counted when logged.
    earlier_in_year = models.PositiveSmallIntegerField(default=0)
    #: Says why no crime was recorded, once that is known; blank where there is a crime.
    non_crime_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("log_call", "May log a call and look history up"),
            ("send_officers", "May send officers to an incident"),
            ("attend_incident", "May attend an incident and record the first response"),
            ("view_incidents", "May see the list of incidents"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade=F("suggested_grade")) | ~Q(grade_override_reason=""),
                name="incident_override_has_words",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="incident_closed_has_its_instant",
            ),
        ]
        indexes = [
            # History look-up: newest for a number, newest at an address.
            models.Index(
                fields=["caller_number", "-received_at"],
                name="incident_by_number",
                condition=~Q(caller_number=""),
            ),
            models.Index(
                fields=["address", "-received_at"],
                name="incident_by_address",
                condition=Q(address__isnull=False),
            ),
            # The control room's board of what is not closed, and its lists.
            models.Index(
                fields=["-received_at"], name="incident_not_closed", condition=~Q(state="closed")
            ),
            models.Index(fields=["-received_at"], name="incident_newest_first"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def grade_is_overridden(self) -> bool:
        return self.grade != self.suggested_grade


class Involvement(models.Model):
    """A role that a person has in one incident: nobody is a perpetrator by nature."""

    class Role(models.TextChoices):
        VICTIM = "victim", "victim"
        PERPETRATOR = "perpetrator", "perpetrator"
        CHILD = "child", "child"
        WITNESS = "witness", "witness"
        CALLER = "caller", "caller"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involvements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=12, choices=Role)
    #: Set exactly for role victim: the scope that decides who may see the incident.
    victim = models.ForeignKey(
        Victim, on_delete=models.PROTECT, related_name="involvements", null=True
    )
    #: Copied from the incident, so that a person's newest incidents are one index scan.
    received_at = models.DateTimeField()
    relationship = models.CharField(max_length=60, blank=True, help_text="ex-partner, mother")
    #: What the call handler confirmed about who this is, in words.
    recognised_by = models.CharField(max_length=200, blank=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "person", "role"], name="role_once_per_person_and_incident"
            ),
            models.CheckConstraint(
                condition=Q(role="victim", victim__isnull=False)
                | (~Q(role="victim") & Q(victim__isnull=True)),
                name="involvement_victim_exactly_for_victims",
            ),
        ]
        indexes = [
            # History look-up and repeat counts: a person's newest incidents.
            models.Index(fields=["person", "-received_at"], name="involvement_by_person"),
            # A victim's incidents: the timeline, and who may see an incident.
            models.Index(
                fields=["victim", "-received_at"],
                name="involvement_by_victim",
                condition=Q(victim__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.role}"


class Deployment(models.Model):
    """An officer sent to an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="deployments")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deployments"
    )
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    briefing_read_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "officer"], name="officer_sent_once_per_incident"
            ),
        ]
        indexes = [
            # The officer's home: my incidents.
            models.Index(fields=["officer", "-sent_at"], name="deployment_of_officer")
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} to {self.incident_id}"


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
    children_seen = models.CharField(max_length=3, choices=YesNo)
    children_words = models.TextField(blank=True)
    account = models.TextField(help_text="What was seen and said")
    #: Codes of incidents.questions.GOLDEN_HOUR that were done.
    golden_hour = models.JSONField(default=list)
    body_worn_video = models.CharField(max_length=3, choices=YesNo)
    body_worn_video_reason = models.CharField(max_length=300, blank=True)
    supports_prosecution = models.CharField(max_length=3, choices=YesNo)
    evidence_led_plan = models.TextField(blank=True)
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


class Crime(models.Model):
    """A crime recorded from an incident, and its outcome later."""

    class Category(models.TextChoices):
        ASSAULT_WITH_INTENT = "assault_intent", "Assault with intent"
        ASSAULT_WITH_INJURY = "assault_injury", "Assault with injury"
        ASSAULT_WITHOUT_INJURY = "assault_no_injury", "Assault without injury"
        HARASSMENT = "harassment", "Harassment"
        STALKING = "stalking", "Stalking"
        SEXUAL = "sexual", "Sexual offence"
        COERCIVE_CONTROL = "coercive_control", "Controlling or coercive behaviour"
        THREATS_TO_KILL = "threats_to_kill", "Threats to kill"
        CRIMINAL_DAMAGE = "criminal_damage", "Criminal damage"
        BREACH_OF_ORDER = "breach_of_order", "Breach of an order"
        OTHER = "other", "Other"

    class Outcome(models.TextChoices):
        NONE_YET = "", "Not yet"
        CHARGE = "charge", "Charge or summons"
        CAUTION = "caution", "Caution"
        OUT_OF_COURT = "out_of_court", "Other out-of-court disposal"
        NO_FURTHER_ACTION = "no_further_action", "No further action"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="crimes")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="crimes", null=True)
    category = models.CharField(max_length=20, choices=Category)
    number = models.CharField("crime number", max_length=20, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    arrests = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="crime_outcome_has_its_instant",
            )
        ]

    def __str__(self) -> str:
        return self.number

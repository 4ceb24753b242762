"""Conferences, their areas and members; their meetings; who is invited, comes and has signed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency, Area, Team
from marac.querysets import (
    AttendanceQuerySet,
    ConferenceQuerySet,
    InvitationQuerySet,
    MeetingQuerySet,
)
from victims.models import track_changes, track_changes_but

DAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
]
WEEKS = [(1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (5, "last")]


@track_changes
class Conference(models.Model):
    """One multi-agency risk assessment conference: its areas, its chair, and when it meets."""

    name = models.CharField(max_length=100, unique=True)
    #: The coordinator's team: what nobody has is theirs.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="conferences")
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    weekly_day = models.PositiveSmallIntegerField(choices=DAYS)
    weekly_at = models.TimeField(help_text="On the wall clock")
    weekly_place = models.CharField(max_length=300, help_text="How to join: number, room")
    weekly_capacity = models.PositiveSmallIntegerField(default=6)
    #: "The second Thursday": week 1 to 4, or 5 for the last of the month.
    monthly_week = models.PositiveSmallIntegerField(choices=WEEKS)
    monthly_day = models.PositiveSmallIntegerField(choices=DAYS)
    monthly_at = models.TimeField()
    monthly_place = models.CharField(max_length=300)
    monthly_capacity = models.PositiveSmallIntegerField(default=18)
    #: So many agencies, those of the core all among them, make a meeting that may decide.
    quorum = models.PositiveSmallIntegerField(default=4)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ConferenceArea(models.Model):
    """An area belongs to one conference: where a victim lives decides who hears the case."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="covers")
    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="conference_area")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.area}: {self.conference}"


class ConferenceMember(models.Model):
    """An agency that is invited to every meeting of a conference."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="conferences")
    #: Without it no meeting has its quorum.
    is_core = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "agency"], name="member_once_of_a_conference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.conference}"


# Everybody who types moves the counter: a history row for each line would say nothing.
@track_changes_but("changes")
class Meeting(models.Model):
    """One weekly call, monthly meeting or emergency meeting of a conference."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "Monthly meeting"
        WEEKLY = "weekly", "Weekly call"
        EMERGENCY = "emergency", "Emergency meeting"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        AGENDA_OUT = "agenda_out", "Agenda is out"
        UNDER_WAY = "under_way", "Under way"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    AHEAD = (State.PLANNED, State.AGENDA_OUT)
    OPEN = (State.PLANNED, State.AGENDA_OUT, State.UNDER_WAY)

    reference = models.CharField(max_length=16, unique=True)
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    starts_at = models.DateTimeField()
    #: The day by the conference's rule; a bank holiday moves the meeting, not this. Null: none.
    by_rule_on = models.DateField(null=True)
    place = models.CharField(max_length=300)
    capacity = models.PositiveSmallIntegerField()
    #: Why more cases are heard than there is room for; blank while there is room.
    over_capacity_reason = models.CharField(max_length=1_000, blank=True)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: A case listed after this is late and needs a reason. Null: none for an emergency.
    cut_off_at = models.DateTimeField(null=True)
    agenda_due_at = models.DateTimeField()
    agenda_out_at = models.DateTimeField(null=True)
    agenda_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    began_at = models.DateTimeField(null=True)
    #: Whoever must be there was not; why the chair went on without a quorum. Blank with one.
    no_quorum_reason = models.CharField(max_length=1_000, blank=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=1_000, blank=True)
    #: Counts everything written while it is under way; readers ask for what is newer than theirs.
    changes = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            # A plan made twice makes each meeting once.
            models.UniqueConstraint(
                fields=["conference", "kind", "by_rule_on"],
                condition=Q(by_rule_on__isnull=False),
                name="meeting_once_by_its_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="meeting_cancelled_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["under_way", "held"]) | Q(began_at__isnull=False),
                name="meeting_began_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(ended_at__gte=F("began_at")),
                name="meeting_held_has_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["conference", "-starts_at"], name="meeting_by_conference"),
            models.Index(fields=["-starts_at"], name="meeting_by_time"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Invitation(models.Model):
    """An agency is invited to a meeting: it comes, or sends apologies with what it knows."""

    class State(models.TextChoices):
        INVITED = "invited", "No answer yet"
        COMING = "coming", "Coming"
        APOLOGIES = "apologies", "Apologies"
        ATTENDED = "attended", "Attended"
        ABSENT = "absent", "Did not come"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    is_core = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: With apologies: why, and who was asked to speak for the agency. Never about a case.
    apologies = models.CharField(max_length=1_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="invited_once"),
            models.CheckConstraint(
                condition=~Q(state="apologies") | ~Q(apologies=""),
                name="apologies_with_words",
            ),
        ]
        indexes = [models.Index(fields=["agency", "meeting"], name="invitation_by_agency")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_state_display()}"


class Attendance(models.Model):
    """A person at a meeting for an agency. Nothing of a case opens before they signed for it.

    Whoever moves to another agency signs anew for that one: what they signed before stays, and
    opens nothing more.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    #: Listens and learns: signs like everybody, writes nothing, has no action.
    is_observer = models.BooleanField(default=False)
    #: Why somebody observes, and who asked them; blank for those who speak for an agency.
    observes_because = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    #: The words that were signed (marac.statement), by their number.
    statement = models.PositiveSmallIntegerField(null=True)
    #: First seen in the meeting itself.
    present_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "agency"], name="attends_once_for_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(statement__isnull=False),
                name="signed_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(present_at__isnull=True) | Q(signed_at__isnull=False),
                name="nobody_is_present_unsigned",
            ),
            models.CheckConstraint(
                condition=Q(is_observer=False) | ~Q(observes_because=""),
                name="observer_with_words",
            ),
        ]
        indexes = [models.Index(fields=["person", "meeting"], name="attendance_by_person")]

    def __str__(self) -> str:
        return f"{self.person} at {self.meeting_id}"

    @property
    def speaks_now(self) -> bool:
        """Whether they signed, and are still of the agency that they signed for."""
        return self.signed_at is not None and not self.has_moved

    @property
    def has_moved(self) -> bool:
        """Whether they are of another agency now, for which they would sign anew."""
        team = self.person.team
        return team is None or team.agency_id != self.agency_id


class CalendarLink(models.Model):
    """The secret address of somebody's calendar feed; a new one ends the old."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    #: SHA-256 of the secret: the secret itself is shown once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Calendar of {self.person}"


class Population(models.Model):
    """Adult women who live where a conference hears cases: the return's denominator."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="populations")
    year = models.PositiveSmallIntegerField()
    adult_women = models.PositiveIntegerField()
    source = models.CharField(max_length=200, help_text="Where the figure is published")
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["conference", "year"], name="population_once_a_year"),
            models.CheckConstraint(condition=Q(adult_women__gt=0), name="population_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.conference} {self.year}: {self.adult_women}"

"""A case at a meeting: what agencies know, what is said, what is decided, who does what by when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency, Team
from audit.models import append_only
from marac.models.cases import MaracCase
from marac.models.conferences import Meeting
from marac.querysets import (
    ActionQuerySet,
    ConflictQuerySet,
    HearingQuerySet,
    OfHearingQuerySet,
    ResearchQuerySet,
)
from victims.models import Victim, track_changes


@track_changes
class Hearing(models.Model):
    """A case on the agenda of one meeting, and how far the meeting is with it."""

    class Part(models.TextChoices):
        CHILDREN = "children", "Cases with children"
        ADULTS = "adults", "Adults only"
        FLAGS = "flags", "Flags that reach twelve months"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        PRESENT = "present", "Presented"
        SHARE = "share", "Information shared"
        ANALYSE = "analyse", "Risk analysed"
        ACTIONS = "actions", "Actions agreed"
        CONCLUDED = "concluded", "Concluded"
        DEFERRED = "deferred", "Deferred"
        TAKEN_OFF = "taken_off", "Taken off the agenda"

    #: The meeting is at it now.
    SPOKEN_OF = (State.PRESENT, State.SHARE, State.ANALYSE, State.ACTIONS)
    OPEN = (State.WAITING, *SPOKEN_OF)

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="hearings")
    case = models.ForeignKey(MaracCase, on_delete=models.PROTECT, related_name="hearings")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    #: Within the whole agenda, from 1; gaps mean nothing.
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Listed after the cut-off, and why it could not wait.
    is_late = models.BooleanField(default=False)
    late_reason = models.CharField(max_length=1_000, blank=True)
    #: Whether the pair was heard within the policy's months before this meeting.
    is_repeat = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: Why it was deferred or taken off.
    ended_words = models.CharField(max_length=1_000, blank=True)
    #: What the victim wants, as their adviser reports it before the meeting.
    wanted = models.TextField(blank=True)
    wanted_at = models.DateTimeField(null=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Nobody could ask; why.
    not_asked_because = models.CharField(max_length=1_000, blank=True)
    #: What the victim was told afterwards; blank while they were not.
    told = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    version = models.PositiveIntegerField(default=1)

    objects = HearingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "case"],
                condition=~Q(state="taken_off"),
                name="case_once_on_an_agenda",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state__in=["present", "share", "analyse", "actions"]),
                name="a_meeting_is_at_one_case",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | ~Q(late_reason=""), name="late_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["deferred", "taken_off"]) | ~Q(ended_words=""),
                name="hearing_put_off_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") | Q(began_at__isnull=False, ended_at__isnull=False),
                name="hearing_concluded_has_its_instants",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "position"], name="hearing_by_agenda"),
            models.Index(fields=["case", "-ended_at"], name="hearing_by_case"),
            models.Index(fields=["victim", "-ended_at"], name="hearing_by_victim"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.meeting_id}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class HearingLine(models.Model):
    """Something that was said, written once and never changed; a correction is a line after it.

    Two who write at once write two lines: neither loses anything.
    """

    class Section(models.TextChoices):
        PRESENT = "present", "Presented"
        SHARE = "share", "Shared"
        ANALYSE = "analyse", "Risk, and what changed"
        CONCLUDE = "conclude", "Concluded"

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="lines")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=8, choices=Section)
    #: For whom it was said.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: The meeting's count of changes when it was written: order, and what a reader has not seen.
    number = models.PositiveIntegerField()
    #: Made by the browser: a line sent again after a lost connection is written once.
    key = models.UUIDField(unique=True)
    #: The line that this one corrects; two corrections of one line both stand.
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="corrections", null=True
    )

    objects = OfHearingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="line_says_something"),
        ]
        indexes = [models.Index(fields=["hearing", "number"], name="line_by_hearing")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.hearing_id}: {self.words[:40]}"


class Conflict(models.Model):
    """Somebody at a meeting is near to a case: they see nothing of it, there or anywhere.

    Who is near is asked of `marac.near`, which knows what was said at other meetings too.
    """

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts"
    )
    words = models.CharField(max_length=1_000)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hearing", "person"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} near {self.hearing_id}"


class ResearchRequest(models.Model):
    """What one agency is asked for one case: what it knows, before the meeting."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        RETURNED = "returned", "Returned"
        NOTHING_KNOWN = "nothing_known", "Nothing known"
        WITHDRAWN = "withdrawn", "Not asked any more"

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="research")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="research")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField()
    #: When it was asked again, if it was; and how often.
    chased_at = models.DateTimeField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Sent with apologies: it is read out, nobody of the agency is there.
    for_apologies = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ResearchQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hearing", "agency"], name="research_asked_once"),
            models.CheckConstraint(
                condition=~Q(state="returned") | (Q(returned_at__isnull=False) & ~Q(words="")),
                name="research_returned_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at"], name="research_asked", condition=Q(state="asked")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} on {self.hearing_id}"


@track_changes
class MaracAction(models.Model):
    """What an agency does for a victim, by when, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        NOT_DONE = "not_done", "Not done"
        OVERTAKEN = "overtaken", "Overtaken by events"

    reference = models.CharField(max_length=16, unique=True)
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="actions")
    case = models.ForeignKey(MaracCase, on_delete=models.PROTECT, related_name="actions")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="marac_actions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="marac_actions")
    #: The agency's team that answers for it, and who of it does it; null: whoever leads the team.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marac_actions", null=True
    )
    words = models.CharField(max_length=1_000)
    #: The last day of it, on the wall clock; `due_at` is its end.
    due_on = models.DateField()
    due_at = models.DateTimeField()
    #: Officers who go there need to know of it: shown at a call and in the briefing.
    is_for_officers = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Made by the browser, like a line's.
    key = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(help_text="The meeting's count when it was agreed")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: What shows that it was done; why it was not; what overtook it.
    evidence = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False) & ~Q(evidence="")),
                name="action_settled_with_evidence",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at"], name="action_open_by_agency", condition=Q(state="open")
            ),
            models.Index(
                fields=["victim"], name="action_open_by_victim", condition=Q(state="open")
            ),
            models.Index(fields=["due_at"], name="action_open", condition=Q(state="open")),
            models.Index(fields=["hearing", "number"], name="action_by_hearing"),
            models.Index(fields=["case"], name="action_by_case"),
        ]

    def __str__(self) -> str:
        return self.reference


class Minutes(models.Model):
    """What a meeting said and decided, as its chair approved it; a correction is a new version."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField(default=1)
    #: The words as approved: what is written later changes them no more (see marac.minutes).
    content = models.JSONField()
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Why there is a further version; blank for the first.
    because = models.CharField(max_length=1_000, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects: models.Manager["Minutes"]

    class Meta:
        default_permissions = ()
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_once_a_version"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(because=""), name="further_minutes_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"Minutes {self.number} of {self.meeting_id}"


class MinutesCopy(models.Model):
    """An agency was sent minutes; each opening is in the audit, the first one here too."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="copies")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["minutes", "agency"], name="copy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.minutes_id}"

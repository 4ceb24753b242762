"""Custody as the custody system and the prisons tell it: messages, and what they add up to."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from incidents.models import Incident
from perpetrators.querysets import (
    CustodyEventQuerySet,
    EpisodeQuerySet,
    ExpectedReleaseQuerySet,
)
from victims.models import Person, Victim, track_changes


class OutsideIdentity(models.Model):
    """What another system calls a person: a message with this number is about them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    #: custody, prison, court: whichever system says the number.
    system = models.CharField(max_length=30)
    number = models.CharField(max_length=60)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            # Matching a message: one look-up by what it says.
            models.UniqueConstraint(fields=["system", "number"], name="identity_is_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.number}"


class Conditions(models.TextChoices):
    """What bail and orders forbid or ask; the words say whom and where."""

    NO_CONTACT = "no_contact", "No contact"
    KEEP_AWAY = "keep_away", "Keep away from a place"
    RESIDE = "reside", "Live at an address"
    CURFEW = "curfew", "Curfew"
    REPORT = "report", "Report to a police station"
    SURRENDER = "surrender", "Hand over passport or weapons"
    OTHER = "other", "Something else"


@track_changes
class CustodyEpisode(models.Model):
    """One run from an arrest to its end; its state is what its events add up to."""

    class State(models.TextChoices):
        DETAINED = "detained", "Detained"
        ON_BAIL = "on_bail", "On bail"
        UNDER_INVESTIGATION = "under_investigation", "Released under investigation"
        CHARGED = "charged", "Charged, in custody"
        REMANDED = "remanded", "Remanded in custody"
        PRISON = "prison", "In prison"
        RELEASED = "released", "Released"
        ENDED = "ended", "No further action"

    #: Where somebody is held: a release is to come.
    HELD = (State.DETAINED, State.CHARGED, State.REMANDED, State.PRISON)

    reference = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="custody_episodes")
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="custody_episodes", null=True
    )
    #: What the custody or prison system calls this run; blank where somebody recorded it here.
    system = models.CharField(max_length=30, blank=True)
    custody_number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=State)
    state_since = models.DateTimeField()
    began_at = models.DateTimeField()
    held_at = models.CharField("where", max_length=120, blank=True)
    offence = models.CharField(max_length=200, blank=True)
    #: Bail: until when, under which conditions ([{"kind": ..., "words": ...}]), and whose.
    bail_until = models.DateTimeField(null=True)
    bail_by_court = models.BooleanField(default=False)
    bail_conditions = models.JSONField(default=list)
    #: The officer in the case; blank where nobody said.
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    version = models.PositiveIntegerField(default=1)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_custody", "May see who is in and out of custody"),
            ("record_custody", "May record custody, bail, court dates and releases"),
            ("send_custody_events", "May send custody events from another system"),
            ("match_custody", "May say whom an unmatched message is about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "custody_number"],
                condition=~Q(custody_number=""),
                name="one_episode_per_custody_number",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-began_at"], name="episode_by_person"),
            # In and out: who is held, who is on bail.
            models.Index(fields=["state", "-state_since"], name="episode_by_state"),
            models.Index(
                fields=["bail_until"],
                name="episode_bail_ends",
                condition=Q(state="on_bail", bail_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CustodyEvent(models.Model):
    """One message, as it came. What it says never changes; whom it is about may be found later."""

    class Kind(models.TextChoices):
        ARREST = "arrest", "Arrest"
        BAIL = "bail", "Bail"
        BAIL_CHANGE = "bail-change", "Bail changed"
        BAIL_BREACH = "bail-breach", "Bail breached"
        UNDER_INVESTIGATION = "under-investigation", "Released under investigation"
        CHARGE = "charge", "Charge"
        NO_FURTHER_ACTION = "no-further-action", "No further action"
        REMAND = "remand", "Remanded in custody"
        RELEASE = "release", "Release"
        COURT_DATE = "court-date", "Court date"
        COURT_DATE_VACATED = "court-date-vacated", "Court date vacated"
        PRISON = "prison", "Sentenced to prison"
        RELEASE_PLANNED = "prison-release-planned", "Release planned"
        RELEASE_CANCELLED = "prison-release-cancelled", "Planned release cancelled"
        PRISON_RELEASE = "prison-release", "Release from prison"

    class State(models.TextChoices):
        APPLIED = "applied", "Applied"
        UNMATCHED = "unmatched", "Waits to be matched"
        NOT_OURS = "not_ours", "Nobody known here"

    #: Which system sent it and what it calls the message: delivered again it changes nothing.
    system = models.CharField(max_length=30)
    message_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=24, choices=Kind)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="custody_events", null=True
    )
    episode = models.ForeignKey(
        CustodyEpisode, on_delete=models.PROTECT, related_name="messages", null=True
    )
    #: The whole message (see perpetrators.messages for its shape), and its fingerprint.
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: How it was known whom it is about, or who said so, or why it is nobody's.
    matched_because = models.CharField(max_length=300, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    matched_at = models.DateTimeField(null=True)

    objects = CustodyEventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["system", "message_id"], name="each_message_once"),
            models.CheckConstraint(
                condition=Q(state="applied", person__isnull=False, episode__isnull=False)
                | (~Q(state="applied") & Q(episode__isnull=True)),
                name="message_applied_to_an_episode",
            ),
        ]
        indexes = [
            # What an episode is made of, in the order of what happened.
            models.Index(
                fields=["episode", "happened_at"],
                name="custody_event_by_episode",
                condition=Q(episode__isnull=False),
            ),
            models.Index(fields=["person", "-happened_at"], name="custody_event_by_person"),
            # The matching list.
            models.Index(
                fields=["received_at"],
                name="custody_event_unmatched",
                condition=Q(state="unmatched"),
            ),
            # What was decided lately: a mistake is soon found.
            models.Index(
                fields=["-matched_at"],
                name="custody_event_decided",
                condition=Q(matched_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.message_id}"

    @property
    def reference(self) -> str:
        """What we call it in addresses and lists: "CE-000123"."""
        return f"CE-{self.pk:06}"


@track_changes
class CourtDate(models.Model):
    """A hearing that is listed; moved it keeps its row, vacated it stays on record."""

    class State(models.TextChoices):
        LISTED = "listed", "Listed"
        VACATED = "vacated", "Vacated"

    episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="hearings")
    #: What the court calls it; blank: told apart by its instant.
    listing = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    court = models.CharField(max_length=120, blank=True)
    hearing = models.CharField(max_length=120, blank=True, help_text="plea, trial, sentence")
    state = models.CharField(max_length=8, choices=State, default=State.LISTED)
    #: The next instant at which its reassessment is to be raised; blank once it was.
    raise_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["episode", "at"], name="hearing_by_episode"),
            models.Index(
                fields=["raise_at"],
                name="hearing_to_raise",
                condition=Q(raise_at__isnull=False, state="listed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hearing or 'hearing'} {self.at:%Y-%m-%d}"


@track_changes
class ExpectedRelease(models.Model):
    """Somebody held is to be released at a known time: victims are told before, not after."""

    class State(models.TextChoices):
        EXPECTED = "expected", "Expected"
        DONE = "done", "Released"
        CANCELLED = "cancelled", "Cancelled"

    episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="releases")
    #: The earliest instant: where only a day is known, the beginning of that day.
    expected_at = models.DateTimeField()
    day_only = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    #: The next instant at which reassessments and updates are to be raised; blank once they were.
    raise_at = models.DateTimeField(null=True)
    #: With no release recorded by then the alarm is raised; the instant at which it was.
    alarm_at = models.DateTimeField()
    alarmed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    objects = ExpectedReleaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(state="expected"),
                name="one_expected_release_per_episode",
            ),
            models.CheckConstraint(
                condition=Q(state="done", released_at__isnull=False)
                | (~Q(state="done") & Q(released_at__isnull=True)),
                name="release_done_has_its_instant",
            ),
        ]
        indexes = [
            # In and out: releases to come.
            models.Index(
                fields=["expected_at"], name="release_expected", condition=Q(state="expected")
            ),
            models.Index(
                fields=["raise_at"],
                name="release_to_raise",
                condition=Q(raise_at__isnull=False, state="expected"),
            ),
            models.Index(
                fields=["alarm_at"],
                name="release_to_alarm",
                condition=Q(state="expected", alarmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"release of {self.episode_id} on {self.expected_at:%Y-%m-%d}"


class ReleaseWatch(models.Model):
    """One victim's side of an expected release: what reminders and the alarm hang from.

    A release that concerns no victim has one row without a victim, for the custody team.
    """

    release = models.ForeignKey(ExpectedRelease, on_delete=models.PROTECT, related_name="watches")
    victim = models.ForeignKey(
        Victim, on_delete=models.PROTECT, related_name="release_watches", null=True
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["release", "victim"],
                nulls_distinct=False,
                name="one_watch_per_release_and_victim",
            )
        ]
        indexes = [models.Index(fields=["victim"], name="release_watch_by_victim")]

    def __str__(self) -> str:
        return f"watch of {self.release_id}"


class CustodyFile(models.Model):
    """A file of messages that was dropped: what became of each of its lines."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    system = models.CharField(max_length=30)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: What it holds, until it is finished.
    content = models.BinaryField(null=True)
    lines = models.PositiveIntegerField(default=0)
    #: Lines that are dealt with: where to go on after a crash.
    done = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)
    #: Lines that were not taken in: line, column (0: no single one), why, and its cells by column;
    #: of very many only the first.
    refused = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [
            # Dropped again it is the same file.
            models.UniqueConstraint(fields=["system", "sha256"], name="each_custody_file_once")
        ]
        indexes = [
            models.Index(fields=["-received_at"], name="custody_file_newest_first"),
            # Those to go on with.
            models.Index(
                fields=["received_at"],
                name="custody_file_unfinished",
                condition=Q(finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """What we call it in addresses and lists: "CF-000123"."""
        return f"CF-{self.pk:06}"

    @property
    def refused_count(self) -> int:
        """Lines that were not taken in, of those that are dealt with."""
        return self.done - self.applied - self.repeated - self.unmatched

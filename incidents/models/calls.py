"""Calls, the incidents that they become, and further calls about the same event."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Area
from incidents.models.grades import ResponseGrade
from incidents.querysets import CallDraftQuerySet, IncidentQuerySet
from victims.models import Address, track_changes


def closed_only_when_signed_off(when: str) -> pgtrigger.Trigger:
    """Refuse a closed incident that no inspector signed off, by whatever way it is written.

    One look for a whole statement, so that loading many rows stays quick. `when` is "insert" or
    "update": a trigger that sees the rows of its statement can watch only one of them.
    """
    return pgtrigger.Trigger(
        name=f"closed_only_when_signed_off_{when}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert if when == "insert" else pgtrigger.Update,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
            IF EXISTS (
                SELECT 1 FROM written
                WHERE state = 'closed' AND NOT EXISTS (
                    SELECT 1 FROM incidents_closure signed
                    WHERE signed.incident_id = written.id AND signed.decision = 'signed_off'
                )
            ) THEN
                RAISE EXCEPTION 'an incident is closed only by an inspector''s signature'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_only_when_signed_off';
            END IF;
            RETURN NULL;
        """,
    )


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
    #: Which agency, counter, website or officer it came through; blank for a call.
    source_detail = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    caller_name = models.CharField(max_length=120, blank=True)
    #: E.164; blank when withheld.
    caller_number = models.CharField(max_length=16, blank=True)
    caller_is = models.CharField(max_length=12, choices=CallerIs, default=CallerIs.VICTIM)
    safe_callback = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=60, blank=True)
    communication_needs = models.CharField(
        max_length=200, blank=True, help_text="Interpreter, relay, hearing, reading, learning"
    )
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="incidents", null=True
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="incidents", null=True)

    narrative = models.TextField(help_text="What is happening")
    verbatim = models.TextField(blank=True, help_text="The very words that were said")
    background = models.CharField(max_length=500, blank=True, help_text="What is heard behind them")
    call_dropped = models.BooleanField(default=False)
    #: {question code: answer code}; the codes are those of incidents.questions.
    answers = models.JSONField(default=dict)
    suggested_grade = models.CharField(max_length=12, choices=ResponseGrade)
    suggested_reasons = models.JSONField(default=list, help_text="Sentences")
    grade = models.CharField(max_length=12, choices=ResponseGrade)
    grade_override_reason = models.TextField(blank=True)
    #: Earlier matches that the handler set aside for this call: "incident:DA-…", "person:P-…".
    set_aside = models.JSONField(default=list)
    #: When somebody must be there: from the grade, or the time agreed for an appointment. None only
    #: in rows older than that rule.
    attend_by = models.DateTimeField(null=True)
    officers_advised = models.PositiveSmallIntegerField(default=2)
    #: Why nobody is sent; blank while somebody is, or is still to be.
    not_sent_reason = models.CharField(max_length=300, blank=True)
    #: Domestic incidents of either party in the twelve months before, counted when logged.
    earlier_in_year = models.PositiveSmallIntegerField(default=0)
    #: Says why no crime was recorded, once that is known; blank where there is a crime.
    non_crime_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    #: The newest check by a supervisor; none while nobody looked.
    supervised_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("log_call", "May log a call and look history up"),
            ("send_officers", "May send officers to an incident"),
            ("attend_incident", "May attend an incident and record the first response"),
            ("view_incidents", "May see the list of incidents"),
            ("manage_resources", "May say who is on duty and in which car"),
            ("request_closure", "May answer the closing questions and ask for closure"),
            ("sign_off_closure", "May sign a closure off, or refuse it"),
            ("supervise_incident", "May check what was done about an incident"),
            ("view_supervision", "May see which incidents were not supervised"),
            ("add_exhibit", "May add photographs and documents to an incident"),
            ("record_outcome", "May record what became of a crime"),
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
            # A state that no list knows would take an incident out of all of them.
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent", "attended", "closed"]),
                name="incident_state_is_known",
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
            # Supervision: what nobody checked, newest first, of one area or all.
            models.Index(
                fields=["area", "-received_at"],
                name="incident_not_supervised",
                condition=Q(supervised_at__isnull=True, state__in=["attended", "closed"]),
            ),
        ]
        triggers = [
            closed_only_when_signed_off("insert"),
            closed_only_when_signed_off("update"),
            # What an inspector signed stays signed; news of it is a new incident, linked.
            pgtrigger.Protect(
                name="stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="closed")
                & (
                    ~pgtrigger.Q(new__state="closed")
                    | ~pgtrigger.Q(new__closed_at=pgtrigger.F("old__closed_at"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def grade_is_overridden(self) -> bool:
        return self.grade != self.suggested_grade


class FurtherCall(models.Model):
    """Another call, or other news, about an incident that is still open: kept whole beside it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="further_calls")
    draft = models.OneToOneField(
        CallDraft, on_delete=models.PROTECT, related_name="further_call", null=True
    )
    source = models.CharField(max_length=8, choices=Incident.Source)
    source_detail = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    caller_name = models.CharField(max_length=120, blank=True)
    caller_number = models.CharField(max_length=16, blank=True)
    caller_is = models.CharField(max_length=12, choices=Incident.CallerIs)
    safe_callback = models.CharField(max_length=200, blank=True)
    narrative = models.TextField()
    verbatim = models.TextField(blank=True)
    background = models.CharField(max_length=500, blank=True)
    call_dropped = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    #: The grade of the incident before and after this news; it can only have risen by it.
    grade_before = models.CharField(max_length=12, choices=ResponseGrade)
    grade_after = models.CharField(max_length=12, choices=ResponseGrade)

    class Meta:
        default_permissions = ()
        indexes = [
            # The page of an incident.
            models.Index(fields=["incident", "received_at"], name="further_call_of_incident"),
            # History look-up by number.
            models.Index(
                fields=["caller_number", "-received_at"],
                name="further_call_by_number",
                condition=~Q(caller_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Further call to {self.incident_id}"


class IncidentLink(models.Model):
    """Two incidents that are about one event, linked and never merged; a wrong link is ended."""

    first = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links_as_first")
    second = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links_as_second")
    words = models.CharField(max_length=300, help_text="Why they are one event")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            # Whichever of the two was named first, the lower number stands first.
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="link_has_its_lower_number_first"
            ),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="linked_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="link_ended_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class Editing(models.Model):
    """Somebody has a page of this incident open for writing; forgotten when they stop."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="being_edited")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: Which page, in words: "the first response".
    page = models.CharField(max_length=40)
    #: When they opened it, and when their page last said so.
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "person"], name="editing_once_per_person_and_incident"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} edits {self.incident_id}"

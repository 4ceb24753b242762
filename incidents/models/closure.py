"""The closure gate: asked for with answers, signed off or refused by an inspector."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.models.calls import Incident
from incidents.querysets import ClosureQuerySet


def decided_by_an_inspector(when: str) -> pgtrigger.Trigger:
    """Refuse a decision by somebody who does not hold the permission through a role."""
    return pgtrigger.Trigger(
        name=f"decided_by_an_inspector_{when}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert if when == "insert" else pgtrigger.Update,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
            IF EXISTS (
                SELECT 1 FROM written
                WHERE decision IN ('signed_off', 'refused') AND NOT EXISTS (
                    SELECT 1
                    FROM accounts_user_groups holds
                    JOIN auth_group_permissions grants ON grants.group_id = holds.group_id
                    JOIN auth_permission permission ON permission.id = grants.permission_id
                    JOIN django_content_type kind ON kind.id = permission.content_type_id
                    WHERE holds.user_id = written.decided_by_id
                      AND permission.codename = 'sign_off_closure'
                      AND kind.app_label = 'incidents'
                )
            ) THEN
                RAISE EXCEPTION 'only an inspector of the control room decides a closure'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_by_an_inspector';
            END IF;
            RETURN NULL;
        """,
    )


def never_truncated() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which no trigger on rows sees."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


class Closure(models.Model):
    """A request to close an incident, with answers about the victim's safety; decided once."""

    class Kind(models.TextChoices):
        CRIME = "crime", "Crime recorded"
        NON_CRIME = "non_crime", "Domestic non-crime"

    class Decision(models.TextChoices):
        WAITING = "", "Waiting for an inspector"
        SIGNED_OFF = "signed_off", "Signed off"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="closures")
    kind = models.CharField(max_length=10, choices=Kind)
    non_crime_reason = models.CharField(max_length=300, blank=True)
    #: {question code: {"answer": code, "words": text}}; codes are those of incidents.closing.
    answers = models.JSONField(default=dict)
    #: The officer whose answers they are; whoever asks for closure may have written them down.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    #: What the inspector said: always with a refusal.
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["", "signed_off", "refused", "withdrawn"]),
                name="closure_decision_is_known",
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(decision=""), name="one_closure_waits"
            ),
            # Also the trigger that guards the incident's state.
            models.UniqueConstraint(
                fields=["incident"], condition=Q(decision="signed_off"), name="signed_off_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="closure_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(words=""), name="closure_refused_with_words"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["signed_off", "refused"])
                | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("answered_by"))),
                name="closure_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="crime", non_crime_reason="")
                | (Q(kind="non_crime") & ~Q(non_crime_reason="")),
                name="non_crime_closure_has_its_reason",
            ),
        ]
        indexes = [
            # Closures waiting: the oldest request first.
            models.Index(fields=["requested_at"], name="closure_waiting", condition=Q(decision="")),
            # Beside them: what was refused lately and not answered.
            models.Index(
                fields=["-decided_at"], name="closure_refused", condition=Q(decision="refused")
            ),
            models.Index(fields=["incident", "-requested_at"], name="closure_of_incident"),
        ]
        triggers = [
            decided_by_an_inspector("insert"),
            decided_by_an_inspector("update"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_truncated(),
            # What was decided stays: a new request is a new row.
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Closure of {self.incident_id}"

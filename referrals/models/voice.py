"""What victims thought of the service: asked by a safe way after the end, counted in numbers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from referrals.models.advising import IdvaCase
from referrals.querysets import SurveyQuerySet
from victims.models import Contact, Victim


class Survey(models.Model):
    """A few questions to one victim, after the police's case or the adviser's was closed.

    They are asked in a contact by the safe way, or answered by the victim through a link that they
    are given in one; the link says nothing of what it is about.
    """

    class About(models.TextChoices):
        POLICE = "police", "The police and their partners"
        ADVISER = "adviser", "The IDVA service"

    class State(models.TextChoices):
        TO_ASK = "to_ask", "To be asked"
        LINK_GIVEN = "link_given", "Has the link"
        ANSWERED = "answered", "Answered"
        DECLINED = "declined", "Did not want to answer"
        NOT_SAFE = "not_safe", "Not asked: there was no safe way"
        NO_ANSWER = "no_answer", "No answer in time"

    OPEN = (State.TO_ASK, State.LINK_GIVEN)

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="surveys")
    about = models.CharField(max_length=8, choices=About)
    #: The adviser's case, where it is about that.
    idva_case = models.OneToOneField(
        IdvaCase, on_delete=models.PROTECT, related_name="survey", null=True
    )
    #: Who answers for asking.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="surveys")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="surveys", null=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.TO_ASK)
    #: When the case was closed.
    closed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    #: The contact in which it was asked or the link was given.
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="surveys", null=True
    )
    #: SHA-256 of the link's secret, which nobody here keeps.
    link_digest = models.CharField(max_length=64, blank=True)
    link_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: By question, 1 (not at all) to 5 (wholly); a question passed over is not there.
    answers = models.JSONField(default=dict)
    #: In the victim's own words; read by the side that it is about.
    words = models.TextField(blank=True)
    reason = models.CharField(max_length=1_000, blank=True, help_text="Why it was not asked")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "about"],
                condition=Q(state__in=["to_ask", "link_given"]),
                name="one_open_survey_of_a_victim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["to_ask", "link_given"], settled_at__isnull=True)
                | (~Q(state__in=["to_ask", "link_given"]) & Q(settled_at__isnull=False)),
                name="survey_settled_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_safe") | ~Q(reason=""), name="survey_not_asked_with_words"
            ),
            models.UniqueConstraint(
                fields=["link_digest"], condition=~Q(link_digest=""), name="survey_link_is_one"
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_at"],
                name="survey_open_by_team",
                condition=Q(state__in=["to_ask", "link_given"]),
            ),
            # The results of a period.
            models.Index(fields=["about", "closed_at"], name="survey_by_closing"),
            models.Index(fields=["victim", "-opened_at"], name="survey_by_victim"),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_state_display()}"

"""Notices to staff with a short test: who was asked, who has read, who has passed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from accounts.roles import Role
from audit.models import append_only
from learning.querysets import NoticeQuerySet

FEWEST_OPTIONS, MOST_OPTIONS, MOST_QUESTIONS = 2, 5, 10

#: What may still be written once a notice is published: that it is withdrawn.
_WITHDRAWAL = "ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_words']"

_WHOLE_WHEN_PUBLISHED = f"""
    IF NEW.published_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.published_at IS NULL)
       AND (NOT EXISTS (SELECT 1 FROM learning_question WHERE notice_id = NEW.id)
            OR EXISTS (
                SELECT 1 FROM learning_question q
                WHERE q.notice_id = NEW.id
                  AND (q.text = '' OR q.why = '' OR '' = ANY(q.options)
                       OR cardinality(q.options) NOT BETWEEN {FEWEST_OPTIONS} AND {MOST_OPTIONS}
                       OR cardinality(q."right") NOT BETWEEN 1 AND cardinality(q.options) - 1
                       OR EXISTS (SELECT 1 FROM unnest(q."right") one
                                  WHERE one NOT BETWEEN 0 AND cardinality(q.options) - 1))))
    THEN
        RAISE EXCEPTION 'a notice is published with a test that can be passed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_published_with_its_test';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - numbers of this module

_STAYS_WITH_ITS_NOTICE = """
    IF EXISTS (SELECT 1 FROM learning_notice
               WHERE published_at IS NOT NULL AND id IN (NEW.notice_id, OLD.notice_id))
    THEN
        RAISE EXCEPTION 'what is published is never changed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


def no_truncate() -> pgtrigger.Trigger:
    """The part of `append_only` that refuses TRUNCATE, for tables whose drafts may change."""
    return append_only()[1]


def stays_with_its_notice() -> list[pgtrigger.Trigger]:
    """Refuse any change of a row that belongs to a published notice, whoever asks."""
    return [
        pgtrigger.Trigger(
            name="published_stays",
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            func=_STAYS_WITH_ITS_NOTICE,
        ),
        no_truncate(),
    ]


class Notice(models.Model):
    """Something that staff must know, and by when. Published once; then it stays as it is."""

    class Kind(models.TextChoices):
        DEFINITION = "definition", "Definition"
        LESSON = "lesson", "Lesson from a review"
        PROCEDURE = "procedure", "Change of procedure"

    reference = models.CharField(max_length=16, unique=True)
    #: Of the page that began it: the same page sent twice makes one draft.
    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DEFINITION)
    title = models.CharField(max_length=120, blank=True)
    #: Plain text; an empty line begins a paragraph.
    body = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="Where it comes from")
    #: Whoever holds one of these roles is asked; with teams, only those of them in these teams.
    roles = ArrayField(
        models.CharField(max_length=60, choices=[(one.value, one.value) for one in Role]),
        default=list,
    )
    teams = models.ManyToManyField(Team, through="NoticeTeam", related_name="+")
    #: The last local day; on a draft None stands for the policy's days after publication.
    pass_by = models.DateField(null=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replacement", null=True
    )
    edition = models.PositiveSmallIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_words = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("write_notice", "May write notices to staff and publish them"),
            ("view_results", "May see who of their team has read and passed"),
            ("view_all_results", "May see who of every team has read and passed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | (
                    Q(
                        published_at__isnull=False,
                        published_by__isnull=False,
                        pass_by__isnull=False,
                        roles__len__gt=0,
                    )
                    & ~Q(title="")
                    & ~Q(body="")
                ),
                name="notice_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_words=""
                )
                | (
                    Q(
                        published_at__isnull=False,
                        withdrawn_at__isnull=False,
                        withdrawn_by__isnull=False,
                    )
                    & ~Q(withdrawn_words="")
                ),
                name="notice_withdrawn_with_words",
            ),
        ]
        indexes = [
            # What is in force, and the list of what was written, newest first.
            models.Index(
                fields=["-published_at"],
                name="notice_published",
                condition=Q(published_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.published_at IS NOT NULL AND "
                    f"to_jsonb(OLD) - {_WITHDRAWAL} IS DISTINCT FROM to_jsonb(NEW) - {_WITHDRAWAL}"
                ),
            ),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="published_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="published_with_its_test",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_WHOLE_WHEN_PUBLISHED,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def name(self) -> str:
        """The title, also of a draft that has none yet."""
        return self.title or "Untitled"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class NoticeTeam(models.Model):
    """One of the teams that a notice is meant for."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="noticeteams")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "team"], name="team_named_once_in_a_notice")
        ]
        triggers = [*stays_with_its_notice()]

    def __str__(self) -> str:
        return f"{self.notice_id} for {self.team_id}"


class Question(models.Model):
    """One question of a notice's test. On a draft it may be half written."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500, blank=True)
    options = ArrayField(models.CharField(max_length=300, blank=True), default=list)
    #: Positions in `options`, from 0. One: choose one; several: choose all that are right.
    right = ArrayField(models.PositiveSmallIntegerField(), default=list)
    why = models.CharField(max_length=1_000, blank=True, help_text="Shown after answering")

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="question_has_its_place"),
            models.CheckConstraint(
                condition=Q(options__len__lte=MOST_OPTIONS), name="question_options_are_few"
            ),
        ]
        triggers = [*stays_with_its_notice()]

    def __str__(self) -> str:
        return f"Question {self.position + 1} of {self.notice_id}"


class Reading(models.Model):
    """Somebody opened the whole notice themself; the first time counts."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="first_reading")]
        triggers = [*append_only()]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.notice_id}"


class Attempt(models.Model):
    """Somebody answered a notice's test."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: From 1; it also decides in which order the options stood.
    number = models.PositiveSmallIntegerField()
    #: {question id: [positions chosen]}, positions as the question keeps them.
    answers = models.JSONField()
    right_count = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "notice", "number"], name="attempts_follow_one_another"
            ),
            models.UniqueConstraint(
                fields=["user", "notice"], condition=Q(passed=True), name="passed_once"
            ),
            # Every question right: see learning.marking.
            models.CheckConstraint(
                condition=Q(passed=True, right_count=F("asked"))
                | Q(passed=False, right_count__lt=F("asked")),
                name="passed_with_everything_right",
            ),
        ]
        triggers = [*append_only()]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.user_id} at {self.notice_id}"


class Assignment(models.Model):
    """One person is asked to pass one notice's test: what its deadline hangs from.

    Who is asked is worked out from roles and teams (`learning.owed`); these rows follow it, so that
    each person's time begins when they were first asked.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    owed_since = models.DateTimeField()
    due_at = models.DateTimeField()
    #: Set when the person was asked no longer: another role or team, a notice withdrawn.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "notice"], name="asked_once"),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("owed_since")), name="assignment_due_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["notice", "user"], name="assignment_of_notice")]

    def __str__(self) -> str:
        return f"{self.notice_id} asked of {self.user_id}"

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("incidents", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("victims", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("version", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("is_official_wording", models.BooleanField(default=False)),
                ("content", models.JSONField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("police", "Police, after an incident"),
                            ("partner", "Partner agencies"),
                            ("stalking", "Stalking"),
                            ("honour", "So-called honour"),
                            ("young", "Young person"),
                            ("other", "Other model"),
                        ],
                        default="police",
                        max_length=12,
                    ),
                ),
                ("in_use", models.BooleanField(default=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("edited_at", models.DateTimeField(null=True)),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("draft_version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("edit_instrument", "May edit, preview and publish questionnaires")
                ],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="instrument_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("in_use", True)),
                        fields=("code",),
                        name="one_version_in_use",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("code",),
                        name="one_draft_per_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_use", False), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="instrument_in_use_is_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reassessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reassessments",
                        to="victims.victim",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be done"),
                            ("done", "Done"),
                            ("fallen_away", "No longer called for"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "grade_when_opened",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reassessments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("assessed", "Assessed anew"),
                            ("kept", "Grade kept, with reasons"),
                            ("raised", "Grade raised, with reasons"),
                            ("lowered", "Lower grade put to a supervisor"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [("reassess_risk", "May look at a victim's risk again")],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["owner", "due_at"],
                        name="reassessment_open_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["team", "due_at"],
                        name="reassessment_open_by_team",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_at"],
                        name="reassessment_open",
                    ),
                    models.Index(fields=["victim", "-opened_at"], name="reassessment_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("victim",),
                        name="one_open_reassessment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("done_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reassessment_ended_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True), ("done_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reassessment_done_has_its_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReassessmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="risk.reassessment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("reference", models.CharField(max_length=16)),
                (
                    "victim",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.victim",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be done"),
                            ("done", "Done"),
                            ("fallen_away", "No longer called for"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "grade_when_opened",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("assessed", "Assessed anew"),
                            ("kept", "Grade kept, with reasons"),
                            ("raised", "Grade raised, with reasons"),
                            ("lowered", "Lower grade put to a supervisor"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReassessmentReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reassessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reasons",
                        to="risk.reassessment",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.victim",
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("release", "released from custody"),
                            ("bail", "bail granted"),
                            ("bail_change", "bail changed or ended"),
                            ("charge", "charged"),
                            ("court_date", "court date near"),
                            ("release_planned", "release planned"),
                            ("prison_release", "released from prison"),
                            ("release_overdue", "release expected, none recorded"),
                            ("order_made", "order made"),
                            ("order_breached", "order or bail breached"),
                            ("new_incident", "new incident"),
                            ("moved", "moved"),
                            ("separated", "separated"),
                            ("gone_quiet", "gone quiet"),
                            ("grade_doubted", "grade doubted by the unit or an adviser"),
                            ("periodic", "periodic review"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("words", models.CharField(max_length=300)),
                ("due_at", models.DateTimeField()),
                ("basis", models.CharField(max_length=300)),
                ("source_type", models.CharField(max_length=60)),
                ("source_id", models.BigIntegerField()),
                ("fallen_away_at", models.DateTimeField(null=True)),
                ("fallen_away_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["reassessment", "happened_at"], name="reason_by_reassessment"
                    ),
                    models.Index(fields=["source_type", "source_id"], name="reason_by_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("victim", "trigger", "source_type", "source_id", "happened_at"),
                        name="reason_once_per_source_and_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fallen_away_at__isnull", True),
                            models.Q(("fallen_away_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reason_fell_away_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="incidents.incident",
                    ),
                ),
                (
                    "reassessment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="risk.reassessment",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="victims.victim",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="risk.instrument",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being made"),
                            ("submitted", "Waiting for review"),
                            ("returned", "Returned with words"),
                            ("reviewed", "Reviewed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("due_because", models.CharField(max_length=300)),
                ("started_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                ("yes_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "suggested_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("suggested_reasons", models.JSONField(default=list)),
                (
                    "judged_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("judged_reason", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("writer", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "permissions": [
                    ("assess_risk", "May assess a victim's risk"),
                    ("review_assessment", "May review an assessment"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["submitted_at"],
                        name="assessment_to_review",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["draft", "returned"])),
                        fields=["officer", "started_at"],
                        name="assessment_of_officer",
                    ),
                    models.Index(fields=["victim", "-started_at"], name="assessment_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reassessment__isnull", True)),
                        fields=("incident", "victim", "instrument"),
                        name="one_assessment_per_incident",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reassessment__isnull", False)),
                        fields=("reassessment", "instrument"),
                        name="one_assessment_per_reassessment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("submitted_at__isnull", False),
                                models.Q(("grade", ""), _negated=True),
                                models.Q(("judged_grade", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_submitted_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", False), ("state", "reviewed")),
                            models.Q(
                                models.Q(("state", "reviewed"), _negated=True),
                                ("reviewed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_reviewed_has_its_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="risk.assessment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("reference", models.CharField(max_length=16)),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "reassessment",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="risk.reassessment",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.victim",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="risk.instrument",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being made"),
                            ("submitted", "Waiting for review"),
                            ("returned", "Returned with words"),
                            ("reviewed", "Reviewed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("due_because", models.CharField(max_length=300)),
                ("started_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                ("yes_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "suggested_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("suggested_reasons", models.JSONField(default=list)),
                (
                    "judged_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("judged_reason", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("writer", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AssessmentReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="risk.assessment",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            ("return", "Return with words"),
                            ("regrade", "Regrade"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "grade_before",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "grade_after",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rationale", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision", "accept"),
                            models.Q(("rationale", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_refusal_has_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnknownAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unknowns",
                        to="risk.assessment",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unknowns",
                        to="victims.victim",
                    ),
                ),
                ("topic", models.CharField(max_length=10)),
                ("answer", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be found out"),
                            ("found", "Found out"),
                            ("cannot", "Cannot be found out"),
                            ("asked_anew", "Asked anew in a later assessment"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("found", models.CharField(blank=True, max_length=10)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["victim"],
                        name="unknown_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "topic"), name="unknown_topic_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="unknown_settled_has_its_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="victims.victim",
                    ),
                ),
                (
                    "reassessment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="risk.reassessment",
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counts", "Counts"),
                            ("waiting", "Waits for a supervisor"),
                            ("agreed", "Agreed"),
                            ("refused", "Not agreed"),
                            ("overtaken", "Overtaken by a later grade"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_words", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["victim", "-at"], name="judgement_by_victim")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="judgement_has_reasons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("victim",),
                        name="one_judgement_waits_per_victim",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("state__in", ["counts", "waiting"])
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["agreed", "refused", "overtaken"]),
                            ),
                            _connector="OR",
                        ),
                        name="judgement_decided_has_its_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_changes",
                        to="victims.victim",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "assessment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="risk.assessment",
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="risk.gradejudgement",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["victim", "at"], name="grade_history_of_victim")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("assessment__isnull", False),
                            ("judgement__isnull", False),
                            _connector="OR",
                        ),
                        name="grade_change_came_of_something",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "risk_reassessmentevent" ("done_at", "done_by_id", "due_at", "grade_when_opened", "id", "opened_at", "outcome", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."done_at", OLD."done_by_id", OLD."due_at", OLD."grade_when_opened", OLD."id", OLD."opened_at", OLD."outcome", OLD."owner_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="9230743558d2f0de3e88c1eb497de00f420a92b6",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_7ec59",
                    table="risk_reassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "risk_reassessmentevent" ("done_at", "done_by_id", "due_at", "grade_when_opened", "id", "opened_at", "outcome", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."done_at", OLD."done_by_id", OLD."due_at", OLD."grade_when_opened", OLD."id", OLD."opened_at", OLD."outcome", OLD."owner_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="c00aee3b46234726239d6fb1dab379bc7d54447d",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_83698",
                    table="risk_reassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assessment",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "risk_assessmentevent" ("answers", "due_because", "grade", "id", "incident_id", "instrument_id", "judged_grade", "judged_reason", "officer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reassessment_id", "reference", "reviewed_at", "started_at", "state", "submitted_at", "suggested_grade", "suggested_reasons", "version", "victim_id", "writer", "yes_count") VALUES (OLD."answers", OLD."due_because", OLD."grade", OLD."id", OLD."incident_id", OLD."instrument_id", OLD."judged_grade", OLD."judged_reason", OLD."officer_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reassessment_id", OLD."reference", OLD."reviewed_at", OLD."started_at", OLD."state", OLD."submitted_at", OLD."suggested_grade", OLD."suggested_reasons", OLD."version", OLD."victim_id", OLD."writer", OLD."yes_count"); RETURN NULL;',
                    hash="dfb79f1fa1a0d9fdd8bc820237f045b3f7e10e79",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_2d67b",
                    table="risk_assessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assessment",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "risk_assessmentevent" ("answers", "due_because", "grade", "id", "incident_id", "instrument_id", "judged_grade", "judged_reason", "officer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reassessment_id", "reference", "reviewed_at", "started_at", "state", "submitted_at", "suggested_grade", "suggested_reasons", "version", "victim_id", "writer", "yes_count") VALUES (OLD."answers", OLD."due_because", OLD."grade", OLD."id", OLD."incident_id", OLD."instrument_id", OLD."judged_grade", OLD."judged_reason", OLD."officer_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reassessment_id", OLD."reference", OLD."reviewed_at", OLD."started_at", OLD."state", OLD."submitted_at", OLD."suggested_grade", OLD."suggested_reasons", OLD."version", OLD."victim_id", OLD."writer", OLD."yes_count"); RETURN NULL;',
                    hash="03396b1804ce815731ac34e252ee48e48a15f33b",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_dcbe8",
                    table="risk_assessment",
                    when="AFTER",
                ),
            ),
        ),
    ]

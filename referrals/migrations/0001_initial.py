import django.contrib.postgres.fields
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
        ("risk", "0001_initial"),
        ("victims", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
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
                        related_name="referrals",
                        to="victims.victim",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="incidents.incident",
                    ),
                ),
                (
                    "assessment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referral",
                        to="risk.assessment",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="accounts.agency",
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
                ("risk_rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "With nobody"),
                            ("claimed", "Being worked on"),
                            ("completed", "Processed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("earlier_in_year", models.PositiveSmallIntegerField(default=0)),
                ("children", models.PositiveSmallIntegerField(default=0)),
                (
                    "about",
                    models.CharField(
                        help_text="assault with injury; non-crime, verbal", max_length=120
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shared", "Shared with agencies"),
                            ("shared_idva", "Shared, and offered an IDVA"),
                            ("owner_named", "Named owner for contact and safety plan"),
                            ("nothing_to_share", "Nothing to share, with reasons"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_words", models.TextField(blank=True)),
                ("no_idva_reason", models.TextField(blank=True)),
                (
                    "late_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too_many", "More was waiting than could be worked on"),
                            ("partner", "Another agency's answer was missing"),
                            ("information", "Something was missing in the assessment"),
                            ("not_reached", "The victim could not be reached safely"),
                            ("came_late", "It reached the unit late"),
                            ("overlooked", "It was overlooked"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("late_reason", models.TextField(blank=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("view_queue", "May see the referral queue"),
                    ("work_referral", "May claim, share and complete referrals"),
                    ("view_backlog", "May see how many referrals wait and how old they are"),
                    ("refer_to_unit", "May refer somebody to the unit for their agency"),
                    ("see_shared", "May see what was shared with their agency, and answer it"),
                    ("manage_agencies", "May keep partner agencies and how they are reached"),
                    ("refer_to_advisers", "May refer a victim to the IDVA service"),
                    ("support_victims", "May work on cases of the IDVA service that are theirs"),
                    ("allocate_cases", "May accept, refuse and allocate cases of the IDVA service"),
                    ("ask_voice", "May ask victims what they thought of the service"),
                    ("view_voice", "May see in numbers what victims thought of the service"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("risk_rank"), descending=True),
                        models.Func(
                            models.F("due_at"),
                            output_field=models.DateTimeField(),
                            template="date_trunc('minute', %(expressions)s AT TIME ZONE 'UTC')",
                        ),
                        models.OrderBy(models.F("earlier_in_year"), descending=True),
                        models.OrderBy(models.F("children"), descending=True),
                        models.OrderBy(models.F("due_at")),
                        models.OrderBy(models.F("id")),
                        condition=models.Q(("state", "completed"), _negated=True),
                        include=("claimed_by", "paused_at"),
                        name="referral_queue",
                    ),
                    models.Index(
                        models.OrderBy(models.F("risk_rank"), descending=True),
                        models.Func(
                            models.F("due_at"),
                            output_field=models.DateTimeField(),
                            template="date_trunc('minute', %(expressions)s AT TIME ZONE 'UTC')",
                        ),
                        models.OrderBy(models.F("earlier_in_year"), descending=True),
                        models.OrderBy(models.F("children"), descending=True),
                        models.OrderBy(models.F("due_at")),
                        models.OrderBy(models.F("id")),
                        condition=models.Q(("state", "waiting")),
                        name="referral_unclaimed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "completed"), _negated=True),
                        fields=["due_at", "id"],
                        name="referral_queue_by_time",
                    ),
                    models.Index(
                        condition=models.Q(("state", "claimed")),
                        fields=["claimed_by", "due_at"],
                        name="referral_of_worker",
                    ),
                    models.Index(
                        condition=models.Q(("state", "completed")),
                        fields=["completed_at", "id"],
                        name="referral_completed",
                    ),
                    models.Index(fields=["victim", "-submitted_at"], name="referral_by_victim"),
                    models.Index(
                        condition=models.Q(("paused_at__isnull", False)),
                        fields=["paused_at"],
                        name="referral_paused",
                    ),
                    models.Index(
                        condition=models.Q(("agency__isnull", False)),
                        fields=["agency", "-submitted_at"],
                        name="referral_by_agency",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("agency__isnull", True),
                                ("assessment__isnull", False),
                                ("incident__isnull", False),
                            ),
                            models.Q(
                                ("agency__isnull", False),
                                ("assessment__isnull", True),
                                ("incident__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="referral_of_assessment_or_agency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_at__isnull", True),
                            models.Q(("state", "completed"), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_runs_when_completed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claimed_at__isnull", True),
                                ("claimed_by__isnull", True),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("claimed_at__isnull", False),
                                ("claimed_by__isnull", False),
                                ("state__in", ["claimed", "completed"]),
                            ),
                            _connector="OR",
                        ),
                        name="referral_claimed_by_exactly_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("completed_at__isnull", False),
                                ("state", "completed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "completed"), _negated=True),
                                ("completed_at__isnull", True),
                                ("outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_completed_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "completed"), _negated=True),
                            ("completed_at__lte", models.F("due_at")),
                            models.Q(("late_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_late_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralEvent",
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
                        to="referrals.referral",
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
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="risk.assessment",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.agency",
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
                ("risk_rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "With nobody"),
                            ("claimed", "Being worked on"),
                            ("completed", "Processed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("earlier_in_year", models.PositiveSmallIntegerField(default=0)),
                ("children", models.PositiveSmallIntegerField(default=0)),
                (
                    "about",
                    models.CharField(
                        help_text="assault with injury; non-crime, verbal", max_length=120
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shared", "Shared with agencies"),
                            ("shared_idva", "Shared, and offered an IDVA"),
                            ("owner_named", "Named owner for contact and safety plan"),
                            ("nothing_to_share", "Nothing to share, with reasons"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_words", models.TextField(blank=True)),
                ("no_idva_reason", models.TextField(blank=True)),
                (
                    "late_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too_many", "More was waiting than could be worked on"),
                            ("partner", "Another agency's answer was missing"),
                            ("information", "Something was missing in the assessment"),
                            ("not_reached", "The victim could not be reached safely"),
                            ("came_late", "It reached the unit late"),
                            ("overlooked", "It was overlooked"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("late_reason", models.TextField(blank=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReferralDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("arrived", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("done_in_time", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_in_time__lte", models.F("done"))),
                        name="referral_day_adds_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="referrals.referral",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("other_force", "Another force was asked and has not answered"),
                            (
                                "partner",
                                "A partner was asked for what is needed and has not answered",
                            ),
                            ("in_hospital", "The victim is in hospital and cannot be asked"),
                            ("abroad", "The victim is abroad and out of reach"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("from_at", models.DateTimeField()),
                (
                    "from_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "until_by",
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
                "indexes": [models.Index(fields=["from_at"], name="pause_by_start")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_at__isnull", True)),
                        fields=("referral",),
                        name="one_pause_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_at__isnull", True),
                            ("until_at__gte", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="pause_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="referrals.referral",
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
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("question", models.CharField(max_length=2000)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agrees", "Agrees"),
                            ("higher", "Would grade it higher"),
                            ("lower", "Would grade it lower"),
                            ("other", "Has something else to say"),
                            ("gone", "No longer asked"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["asked_of", "asked_at"],
                        name="opinion_to_give",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("referral", "asked_of"),
                        name="one_open_opinion_of_a_colleague",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="opinion_answered_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("asked_of")), _negated=True),
                        name="opinion_of_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_checks",
                        to="referrals.referral",
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
                    "grade",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("very_high", "Very high"),
                        ],
                        help_text="As it stood then",
                        max_length=10,
                    ),
                ),
                (
                    "would_be",
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
                ("words", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["referral", "-at"], name="grade_check_by_referral")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("would_be", models.F("grade")),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="grade_sent_back_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdvaCase",
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
                        related_name="idva_cases",
                        to="victims.victim",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idva_cases",
                        to="referrals.referral",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idva_cases",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idva_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("referred", "Waiting for an answer"),
                            ("accepted", "Supported"),
                            ("refused", "Not accepted"),
                            ("closed", "Closed"),
                        ],
                        default="referred",
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
                        help_text="When it was referred",
                        max_length=10,
                    ),
                ),
                (
                    "referred_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("referred_at", models.DateTimeField()),
                ("reason", models.TextField(help_text="What is asked of the adviser")),
                ("victim_agrees", models.BooleanField(null=True)),
                ("agreement_words", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refused_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_high", "Not high risk"),
                            ("no_room", "No adviser has room"),
                            ("conflict", "The service supports the other person"),
                            ("elsewhere", "Supported by another service already"),
                            ("declined", "The victim does not want an adviser"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("refused_words", models.CharField(blank=True, max_length=1000)),
                ("allocated_at", models.DateTimeField(null=True)),
                ("first_contact_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                ("gave_up_words", models.CharField(blank=True, max_length=1000)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Support is complete"),
                            ("client_ended", "The client ended it"),
                            ("not_reached", "The client could not be reached"),
                            ("passed_on", "Passed on to another service"),
                            ("died", "The client has died"),
                        ],
                        max_length=12,
                    ),
                ),
                ("closed_words", models.TextField(blank=True)),
                ("outcomes", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["referred", "accepted"])),
                        fields=["owner", "-allocated_at"],
                        name="case_open_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["referred", "accepted"])),
                        fields=["team", "referred_at"],
                        name="case_open_by_team",
                    ),
                    models.Index(fields=["victim", "-referred_at"], name="case_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["referred", "accepted"])),
                        fields=("victim",),
                        name="one_open_case_of_a_victim",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(
                                models.Q(("refused_because", ""), _negated=True),
                                models.Q(("refused_words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="case_refused_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "referred"), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="case_answered_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "closed"]), _negated=True),
                            ("allocated_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_accepted_is_allocated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_because", ""), _negated=True),
                                models.Q(("closed_words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="case_closed_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdvaCaseEvent",
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
                        to="referrals.idvacase",
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
                    "referral",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="referrals.referral",
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
                            ("referred", "Waiting for an answer"),
                            ("accepted", "Supported"),
                            ("refused", "Not accepted"),
                            ("closed", "Closed"),
                        ],
                        default="referred",
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
                        help_text="When it was referred",
                        max_length=10,
                    ),
                ),
                (
                    "referred_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("referred_at", models.DateTimeField()),
                ("reason", models.TextField(help_text="What is asked of the adviser")),
                ("victim_agrees", models.BooleanField(null=True)),
                ("agreement_words", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                    "refused_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_high", "Not high risk"),
                            ("no_room", "No adviser has room"),
                            ("conflict", "The service supports the other person"),
                            ("elsewhere", "Supported by another service already"),
                            ("declined", "The victim does not want an adviser"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("refused_words", models.CharField(blank=True, max_length=1000)),
                ("allocated_at", models.DateTimeField(null=True)),
                ("first_contact_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                ("gave_up_words", models.CharField(blank=True, max_length=1000)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
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
                    "closed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Support is complete"),
                            ("client_ended", "The client ended it"),
                            ("not_reached", "The client could not be reached"),
                            ("passed_on", "Passed on to another service"),
                            ("died", "The client has died"),
                        ],
                        max_length=12,
                    ),
                ),
                ("closed_words", models.TextField(blank=True)),
                ("outcomes", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SupportNeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="referrals.idvacase",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("safety", "Safety"),
                            ("housing", "Housing"),
                            ("criminal_law", "Criminal law"),
                            ("civil_law", "Civil law"),
                            ("children", "Children"),
                            ("child_contact", "Contact between children and the other parent"),
                            ("benefits", "Benefits"),
                            ("debt", "Debt and money"),
                            ("health", "Health"),
                            ("immigration", "Immigration"),
                            ("other", "Something else"),
                        ],
                        max_length=14,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("met", "Met"),
                            ("partly", "Partly met"),
                            ("not_met", "Not met"),
                            ("declined", "Help not wanted"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                ("outcome", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["case", "opened_at"], name="need_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("settled_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="need_settled_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtSupport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courts",
                        to="referrals.idvacase",
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
                    "court",
                    models.CharField(
                        choices=[
                            ("magistrates", "Magistrates' court"),
                            ("crown", "Crown Court"),
                            ("family", "Family court"),
                            ("county", "County court"),
                        ],
                        max_length=12,
                    ),
                ),
                ("hearing_at", models.DateTimeField()),
                ("about", models.CharField(max_length=300)),
                (
                    "measures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("screen", "A screen"),
                                ("live_link", "Evidence by live link"),
                                ("entrance", "Another entrance and waiting room"),
                                ("intermediary", "An intermediary or interpreter"),
                                ("recorded", "Evidence recorded beforehand"),
                                ("visit", "A visit beforehand"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("supported", "Supported there"),
                            ("without", "Took place without an adviser"),
                            ("moved", "Did not take place that day"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=1000)),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["case", "hearing_at"], name="court_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "planned")),
                            models.Q(
                                models.Q(("state", "planned"), _negated=True),
                                ("settled_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="court_settled_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="referrals.idvacase",
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
                    "occasion",
                    models.CharField(
                        choices=[
                            ("weeks", "After six to eight weeks"),
                            ("closing", "Before the case is closed"),
                            ("between", "In between"),
                        ],
                        max_length=8,
                    ),
                ),
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
                (
                    "would_be",
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
                    "safety",
                    models.CharField(
                        choices=[
                            ("safer", "Safer than at the beginning"),
                            ("same", "About the same"),
                            ("less_safe", "Less safe"),
                            ("not_known", "Not known"),
                        ],
                        max_length=10,
                    ),
                ),
                ("feels_safe", models.PositiveSmallIntegerField(null=True)),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["case", "-at"], name="review_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("feels_safe__isnull", True),
                            ("feels_safe__range", (1, 5)),
                            _connector="OR",
                        ),
                        name="feels_safe_from_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("would_be", models.F("grade")),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_review_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyReferral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="referrals.referral",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="victims.victim",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="accounts.agency",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("their_reference", models.CharField(blank=True, max_length=60)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("date_of_birth", models.DateField(null=True)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("address_line", models.CharField(blank=True, max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("safe_contact", models.CharField(max_length=500)),
                (
                    "perpetrator",
                    models.CharField(help_text="Who is feared, as far as is known", max_length=500),
                ),
                ("children", models.CharField(blank=True, max_length=500)),
                ("children_count", models.PositiveSmallIntegerField(default=0)),
                ("what_happened", models.TextField()),
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
                ("grade_reason", models.TextField()),
                ("yes_count", models.PositiveSmallIntegerField(null=True)),
                ("victim_agrees", models.BooleanField()),
                ("without_consent_reason", models.TextField(blank=True)),
                (
                    "identified",
                    models.CharField(
                        choices=[
                            ("new", "Nobody here had that name and birth date"),
                            ("matched", "One person here had that name and birth date"),
                            ("several", "More than one person here may be meant"),
                            ("worker", "A worker said who it is"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "identified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("identified_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["agency", "-sent_at"], name="incoming_by_agency"),
                    models.Index(fields=["victim", "-sent_at"], name="incoming_by_victim"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("victim_agrees", True),
                            models.Q(("without_consent_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="referred_without_consent_has_reasons",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sharing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("referral", "Information shared"),
                            ("school", "A school is told before its next day"),
                            ("children", "Referral to children's services"),
                        ],
                        default="referral",
                        max_length=10,
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="victims.victim",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="referrals.referral",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="incidents.incident",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="accounts.agency",
                    ),
                ),
                (
                    "what",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("identity", "Names and birth dates"),
                                ("address", "Address"),
                                ("children", "Children"),
                                ("incident", "What happened"),
                                ("risk", "Risk grade and reasons"),
                                ("safety_plan", "Safety plan"),
                                ("safe_contact", "Safe contact"),
                            ],
                            max_length=12,
                        ),
                        size=7,
                    ),
                ),
                ("told", models.JSONField(default=list)),
                ("why", models.TextField(help_text="Why this agency needs to know")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("vital_interests", "To protect somebody's life"),
                            ("public_task", "Public task: preventing crime and protecting people"),
                            ("child", "Safeguarding a child"),
                            ("adult", "Safeguarding an adult at risk"),
                            ("legal", "Legal obligation"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("refused", "Refused, shared all the same"),
                            ("not_sought", "Not sought, because asking was unsafe"),
                            ("not_needed", "Not needed on this basis"),
                        ],
                        max_length=12,
                    ),
                ),
                ("consent_reason", models.TextField(blank=True)),
                ("consent_asked_at", models.DateTimeField(null=True)),
                (
                    "shared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("shared_at", models.DateTimeField()),
                ("keep_until", models.DateField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_because", models.CharField(blank=True, max_length=1000)),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="referrals.sharing",
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken_on", "Taken on"),
                            ("known", "Known to us already; we go on"),
                            ("nothing", "Nothing for us to do"),
                            ("more_needed", "We need to know more"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answer_words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "documents",
                    models.ManyToManyField(
                        blank=True, related_name="sharings", to="incidents.exhibit"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-shared_at"], name="sharing_by_victim"),
                    models.Index(
                        condition=models.Q(
                            ("replaced_by__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=["agency", "-shared_at", "-id"],
                        name="sharing_in_force_by_agency",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("referral__isnull", False),
                            ("replaced_by__isnull", True),
                            ("withdrawn_at__isnull", True),
                        ),
                        fields=("referral", "agency", "kind"),
                        name="one_sharing_in_force_per_referral",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent__in", ["refused", "not_sought"]), _negated=True),
                            models.Q(("consent_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sharing_without_consent_has_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sharing_withdrawn_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sharing_answered_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaced_by", models.F("id")), _negated=True),
                        name="sharing_replaced_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharingEvent",
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
                        to="referrals.sharing",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("referral", "Information shared"),
                            ("school", "A school is told before its next day"),
                            ("children", "Referral to children's services"),
                        ],
                        default="referral",
                        max_length=10,
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
                    "referral",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="referrals.referral",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "what",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("identity", "Names and birth dates"),
                                ("address", "Address"),
                                ("children", "Children"),
                                ("incident", "What happened"),
                                ("risk", "Risk grade and reasons"),
                                ("safety_plan", "Safety plan"),
                                ("safe_contact", "Safe contact"),
                            ],
                            max_length=12,
                        ),
                        size=7,
                    ),
                ),
                ("told", models.JSONField(default=list)),
                ("why", models.TextField(help_text="Why this agency needs to know")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("vital_interests", "To protect somebody's life"),
                            ("public_task", "Public task: preventing crime and protecting people"),
                            ("child", "Safeguarding a child"),
                            ("adult", "Safeguarding an adult at risk"),
                            ("legal", "Legal obligation"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("refused", "Refused, shared all the same"),
                            ("not_sought", "Not sought, because asking was unsafe"),
                            ("not_needed", "Not needed on this basis"),
                        ],
                        max_length=12,
                    ),
                ),
                ("consent_reason", models.TextField(blank=True)),
                ("consent_asked_at", models.DateTimeField(null=True)),
                (
                    "shared_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("shared_at", models.DateTimeField()),
                ("keep_until", models.DateField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_because", models.CharField(blank=True, max_length=1000)),
                (
                    "replaced_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="referrals.sharing",
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "opened_by",
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
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken_on", "Taken on"),
                            ("known", "Known to us already; we go on"),
                            ("nothing", "Nothing for us to do"),
                            ("more_needed", "We need to know more"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answer_words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SchoolNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="school_notices",
                        to="incidents.incident",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="school_notices",
                        to="victims.victim",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="school_notices",
                        to="victims.person",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="school_notices",
                        to="accounts.agency",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "To be told"),
                            ("told", "Told"),
                            ("not_needed", "Not needed, with reasons"),
                        ],
                        default="owed",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "sharing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="school_notices",
                        to="referrals.sharing",
                    ),
                ),
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
                ("words", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "owed")),
                        fields=["due_at"],
                        name="school_notice_owed",
                    ),
                    models.Index(fields=["victim", "-due_at"], name="school_notice_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "child"), name="school_told_once_of_child"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "told"), _negated=True),
                            models.Q(("agency__isnull", False), ("sharing__isnull", False)),
                            _connector="OR",
                        ),
                        name="school_told_names_the_school",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_needed"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="school_not_told_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolNoticeEvent",
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
                        to="referrals.schoolnotice",
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
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "To be told"),
                            ("told", "Told"),
                            ("not_needed", "Not needed, with reasons"),
                        ],
                        default="owed",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "sharing",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="referrals.sharing",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChildrenConcern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sharing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concern",
                        to="referrals.sharing",
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
                    "urgency",
                    models.CharField(
                        choices=[
                            ("now", "A child is in danger now"),
                            ("today", "Today"),
                            ("ordinary", "Within their ordinary time"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "seen",
                    models.TextField(
                        help_text="What was seen and heard, and what the children said"
                    ),
                ),
                ("worry", models.TextField(help_text="What it is feared will happen")),
                ("parents_know", models.BooleanField()),
                ("parents_words", models.CharField(blank=True, max_length=1000)),
                ("children", models.ManyToManyField(related_name="concerns", to="victims.person")),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parents_know", True),
                            models.Q(("parents_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="parents_not_told_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyChannel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channel",
                        to="accounts.agency",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("inbox", "Its pages here only"),
                            ("email", "E-mail with a reference and a link"),
                            ("webhook", "A signed message to its own system"),
                        ],
                        default="inbox",
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("webhook_url", models.URLField(blank=True, max_length=500)),
                ("webhook_secret", models.CharField(blank=True, max_length=100)),
                (
                    "area",
                    models.ForeignKey(
                        help_text="Blank: everywhere",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.area",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "email"), _negated=True),
                            models.Q(("email", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="channel_has_its_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "webhook"), _negated=True),
                            models.Q(
                                models.Q(("webhook_url", ""), _negated=True),
                                models.Q(("webhook_secret", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="channel_has_its_webhook",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sharing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="referrals.sharing",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="accounts.agency",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("shared", "Something was shared"),
                            ("withdrawn", "What was shared is withdrawn"),
                        ],
                        default="shared",
                        max_length=10,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("inbox", "Its pages here only"),
                            ("email", "E-mail with a reference and a link"),
                            ("webhook", "A signed message to its own system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be sent"),
                            ("sent", "Sent"),
                            ("dead", "Given up"),
                            ("dropped", "No longer to be sent"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("try_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("last_words", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["try_at"],
                        name="outgoing_to_try",
                    ),
                    models.Index(
                        condition=models.Q(("state", "dead")),
                        fields=["-settled_at"],
                        name="outgoing_dead",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sharing", "about"), name="one_message_of_each_kind_per_sharing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting"), ("try_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("settled_at__isnull", False),
                                ("try_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="outgoing_is_tried_while_it_waits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="referrals.outgoing",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("milliseconds", models.PositiveIntegerField()),
                ("words", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["message", "at"], name="attempt_by_message")],
            },
        ),
        migrations.CreateModel(
            name="Survey",
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
                        related_name="surveys",
                        to="victims.victim",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("police", "The police and their partners"),
                            ("adviser", "The IDVA service"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "idva_case",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey",
                        to="referrals.idvacase",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_ask", "To be asked"),
                            ("link_given", "Has the link"),
                            ("answered", "Answered"),
                            ("declined", "Did not want to answer"),
                            ("not_safe", "Not asked: there was no safe way"),
                            ("no_answer", "No answer in time"),
                        ],
                        default="to_ask",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="victims.contact",
                    ),
                ),
                ("link_digest", models.CharField(blank=True, max_length=64)),
                ("link_until", models.DateTimeField(null=True)),
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
                ("answers", models.JSONField(default=dict)),
                ("words", models.TextField(blank=True)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it was not asked", max_length=1000),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["to_ask", "link_given"])),
                        fields=["team", "due_at"],
                        name="survey_open_by_team",
                    ),
                    models.Index(fields=["about", "closed_at"], name="survey_by_closing"),
                    models.Index(fields=["victim", "-opened_at"], name="survey_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["to_ask", "link_given"])),
                        fields=("victim", "about"),
                        name="one_open_survey_of_a_victim",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True),
                                ("state__in", ["to_ask", "link_given"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["to_ask", "link_given"]), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="survey_settled_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_safe"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="survey_not_asked_with_words",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("link_digest", ""), _negated=True),
                        fields=("link_digest",),
                        name="survey_link_is_one",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_referralevent" ("about", "agency_id", "assessment_id", "children", "claimed_at", "claimed_by_id", "completed_at", "due_at", "earlier_in_year", "grade", "id", "incident_id", "late_because", "late_reason", "no_idva_reason", "outcome", "outcome_words", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "risk_rank", "state", "submitted_at", "version", "victim_id") VALUES (OLD."about", OLD."agency_id", OLD."assessment_id", OLD."children", OLD."claimed_at", OLD."claimed_by_id", OLD."completed_at", OLD."due_at", OLD."earlier_in_year", OLD."grade", OLD."id", OLD."incident_id", OLD."late_because", OLD."late_reason", OLD."no_idva_reason", OLD."outcome", OLD."outcome_words", OLD."paused_at", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."risk_rank", OLD."state", OLD."submitted_at", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="75c3d0f5809541bb32a7e83833edd72fcb325297",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_46b98",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_referralevent" ("about", "agency_id", "assessment_id", "children", "claimed_at", "claimed_by_id", "completed_at", "due_at", "earlier_in_year", "grade", "id", "incident_id", "late_because", "late_reason", "no_idva_reason", "outcome", "outcome_words", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "risk_rank", "state", "submitted_at", "version", "victim_id") VALUES (OLD."about", OLD."agency_id", OLD."assessment_id", OLD."children", OLD."claimed_at", OLD."claimed_by_id", OLD."completed_at", OLD."due_at", OLD."earlier_in_year", OLD."grade", OLD."id", OLD."incident_id", OLD."late_because", OLD."late_reason", OLD."no_idva_reason", OLD."outcome", OLD."outcome_words", OLD."paused_at", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."risk_rank", OLD."state", OLD."submitted_at", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="c099a9c3a6c2d14ba55f4f4c140566d12204716a",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_85139",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="idvacase",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_idvacaseevent" ("agreement_words", "allocated_at", "answered_at", "answered_by_id", "closed_at", "closed_because", "closed_by_id", "closed_words", "first_contact_at", "gave_up_at", "gave_up_words", "grade", "id", "outcomes", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "referral_id", "referred_at", "referred_by_id", "refused_because", "refused_words", "state", "team_id", "version", "victim_agrees", "victim_id") VALUES (OLD."agreement_words", OLD."allocated_at", OLD."answered_at", OLD."answered_by_id", OLD."closed_at", OLD."closed_because", OLD."closed_by_id", OLD."closed_words", OLD."first_contact_at", OLD."gave_up_at", OLD."gave_up_words", OLD."grade", OLD."id", OLD."outcomes", OLD."owner_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reason", OLD."reference", OLD."referral_id", OLD."referred_at", OLD."referred_by_id", OLD."refused_because", OLD."refused_words", OLD."state", OLD."team_id", OLD."version", OLD."victim_agrees", OLD."victim_id"); RETURN NULL;',
                    hash="f9dc978f3e764fb90a1e89259192b17d2e99f909",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_48db2",
                    table="referrals_idvacase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="idvacase",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_idvacaseevent" ("agreement_words", "allocated_at", "answered_at", "answered_by_id", "closed_at", "closed_because", "closed_by_id", "closed_words", "first_contact_at", "gave_up_at", "gave_up_words", "grade", "id", "outcomes", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "referral_id", "referred_at", "referred_by_id", "refused_because", "refused_words", "state", "team_id", "version", "victim_agrees", "victim_id") VALUES (OLD."agreement_words", OLD."allocated_at", OLD."answered_at", OLD."answered_by_id", OLD."closed_at", OLD."closed_because", OLD."closed_by_id", OLD."closed_words", OLD."first_contact_at", OLD."gave_up_at", OLD."gave_up_words", OLD."grade", OLD."id", OLD."outcomes", OLD."owner_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reason", OLD."reference", OLD."referral_id", OLD."referred_at", OLD."referred_by_id", OLD."refused_because", OLD."refused_words", OLD."state", OLD."team_id", OLD."version", OLD."victim_agrees", OLD."victim_id"); RETURN NULL;',
                    hash="de80584172de142fd0807e568fbbd88a86d30da3",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_40cc3",
                    table="referrals_idvacase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_sharingevent" ("agency_id", "answer", "answer_words", "answered_at", "answered_by_id", "basis", "consent", "consent_asked_at", "consent_reason", "id", "incident_id", "keep_until", "kind", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "referral_id", "replaced_by_id", "shared_at", "shared_by_id", "told", "victim_id", "what", "why", "withdrawn_at", "withdrawn_because", "withdrawn_by_id") VALUES (OLD."agency_id", OLD."answer", OLD."answer_words", OLD."answered_at", OLD."answered_by_id", OLD."basis", OLD."consent", OLD."consent_asked_at", OLD."consent_reason", OLD."id", OLD."incident_id", OLD."keep_until", OLD."kind", OLD."opened_at", OLD."opened_by_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."referral_id", OLD."replaced_by_id", OLD."shared_at", OLD."shared_by_id", OLD."told", OLD."victim_id", OLD."what", OLD."why", OLD."withdrawn_at", OLD."withdrawn_because", OLD."withdrawn_by_id"); RETURN NULL;',
                    hash="36766f801d92b0810406802e53469d2c143f3be7",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_df9b4",
                    table="referrals_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_sharingevent" ("agency_id", "answer", "answer_words", "answered_at", "answered_by_id", "basis", "consent", "consent_asked_at", "consent_reason", "id", "incident_id", "keep_until", "kind", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "referral_id", "replaced_by_id", "shared_at", "shared_by_id", "told", "victim_id", "what", "why", "withdrawn_at", "withdrawn_because", "withdrawn_by_id") VALUES (OLD."agency_id", OLD."answer", OLD."answer_words", OLD."answered_at", OLD."answered_by_id", OLD."basis", OLD."consent", OLD."consent_asked_at", OLD."consent_reason", OLD."id", OLD."incident_id", OLD."keep_until", OLD."kind", OLD."opened_at", OLD."opened_by_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."referral_id", OLD."replaced_by_id", OLD."shared_at", OLD."shared_by_id", OLD."told", OLD."victim_id", OLD."what", OLD."why", OLD."withdrawn_at", OLD."withdrawn_because", OLD."withdrawn_by_id"); RETURN NULL;',
                    hash="dd8c8d98f76d43775624fb85ac5fa7d8592904e5",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_487c1",
                    table="referrals_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schoolnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_schoolnoticeevent" ("agency_id", "child_id", "due_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "sharing_id", "state", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."child_id", OLD."due_at", OLD."id", OLD."incident_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."settled_at", OLD."settled_by_id", OLD."sharing_id", OLD."state", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="7f9257bc9990fa87357c3f8c7734667be8d32288",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_8bbd2",
                    table="referrals_schoolnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schoolnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_schoolnoticeevent" ("agency_id", "child_id", "due_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "sharing_id", "state", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."child_id", OLD."due_at", OLD."id", OLD."incident_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."settled_at", OLD."settled_by_id", OLD."sharing_id", OLD."state", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="e3b3b287a196ba4c039af02dce3a7b8d8f18865c",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_616f0",
                    table="referrals_schoolnotice",
                    when="AFTER",
                ),
            ),
        ),
    ]

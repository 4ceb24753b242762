import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("victims", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
                        to="accounts.team",
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weekly_day",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                        ]
                    ),
                ),
                ("weekly_at", models.TimeField(help_text="On the wall clock")),
                (
                    "weekly_place",
                    models.CharField(help_text="How to join: number, room", max_length=300),
                ),
                ("weekly_capacity", models.PositiveSmallIntegerField(default=6)),
                (
                    "monthly_week",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "first"),
                            (2, "second"),
                            (3, "third"),
                            (4, "fourth"),
                            (5, "last"),
                        ]
                    ),
                ),
                (
                    "monthly_day",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                        ]
                    ),
                ),
                ("monthly_at", models.TimeField()),
                ("monthly_place", models.CharField(max_length=300)),
                ("monthly_capacity", models.PositiveSmallIntegerField(default=18)),
                ("quorum", models.PositiveSmallIntegerField(default=4)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ConferenceEvent",
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
                        to="marac.conference",
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
                ("name", models.CharField(max_length=100)),
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
                    "chair",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weekly_day",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                        ]
                    ),
                ),
                ("weekly_at", models.TimeField(help_text="On the wall clock")),
                (
                    "weekly_place",
                    models.CharField(help_text="How to join: number, room", max_length=300),
                ),
                ("weekly_capacity", models.PositiveSmallIntegerField(default=6)),
                (
                    "monthly_week",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "first"),
                            (2, "second"),
                            (3, "third"),
                            (4, "fourth"),
                            (5, "last"),
                        ]
                    ),
                ),
                (
                    "monthly_day",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                        ]
                    ),
                ),
                ("monthly_at", models.TimeField()),
                ("monthly_place", models.CharField(max_length=300)),
                ("monthly_capacity", models.PositiveSmallIntegerField(default=18)),
                ("quorum", models.PositiveSmallIntegerField(default=4)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConferenceArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="marac.conference",
                    ),
                ),
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conference_area",
                        to="accounts.area",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ConferenceMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="marac.conference",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
                        to="accounts.agency",
                    ),
                ),
                ("is_core", models.BooleanField(default=False)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conference", "agency"), name="member_once_of_a_conference"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="marac.conference",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monthly", "Monthly meeting"),
                            ("weekly", "Weekly call"),
                            ("emergency", "Emergency meeting"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("agenda_out", "Agenda is out"),
                            ("under_way", "Under way"),
                            ("held", "Held"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("by_rule_on", models.DateField(null=True)),
                ("place", models.CharField(max_length=300)),
                ("capacity", models.PositiveSmallIntegerField()),
                ("over_capacity_reason", models.CharField(blank=True, max_length=1000)),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cut_off_at", models.DateTimeField(null=True)),
                ("agenda_due_at", models.DateTimeField()),
                ("agenda_out_at", models.DateTimeField(null=True)),
                (
                    "agenda_out_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("no_quorum_reason", models.CharField(blank=True, max_length=1000)),
                ("ended_at", models.DateTimeField(null=True)),
                ("cancelled_reason", models.CharField(blank=True, max_length=1000)),
                ("changes", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["conference", "-starts_at"], name="meeting_by_conference"),
                    models.Index(fields=["-starts_at"], name="meeting_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("by_rule_on__isnull", False)),
                        fields=("conference", "kind", "by_rule_on"),
                        name="meeting_once_by_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_cancelled_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["under_way", "held"]), _negated=True),
                            ("began_at__isnull", False),
                            _connector="OR",
                        ),
                        name="meeting_began_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="meeting_held_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingEvent",
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
                        to="marac.meeting",
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
                    "conference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.conference",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monthly", "Monthly meeting"),
                            ("weekly", "Weekly call"),
                            ("emergency", "Emergency meeting"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("agenda_out", "Agenda is out"),
                            ("under_way", "Under way"),
                            ("held", "Held"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("by_rule_on", models.DateField(null=True)),
                ("place", models.CharField(max_length=300)),
                ("capacity", models.PositiveSmallIntegerField()),
                ("over_capacity_reason", models.CharField(blank=True, max_length=1000)),
                (
                    "chair",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cut_off_at", models.DateTimeField(null=True)),
                ("agenda_due_at", models.DateTimeField()),
                ("agenda_out_at", models.DateTimeField(null=True)),
                (
                    "agenda_out_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("no_quorum_reason", models.CharField(blank=True, max_length=1000)),
                ("ended_at", models.DateTimeField(null=True)),
                ("cancelled_reason", models.CharField(blank=True, max_length=1000)),
                ("changes", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="marac.meeting",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.agency",
                    ),
                ),
                ("is_core", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "No answer yet"),
                            ("coming", "Coming"),
                            ("apologies", "Apologies"),
                            ("attended", "Attended"),
                            ("absent", "Did not come"),
                        ],
                        default="invited",
                        max_length=10,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
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
                ("apologies", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["agency", "meeting"], name="invitation_by_agency")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "agency"), name="invited_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "apologies"), _negated=True),
                            models.Q(("apologies", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="apologies_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="marac.meeting",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("is_observer", models.BooleanField(default=False)),
                ("observes_because", models.CharField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True)),
                ("statement", models.PositiveSmallIntegerField(null=True)),
                ("present_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["person", "meeting"], name="attendance_by_person")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "person"), name="attends_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_at__isnull", True),
                            ("statement__isnull", False),
                            _connector="OR",
                        ),
                        name="signed_words_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("present_at__isnull", True),
                            ("signed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="nobody_is_present_unsigned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_observer", False),
                            models.Q(("observes_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="observer_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_link",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="populations",
                        to="marac.conference",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("adult_women", models.PositiveIntegerField()),
                (
                    "source",
                    models.CharField(help_text="Where the figure is published", max_length=200),
                ),
                ("imported_at", models.DateTimeField()),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conference", "year"), name="population_once_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("adult_women__gt", 0)), name="population_is_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="marac.conference",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_cases",
                        to="victims.victim",
                    ),
                ),
                (
                    "perpetrator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_cases",
                        to="victims.person",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("not_accepted", "Not accepted"),
                            ("closed", "Closed"),
                            ("moved", "Moved to another conference"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("assessment", "A reviewed assessment"),
                            ("incident", "An incident after a hearing"),
                            ("agency", "A partner agency's referral"),
                            ("worker", "A worker's referral"),
                            ("transfer", "Another area's conference"),
                        ],
                        max_length=10,
                    ),
                ),
                ("criteria", models.JSONField(default=list)),
                ("below_reason", models.TextField(blank=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_cases",
                        to="accounts.agency",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_words", models.CharField(blank=True, max_length=1000)),
                (
                    "repeat_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="marac.maraccase",
                    ),
                ),
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
                            ("done", "Heard, every action settled"),
                            ("lapsed", "Twelve months without a repeat"),
                            ("moved", "The victim has moved to another area"),
                            ("died", "The victim or the perpetrator has died"),
                            ("error", "Listed in error"),
                        ],
                        max_length=8,
                    ),
                ),
                ("closed_words", models.CharField(blank=True, max_length=1000)),
                (
                    "minority_ethnic",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                (
                    "lgbt",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                (
                    "disability",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                ("children", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "proposed")),
                        fields=["conference", "proposed_at"],
                        name="marac_case_proposed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "accepted")),
                        fields=["conference", "decided_at"],
                        name="marac_case_accepted",
                    ),
                    models.Index(fields=["victim", "-proposed_at"], name="marac_case_by_victim"),
                    models.Index(fields=["perpetrator", "-proposed_at"], name="marac_case_by_perp"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "accepted"])),
                        fields=("victim", "perpetrator"),
                        name="one_open_marac_case_of_two_people",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "proposed"), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="marac_case_decided_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_accepted"), _negated=True),
                            models.Q(("decided_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="marac_case_refused_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "moved"]), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="marac_case_closed_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracCaseEvent",
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
                        to="marac.maraccase",
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
                    "conference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.conference",
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
                    "perpetrator",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("not_accepted", "Not accepted"),
                            ("closed", "Closed"),
                            ("moved", "Moved to another conference"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("assessment", "A reviewed assessment"),
                            ("incident", "An incident after a hearing"),
                            ("agency", "A partner agency's referral"),
                            ("worker", "A worker's referral"),
                            ("transfer", "Another area's conference"),
                        ],
                        max_length=10,
                    ),
                ),
                ("criteria", models.JSONField(default=list)),
                ("below_reason", models.TextField(blank=True)),
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
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_words", models.CharField(blank=True, max_length=1000)),
                (
                    "repeat_of",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.maraccase",
                    ),
                ),
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
                            ("done", "Heard, every action settled"),
                            ("lapsed", "Twelve months without a repeat"),
                            ("moved", "The victim has moved to another area"),
                            ("died", "The victim or the perpetrator has died"),
                            ("error", "Listed in error"),
                        ],
                        max_length=8,
                    ),
                ),
                ("closed_words", models.CharField(blank=True, max_length=1000)),
                (
                    "minority_ethnic",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                (
                    "lgbt",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                (
                    "disability",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not_known", "Not known")],
                        default="not_known",
                        max_length=10,
                    ),
                ),
                ("children", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "To another area"), ("in", "From another area")],
                        max_length=3,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="marac.maraccase",
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
                    "other_conference",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marac.conference",
                    ),
                ),
                ("other_area", models.CharField(blank=True, max_length=200)),
                (
                    "contact",
                    models.CharField(help_text="Their coordinator, how reached", max_length=300),
                ),
                ("reason", models.CharField(max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("begun", "Being handed over"),
                            ("done", "Handed over"),
                            ("cancelled", "Not handed over"),
                        ],
                        default="begun",
                        max_length=10,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("heard_there", models.BooleanField(null=True)),
                ("heard_words", models.CharField(blank=True, max_length=1000)),
                (
                    "plan_at",
                    models.DateTimeField(help_text="Safety plan sent or received", null=True),
                ),
                (
                    "minutes_at",
                    models.DateTimeField(help_text="Minutes sent or received", null=True),
                ),
                ("adviser_at", models.DateTimeField(null=True)),
                ("adviser_words", models.CharField(blank=True, max_length=1000)),
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
                ("settled_words", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "begun")),
                        fields=("case",),
                        name="one_transfer_of_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other_conference__isnull", False),
                            models.Q(("other_area", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_says_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("adviser_at__isnull", False),
                                ("heard_there__isnull", False),
                                ("minutes_at__isnull", False),
                                ("plan_at__isnull", False),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_done_with_every_check",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="marac.meeting",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="marac.maraccase",
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
                    "part",
                    models.CharField(
                        choices=[
                            ("children", "Cases with children"),
                            ("adults", "Adults only"),
                            ("flags", "Flags that reach twelve months"),
                        ],
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("present", "Presented"),
                            ("share", "Information shared"),
                            ("analyse", "Risk analysed"),
                            ("actions", "Actions agreed"),
                            ("concluded", "Concluded"),
                            ("deferred", "Deferred"),
                            ("taken_off", "Taken off the agenda"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("listed_at", models.DateTimeField()),
                (
                    "listed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_late", models.BooleanField(default=False)),
                ("late_reason", models.CharField(blank=True, max_length=1000)),
                ("is_repeat", models.BooleanField(default=False)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_words", models.CharField(blank=True, max_length=1000)),
                ("wanted", models.TextField(blank=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                (
                    "wanted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("not_asked_because", models.CharField(blank=True, max_length=1000)),
                ("told", models.TextField(blank=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["meeting", "position"], name="hearing_by_agenda"),
                    models.Index(fields=["case", "-ended_at"], name="hearing_by_case"),
                    models.Index(fields=["victim", "-ended_at"], name="hearing_by_victim"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "taken_off"), _negated=True),
                        fields=("meeting", "case"),
                        name="case_once_on_an_agenda",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["present", "share", "analyse", "actions"])
                        ),
                        fields=("meeting",),
                        name="a_meeting_is_at_one_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_late", False),
                            models.Q(("late_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="late_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["deferred", "taken_off"]), _negated=True),
                            models.Q(("ended_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hearing_put_off_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "concluded"), _negated=True),
                            models.Q(("began_at__isnull", False), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="hearing_concluded_has_its_instants",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HearingEvent",
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
                        to="marac.hearing",
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
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.meeting",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.maraccase",
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
                    "part",
                    models.CharField(
                        choices=[
                            ("children", "Cases with children"),
                            ("adults", "Adults only"),
                            ("flags", "Flags that reach twelve months"),
                        ],
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("present", "Presented"),
                            ("share", "Information shared"),
                            ("analyse", "Risk analysed"),
                            ("actions", "Actions agreed"),
                            ("concluded", "Concluded"),
                            ("deferred", "Deferred"),
                            ("taken_off", "Taken off the agenda"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("listed_at", models.DateTimeField()),
                (
                    "listed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_late", models.BooleanField(default=False)),
                ("late_reason", models.CharField(blank=True, max_length=1000)),
                ("is_repeat", models.BooleanField(default=False)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_words", models.CharField(blank=True, max_length=1000)),
                ("wanted", models.TextField(blank=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                (
                    "wanted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("not_asked_because", models.CharField(blank=True, max_length=1000)),
                ("told", models.TextField(blank=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HearingLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marac.hearing",
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
                    "section",
                    models.CharField(
                        choices=[
                            ("present", "Presented"),
                            ("share", "Shared"),
                            ("analyse", "Risk, and what changed"),
                            ("conclude", "Concluded"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("words", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField()),
                ("key", models.UUIDField(unique=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="marac.hearingline",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["hearing", "number"], name="line_by_hearing")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="line_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="marac.hearing",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("declared_at", models.DateTimeField()),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("hearing", "person"), name="conflict_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResearchRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="research",
                        to="marac.hearing",
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
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="research",
                        to="accounts.agency",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("returned", "Returned"),
                            ("nothing_known", "Nothing known"),
                            ("withdrawn", "Not asked any more"),
                        ],
                        default="asked",
                        max_length=14,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("chased_at", models.DateTimeField(null=True)),
                ("chased", models.PositiveSmallIntegerField(default=0)),
                ("words", models.TextField(blank=True)),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("for_apologies", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["agency", "due_at"],
                        name="research_asked",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "agency"), name="research_asked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(
                                ("returned_at__isnull", False),
                                models.Q(("words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="research_returned_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="marac.hearing",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="marac.maraccase",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_actions",
                        to="victims.victim",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_actions",
                        to="accounts.agency",
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
                        related_name="marac_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("is_for_officers", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("not_done", "Not done"),
                            ("overtaken", "Overtaken by events"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "number",
                    models.PositiveIntegerField(help_text="The meeting's count when it was agreed"),
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
                ("evidence", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["agency", "due_at"],
                        name="action_open_by_agency",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["victim"],
                        name="action_open_by_victim",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at"], name="action_open"
                    ),
                    models.Index(fields=["hearing", "number"], name="action_by_hearing"),
                    models.Index(fields=["case"], name="action_by_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("settled_at__isnull", False),
                                models.Q(("evidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="action_settled_with_evidence",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracActionEvent",
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
                        to="marac.maracaction",
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
                    "hearing",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.hearing",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.maraccase",
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
                ("words", models.CharField(max_length=1000)),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("is_for_officers", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("not_done", "Not done"),
                            ("overtaken", "Overtaken by events"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.UUIDField()),
                (
                    "number",
                    models.PositiveIntegerField(help_text="The meeting's count when it was agreed"),
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
                ("evidence", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="marac.meeting",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("content", models.JSONField()),
                ("approved_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("because", models.CharField(blank=True, max_length=1000)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "minutes",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"), name="minutes_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("because", ""), _negated=True), _connector="OR"
                        ),
                        name="further_minutes_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="marac.minutes",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("sent_at", models.DateTimeField()),
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
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "agency"), name="copy_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracFlag",
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
                        related_name="flags",
                        to="marac.maraccase",
                    ),
                ),
                (
                    "hearing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flag",
                        to="marac.hearing",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_flags",
                        to="victims.victim",
                    ),
                ),
                (
                    "perpetrator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marac_flags",
                        to="victims.person",
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lapsed", "Twelve months without a repeat"),
                            ("heard_again", "Heard again: a new flag took its place"),
                            ("removed", "Removed before its time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_words", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["victim"],
                        name="marac_flag_by_victim",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["perpetrator"],
                        name="marac_flag_by_perp",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["until_at"],
                        name="marac_flag_ending",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case",),
                        name="one_flag_of_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="marac_flag_ended_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaracFlagEvent",
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
                        to="marac.maracflag",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.maraccase",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="marac.hearing",
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
                    "perpetrator",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
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
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lapsed", "Twelve months without a repeat"),
                            ("heard_again", "Heard again: a new flag took its place"),
                            ("removed", "Removed before its time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_words", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conference",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_conferenceevent" ("chair_id", "coordinator_id", "id", "is_active", "monthly_at", "monthly_capacity", "monthly_day", "monthly_place", "monthly_week", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "team_id", "version", "weekly_at", "weekly_capacity", "weekly_day", "weekly_place") VALUES (OLD."chair_id", OLD."coordinator_id", OLD."id", OLD."is_active", OLD."monthly_at", OLD."monthly_capacity", OLD."monthly_day", OLD."monthly_place", OLD."monthly_week", OLD."name", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."quorum", OLD."team_id", OLD."version", OLD."weekly_at", OLD."weekly_capacity", OLD."weekly_day", OLD."weekly_place"); RETURN NULL;',
                    hash="5c3ce3612917f0f97af992ecdd014b55db8e1514",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_05a10",
                    table="marac_conference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conference",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_conferenceevent" ("chair_id", "coordinator_id", "id", "is_active", "monthly_at", "monthly_capacity", "monthly_day", "monthly_place", "monthly_week", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "team_id", "version", "weekly_at", "weekly_capacity", "weekly_day", "weekly_place") VALUES (OLD."chair_id", OLD."coordinator_id", OLD."id", OLD."is_active", OLD."monthly_at", OLD."monthly_capacity", OLD."monthly_day", OLD."monthly_place", OLD."monthly_week", OLD."name", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."quorum", OLD."team_id", OLD."version", OLD."weekly_at", OLD."weekly_capacity", OLD."weekly_day", OLD."weekly_place"); RETURN NULL;',
                    hash="2f3f9ab4888113cc6bb452516c7534b2912f0def",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_c34e3",
                    table="marac_conference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_meetingevent" ("agenda_due_at", "agenda_out_at", "agenda_out_by_id", "began_at", "by_rule_on", "cancelled_reason", "capacity", "chair_id", "changes", "conference_id", "coordinator_id", "cut_off_at", "ended_at", "id", "kind", "no_quorum_reason", "over_capacity_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reference", "starts_at", "state", "version") VALUES (OLD."agenda_due_at", OLD."agenda_out_at", OLD."agenda_out_by_id", OLD."began_at", OLD."by_rule_on", OLD."cancelled_reason", OLD."capacity", OLD."chair_id", OLD."changes", OLD."conference_id", OLD."coordinator_id", OLD."cut_off_at", OLD."ended_at", OLD."id", OLD."kind", OLD."no_quorum_reason", OLD."over_capacity_reason", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."place", OLD."reference", OLD."starts_at", OLD."state", OLD."version"); RETURN NULL;',
                    hash="9553fc816606409f3546ca8e5c5d46e5c3f27bee",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_136ab",
                    table="marac_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_meetingevent" ("agenda_due_at", "agenda_out_at", "agenda_out_by_id", "began_at", "by_rule_on", "cancelled_reason", "capacity", "chair_id", "changes", "conference_id", "coordinator_id", "cut_off_at", "ended_at", "id", "kind", "no_quorum_reason", "over_capacity_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reference", "starts_at", "state", "version") VALUES (OLD."agenda_due_at", OLD."agenda_out_at", OLD."agenda_out_by_id", OLD."began_at", OLD."by_rule_on", OLD."cancelled_reason", OLD."capacity", OLD."chair_id", OLD."changes", OLD."conference_id", OLD."coordinator_id", OLD."cut_off_at", OLD."ended_at", OLD."id", OLD."kind", OLD."no_quorum_reason", OLD."over_capacity_reason", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."place", OLD."reference", OLD."starts_at", OLD."state", OLD."version"); RETURN NULL;',
                    hash="f0d7ed474c6659f8ed43c609e6ed9a2a231eb4a4",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_2ecec",
                    table="marac_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maraccase",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_maraccaseevent" ("agency_id", "below_reason", "children", "closed_at", "closed_because", "closed_by_id", "closed_words", "conference_id", "criteria", "decided_at", "decided_by_id", "decided_words", "disability", "id", "lgbt", "minority_ethnic", "perpetrator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference", "repeat_of_id", "source", "state", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."below_reason", OLD."children", OLD."closed_at", OLD."closed_because", OLD."closed_by_id", OLD."closed_words", OLD."conference_id", OLD."criteria", OLD."decided_at", OLD."decided_by_id", OLD."decided_words", OLD."disability", OLD."id", OLD."lgbt", OLD."minority_ethnic", OLD."perpetrator_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reference", OLD."repeat_of_id", OLD."source", OLD."state", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="f5c134534d3d347eac4feba2c4542f808e5b7d77",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_baa9d",
                    table="marac_maraccase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maraccase",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_maraccaseevent" ("agency_id", "below_reason", "children", "closed_at", "closed_because", "closed_by_id", "closed_words", "conference_id", "criteria", "decided_at", "decided_by_id", "decided_words", "disability", "id", "lgbt", "minority_ethnic", "perpetrator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference", "repeat_of_id", "source", "state", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."below_reason", OLD."children", OLD."closed_at", OLD."closed_because", OLD."closed_by_id", OLD."closed_words", OLD."conference_id", OLD."criteria", OLD."decided_at", OLD."decided_by_id", OLD."decided_words", OLD."disability", OLD."id", OLD."lgbt", OLD."minority_ethnic", OLD."perpetrator_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reference", OLD."repeat_of_id", OLD."source", OLD."state", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="0e2adb23e5d990bc70cc2a62ca344836b3e1e9e3",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_5161a",
                    table="marac_maraccase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hearing",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_hearingevent" ("began_at", "case_id", "ended_at", "ended_words", "id", "is_late", "is_repeat", "late_reason", "listed_at", "listed_by_id", "meeting_id", "not_asked_because", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "state", "told", "told_at", "told_by_id", "version", "victim_id", "wanted", "wanted_at", "wanted_by_id") VALUES (OLD."began_at", OLD."case_id", OLD."ended_at", OLD."ended_words", OLD."id", OLD."is_late", OLD."is_repeat", OLD."late_reason", OLD."listed_at", OLD."listed_by_id", OLD."meeting_id", OLD."not_asked_because", OLD."part", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."position", OLD."state", OLD."told", OLD."told_at", OLD."told_by_id", OLD."version", OLD."victim_id", OLD."wanted", OLD."wanted_at", OLD."wanted_by_id"); RETURN NULL;',
                    hash="3d0c85af96aede594569f83986d024379d93ed69",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_d13ec",
                    table="marac_hearing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hearing",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_hearingevent" ("began_at", "case_id", "ended_at", "ended_words", "id", "is_late", "is_repeat", "late_reason", "listed_at", "listed_by_id", "meeting_id", "not_asked_because", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "state", "told", "told_at", "told_by_id", "version", "victim_id", "wanted", "wanted_at", "wanted_by_id") VALUES (OLD."began_at", OLD."case_id", OLD."ended_at", OLD."ended_words", OLD."id", OLD."is_late", OLD."is_repeat", OLD."late_reason", OLD."listed_at", OLD."listed_by_id", OLD."meeting_id", OLD."not_asked_because", OLD."part", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."position", OLD."state", OLD."told", OLD."told_at", OLD."told_by_id", OLD."version", OLD."victim_id", OLD."wanted", OLD."wanted_at", OLD."wanted_by_id"); RETURN NULL;',
                    hash="f16c8645a1a4597f0252ccc3858dcd7b12f5b35e",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_ab0b8",
                    table="marac_hearing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maracaction",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_maracactionevent" ("agency_id", "agreed_at", "agreed_by_id", "case_id", "due_at", "due_on", "evidence", "hearing_id", "id", "is_for_officers", "key", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "settled_at", "settled_by_id", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."agreed_at", OLD."agreed_by_id", OLD."case_id", OLD."due_at", OLD."due_on", OLD."evidence", OLD."hearing_id", OLD."id", OLD."is_for_officers", OLD."key", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="c33c6275c3fba4c0bfa927af7f3d9e170de5141a",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_442b9",
                    table="marac_maracaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maracaction",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_maracactionevent" ("agency_id", "agreed_at", "agreed_by_id", "case_id", "due_at", "due_on", "evidence", "hearing_id", "id", "is_for_officers", "key", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "settled_at", "settled_by_id", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."agency_id", OLD."agreed_at", OLD."agreed_by_id", OLD."case_id", OLD."due_at", OLD."due_on", OLD."evidence", OLD."hearing_id", OLD."id", OLD."is_for_officers", OLD."key", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="6f51a1b941ac4f84398ebe10b8276c1a82357bfd",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_17bb5",
                    table="marac_maracaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maracflag",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "marac_maracflagevent" ("case_id", "ended_at", "ended_because", "ended_by_id", "ended_words", "from_at", "hearing_id", "id", "perpetrator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until_at", "victim_id") VALUES (OLD."case_id", OLD."ended_at", OLD."ended_because", OLD."ended_by_id", OLD."ended_words", OLD."from_at", OLD."hearing_id", OLD."id", OLD."perpetrator_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."until_at", OLD."victim_id"); RETURN NULL;',
                    hash="9178bc1cdc0ed90ddc6ee1fdc780791f191a5b75",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_8899b",
                    table="marac_maracflag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="maracflag",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "marac_maracflagevent" ("case_id", "ended_at", "ended_because", "ended_by_id", "ended_words", "from_at", "hearing_id", "id", "perpetrator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until_at", "victim_id") VALUES (OLD."case_id", OLD."ended_at", OLD."ended_because", OLD."ended_by_id", OLD."ended_words", OLD."from_at", OLD."hearing_id", OLD."id", OLD."perpetrator_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."until_at", OLD."victim_id"); RETURN NULL;',
                    hash="b7cef269191d82051a10dfd583d59dd26a9c078d",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_2fa52",
                    table="marac_maracflag",
                    when="AFTER",
                ),
            ),
        ),
    ]

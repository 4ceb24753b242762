import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("deadlines", "0001_initial"),
        ("victims", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("subject_reference", models.CharField(max_length=40)),
                (
                    "victim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="victims.victim",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="accounts.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "basis",
                    models.CharField(
                        help_text="The rule in words, with its numbers", max_length=300
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("breached", "Breached, still open"),
                            ("met", "Met"),
                            ("met_late", "Met late"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "step_times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), size=None
                    ),
                ),
                ("steps_taken", models.PositiveSmallIntegerField(default=0)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("look_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_reason", models.TextField(blank=True)),
                ("set_aside_at", models.DateTimeField(null=True)),
                ("set_aside_reason", models.TextField(blank=True)),
            ],
            options={
                "permissions": [("view_clocks", "May see what is due")],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("look_at__isnull", False), ("set_aside_at__isnull", True)
                        ),
                        fields=["look_at"],
                        name="deadline_to_look_at",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "breached"])),
                        fields=["owner", "due_at"],
                        name="deadline_open_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "breached"])),
                        fields=["team", "due_at"],
                        name="deadline_open_by_team",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "breached"])),
                        fields=["victim", "due_at"],
                        name="deadline_open_by_victim",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "breached"])),
                        fields=["due_at", "id"],
                        name="deadline_open_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("settled_at__isnull", False)),
                        fields=["-settled_at", "-id"],
                        name="deadline_settled_newest_first",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="deadline_by_subject"),
                    models.Index(
                        condition=models.Q(("set_aside_at__isnull", False)),
                        fields=["set_aside_at"],
                        name="deadline_set_aside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["running", "breached"])),
                        fields=("kind", "subject_type", "subject_id"),
                        name="one_open_deadline_per_kind_and_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True), ("state__in", ["running", "breached"])
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ["met", "met_late", "cancelled"]),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_settled_when_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "breached"]),
                            ("look_at__isnull", True),
                            _connector="OR",
                        ),
                        name="deadline_not_looked_at_when_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("started_at"))),
                        name="deadline_due_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="deadlines.deadline",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        help_text="Position in the list of steps, from 0"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("scheduled_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deadline", "round", "step"), name="each_step_happens_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="deadlines.deadline",
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="deadlines.escalation",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.victim",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("information", "For information"),
                            ("warning", "Warning"),
                            ("breach", "Out of time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("headline", models.CharField(max_length=200)),
                ("reference", models.CharField(max_length=40)),
                ("path", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)),
                        fields=["user", "-created_at"],
                        name="notification_unseen",
                    ),
                    models.Index(fields=["user", "-created_at"], name="notification_by_user"),
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["created_at"],
                        name="notification_undelivered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "escalation"), name="each_person_is_told_once_of_a_step"
                    )
                ],
            },
        ),
    ]

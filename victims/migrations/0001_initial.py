import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.CharField(max_length=200, verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("uprn", models.CharField(blank=True, max_length=12, verbose_name="UPRN")),
                ("key", models.CharField(max_length=220, unique=True)),
                ("building_key", models.CharField(max_length=220)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.area",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addresses",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["building_key"], name="address_by_building"),
                    models.Index(fields=["postcode"], name="address_by_postcode"),
                    models.Index(
                        condition=models.Q(("uprn", ""), _negated=True),
                        fields=["uprn"],
                        name="address_by_uprn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressEvent",
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
                        to="victims.address",
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
                ("line", models.CharField(max_length=200, verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("uprn", models.CharField(blank=True, max_length=12, verbose_name="UPRN")),
                ("key", models.CharField(max_length=220)),
                ("building_key", models.CharField(max_length=220)),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.area",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
                ("date_of_birth", models.DateField(blank=True, null=True)),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("other", "Other"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("pronouns", models.CharField(blank=True, max_length=30)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("communication_needs", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "people",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                        to="victims.person",
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
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
                ("date_of_birth", models.DateField(blank=True, null=True)),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("other", "Other"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("pronouns", models.CharField(blank=True, max_length=30)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("communication_needs", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="victims.person",
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
                ("given_key", models.CharField(blank=True, max_length=20)),
                ("family_key", models.CharField(blank=True, max_length=20)),
                (
                    "date_of_birth",
                    models.DateField(help_text="Copied, so that one index answers", null=True),
                ),
                ("is_current", models.BooleanField(default=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["family_key", "given_key", "date_of_birth"],
                        name="name_by_family_key",
                    ),
                    models.Index(fields=["given_key", "family_key"], name="name_by_given_key"),
                    models.Index(
                        condition=models.Q(("date_of_birth__isnull", False)),
                        fields=["date_of_birth", "family_key"],
                        name="name_by_birth",
                    ),
                    models.Index(fields=["person"], name="name_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Telephone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="telephones",
                        to="victims.person",
                    ),
                ),
                ("number", models.CharField(max_length=16, verbose_name="E.164")),
                ("first_used_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number", "person"), name="telephone_once_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="victims.person",
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="victims.address",
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_at__isnull", True)),
                        fields=("address", "person"),
                        name="residence_once_while_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_at__isnull", True),
                            ("until_at__gte", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="residence_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Victim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="victim",
                        to="victims.person",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="victims",
                        to="accounts.area",
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
                ("grade_since", models.DateTimeField(null=True)),
                ("grade_reason", models.CharField(blank=True, max_length=300)),
                (
                    "contact_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="victims",
                        to="accounts.team",
                    ),
                ),
                (
                    "contact_owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="victims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "risk_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "risk_owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "plan_owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("last_incident_at", models.DateTimeField(null=True)),
                ("last_contact_at", models.DateTimeField(null=True)),
                ("last_assessed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("view_victim", "May see this victim's record"),
                    ("view_all_victims", "May see every victim's record"),
                    ("record_safe_contact", "May record how a victim can be reached"),
                    ("set_marker", "May set and end markers on addresses and people"),
                    (
                        "record_contact",
                        "May record contacts, updates, circumstances and statements",
                    ),
                    ("write_safety_plan", "May write and review a victim's safety plan"),
                    ("hand_over_duty", "May hand over what they are responsible for"),
                    (
                        "assign_duty",
                        "May give duties of their team, and of whoever left it, to others",
                    ),
                    ("close_case", "May close a victim's case and open it again"),
                    ("view_team_victims", "May see the victims of everybody in their team"),
                    (
                        "break_glass",
                        "May open a record that is not theirs, for a stated reason and time",
                    ),
                    ("keep_withholdings", "May say who must not receive anything about a victim"),
                    ("write_advocate_note", "May read and write notes kept from the police"),
                    ("write_police_note", "May read and write notes kept from advisers"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["area", "grade"], name="victim_by_area_and_grade"),
                    models.Index(
                        condition=models.Q(("contact_owner__isnull", False)),
                        fields=["contact_owner", "-last_incident_at"],
                        name="victim_by_contact_owner",
                    ),
                    models.Index(
                        condition=models.Q(("risk_owner__isnull", False)),
                        fields=["risk_owner"],
                        name="victim_by_risk_owner",
                    ),
                    models.Index(
                        condition=models.Q(("plan_owner__isnull", False)),
                        fields=["plan_owner"],
                        name="victim_by_plan_owner",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", ""), ("grade_since__isnull", False), _connector="OR"
                        ),
                        name="victim_grade_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closed_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="victim_closed_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VictimEvent",
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
                        to="victims.victim",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.area",
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
                ("grade_since", models.DateTimeField(null=True)),
                ("grade_reason", models.CharField(blank=True, max_length=300)),
                (
                    "contact_team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "contact_owner",
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
                    "risk_team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "risk_owner",
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
                    "plan_team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "plan_owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("last_incident_at", models.DateTimeField(null=True)),
                ("last_contact_at", models.DateTimeField(null=True)),
                ("last_assessed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VictimGrant",
            fields=[
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="victims.victim",
                    ),
                ),
                ("granted_at", models.DateTimeField(default=core.clock.now)),
                ("until_at", models.DateTimeField(null=True)),
            ],
            options={
                "unique_together": {("user", "permission", "content_object")},
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["user", "permission", "-granted_at"], name="grant_newest_first"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VictimAccess",
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
                        related_name="accesses",
                        to="victims.victim",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("client", "Their client"),
                            ("leads", "Their service is asked to support them"),
                            ("conference", "A conference hears the case"),
                            ("break_glass", "Opened in an emergency"),
                            ("given", "Given by hand"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source_type", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, max_length=300)),
                (
                    "told",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "looked_at_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("found_right", models.BooleanField(null=True)),
                ("looked_at_words", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-from_at"], name="access_by_victim"),
                    models.Index(
                        condition=models.Q(("why", "break_glass")),
                        fields=["-from_at"],
                        name="access_in_emergency",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("until_at__isnull", False)),
                        fields=["until_at"],
                        name="access_running_out",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "victim", "why", "source_type", "source_id"),
                        name="one_standing_reason_to_see",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="access_ended_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("why", "break_glass"), _negated=True),
                            models.Q(
                                ("until_at__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="broken_glass_has_reason_and_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeContact",
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
                        related_name="safe_contacts",
                        to="victims.victim",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("call", "Telephone"),
                            ("text", "Text message"),
                            ("email", "E-mail"),
                            ("third_party", "Through somebody else"),
                            ("none", "No safe way known"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=120)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("code_word", models.CharField(blank=True, max_length=60)),
                ("may_leave_voicemail", models.BooleanField(default=False)),
                ("notes", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_current", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("victim",),
                        name="one_current_safe_contact",
                    ),
                    models.UniqueConstraint(
                        fields=("victim", "version"), name="safe_contact_version_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeContactEvent",
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
                        to="victims.safecontact",
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
                    "method",
                    models.CharField(
                        choices=[
                            ("call", "Telephone"),
                            ("text", "Text message"),
                            ("email", "E-mail"),
                            ("third_party", "Through somebody else"),
                            ("none", "No safe way known"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=120)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("code_word", models.CharField(blank=True, max_length=60)),
                ("may_leave_voicemail", models.BooleanField(default=False)),
                ("notes", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_current", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VictimUpdate",
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
                        related_name="updates",
                        to="victims.victim",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("arrest", "Arrest"),
                            ("bail", "Released on bail"),
                            ("bail_change", "Bail changed or ended"),
                            ("under_investigation", "Released under investigation"),
                            ("release", "Release"),
                            ("release_ahead", "Release to come"),
                            ("charge", "Charge"),
                            ("no_charge", "No charge"),
                            ("remand", "Kept in custody by a court"),
                            ("court", "Date in court"),
                            ("order", "Order made, changed or ended"),
                            ("order_breach", "Order or bail breached"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "To be told"),
                            ("told", "Told"),
                            ("not_reached", "Not reached"),
                            ("fallen_away", "No longer so"),
                        ],
                        default="owed",
                        max_length=12,
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
                ("source_type", models.CharField(max_length=60)),
                ("source_id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-happened_at"], name="update_by_victim"),
                    models.Index(
                        condition=models.Q(("state", "owed")), fields=["due_at"], name="update_owed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("victim", "about", "source_type", "source_id", "happened_at"),
                        name="update_once_per_source_and_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "owed")),
                            models.Q(
                                models.Q(("state", "owed"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="update_settled_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["not_reached", "fallen_away"]), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="update_not_told_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VictimUpdateEvent",
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
                        to="victims.victimupdate",
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
                    "about",
                    models.CharField(
                        choices=[
                            ("arrest", "Arrest"),
                            ("bail", "Released on bail"),
                            ("bail_change", "Bail changed or ended"),
                            ("under_investigation", "Released under investigation"),
                            ("release", "Release"),
                            ("release_ahead", "Release to come"),
                            ("charge", "Charge"),
                            ("no_charge", "No charge"),
                            ("remand", "Kept in custody by a court"),
                            ("court", "Date in court"),
                            ("order", "Order made, changed or ended"),
                            ("order_breach", "Order or bail breached"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "To be told"),
                            ("told", "Told"),
                            ("not_reached", "Not reached"),
                            ("fallen_away", "No longer so"),
                        ],
                        default="owed",
                        max_length=12,
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
                ("outcome", models.CharField(blank=True, max_length=1000)),
                ("source_type", models.CharField(max_length=60)),
                ("source_id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                        related_name="contacts",
                        to="victims.victim",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "Telephone"),
                            ("text", "Text message"),
                            ("email", "E-mail"),
                            ("visit", "Visit"),
                            ("meeting", "Meeting elsewhere"),
                            ("third_party", "Through somebody else"),
                            ("they_came", "They reached us"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("message_left", "A safe message was left"),
                            ("unsafe", "Not safe to go on"),
                            ("refused", "Did not want to speak"),
                        ],
                        max_length=14,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "safe_contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.safecontact",
                    ),
                ),
                ("other_way_reason", models.CharField(blank=True, max_length=300)),
                (
                    "updates",
                    models.ManyToManyField(related_name="attempts", to="victims.victimupdate"),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["victim", "-at"], name="contact_by_victim")],
            },
        ),
        migrations.CreateModel(
            name="PersonalStatement",
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
                        related_name="statements",
                        to="victims.victim",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("offered_at", models.DateTimeField()),
                (
                    "offered_by",
                    models.ForeignKey(
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
                            ("", "No answer yet"),
                            ("wanted", "Wants to make one"),
                            ("later", "Perhaps later"),
                            ("declined", "Does not want to"),
                        ],
                        max_length=8,
                    ),
                ),
                ("answer_words", models.CharField(blank=True, max_length=1000)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("wants_read_aloud", models.BooleanField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-offered_at"], name="statement_by_victim")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("taken_at__isnull", True), ("taken_by__isnull", True), ("text", "")
                            ),
                            models.Q(
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="statement_taken_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalStatementEvent",
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
                        to="victims.personalstatement",
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
                    "victim",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.victim",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("offered_at", models.DateTimeField()),
                (
                    "offered_by",
                    models.ForeignKey(
                        db_constraint=False,
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
                            ("", "No answer yet"),
                            ("wanted", "Wants to make one"),
                            ("later", "Perhaps later"),
                            ("declined", "Does not want to"),
                        ],
                        max_length=8,
                    ),
                ),
                ("answer_words", models.CharField(blank=True, max_length=1000)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("wants_read_aloud", models.BooleanField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                        related_name="handovers",
                        to="victims.victim",
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[("contact", "Contact"), ("risk", "Risk"), ("plan", "Safety plan")],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Waiting for an answer"),
                            ("taken", "Taken"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                (
                    "from_person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
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
                ("answer", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "offered")),
                        fields=["to_person", "offered_at"],
                        name="handover_to_answer",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("victim", "duty"),
                        name="one_open_handover_per_duty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "offered")),
                            models.Q(
                                models.Q(("state", "offered"), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="handover_answered_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_declined_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_person__isnull", True),
                            models.Q(("from_person", models.F("to_person")), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_to_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Marker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "Treat as emergency"),
                            ("weapons", "Weapons"),
                            ("violent", "Violent to officers"),
                            ("child_at_risk", "Child at risk"),
                            ("self_harm", "Self-harm"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markers",
                        to="victims.address",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markers",
                        to="victims.person",
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address__isnull", False), ("person__isnull", True)),
                            models.Q(("address__isnull", True), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="marker_on_one_address_or_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="marker_ended_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkerEvent",
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
                        to="victims.marker",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "Treat as emergency"),
                            ("weapons", "Weapons"),
                            ("violent", "Violent to officers"),
                            ("child_at_risk", "Child at risk"),
                            ("self_harm", "Self-harm"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.address",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                        related_name="notes",
                        to="victims.victim",
                    ),
                ),
                (
                    "kept_among",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Whoever sees the record"),
                            ("advocates", "Advisers only, not the police"),
                            ("police", "Police only, not advisers"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="victims.contact",
                    ),
                ),
                ("words", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("struck_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["victim", "-written_at"], name="note_by_victim")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_at__isnull", True),
                            models.Q(("struck_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="note_struck_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyPlan",
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
                        related_name="plans",
                        to="victims.victim",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("is_current", models.BooleanField(default=True)),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("words", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("review_words", models.CharField(blank=True, db_default="", max_length=300)),
                ("review_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("victim", "version"), name="plan_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("victim",),
                        name="one_current_plan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="victims.safetyplan",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=500)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("owner_words", models.CharField(blank=True, max_length=120)),
                ("due_on", models.DateField(null=True)),
                ("is_shared", models.BooleanField(default=False)),
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
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "position"), name="plan_step_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False),
                            models.Q(("owner_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_step_has_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStepEvent",
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
                        to="victims.planstep",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.safetyplan",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=500)),
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
                ("owner_words", models.CharField(blank=True, max_length=120)),
                ("due_on", models.DateField(null=True)),
                ("is_shared", models.BooleanField(default=False)),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Circumstance",
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
                        related_name="circumstances",
                        to="victims.victim",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("moved", "Moved"),
                            ("separated", "Separated"),
                            ("together_again", "Together again"),
                            ("pregnant", "Pregnant, or a baby born"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-happened_at"], name="circumstance_by_victim")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_addressevent" ("area_id", "building_key", "id", "key", "line", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "uprn") VALUES (OLD."area_id", OLD."building_key", OLD."id", OLD."key", OLD."line", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."postcode", OLD."uprn"); RETURN NULL;',
                    hash="20a7a2d3fc55ec5d7a49f14928d7afa5114c6906",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_689e0",
                    table="victims_address",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_addressevent" ("area_id", "building_key", "id", "key", "line", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "uprn") VALUES (OLD."area_id", OLD."building_key", OLD."id", OLD."key", OLD."line", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."postcode", OLD."uprn"); RETURN NULL;',
                    hash="6a7788352f7dfab925f3074f74d7ef24b959e8c7",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_dfe8b",
                    table="victims_address",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_personevent" ("birth_year", "communication_needs", "created_at", "date_of_birth", "family_name", "given_name", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pronouns", "reference", "sex", "version") VALUES (OLD."birth_year", OLD."communication_needs", OLD."created_at", OLD."date_of_birth", OLD."family_name", OLD."given_name", OLD."id", OLD."language", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."pronouns", OLD."reference", OLD."sex", OLD."version"); RETURN NULL;',
                    hash="4b5cd9c066bae0ee8fdceda593216460e1854ce5",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_31691",
                    table="victims_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_personevent" ("birth_year", "communication_needs", "created_at", "date_of_birth", "family_name", "given_name", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pronouns", "reference", "sex", "version") VALUES (OLD."birth_year", OLD."communication_needs", OLD."created_at", OLD."date_of_birth", OLD."family_name", OLD."given_name", OLD."id", OLD."language", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."pronouns", OLD."reference", OLD."sex", OLD."version"); RETURN NULL;',
                    hash="2ab0a3108ea2a24ba23f7c62347cf1cd721487ab",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_4ec65",
                    table="victims_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="victim",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_victimevent" ("area_id", "closed_at", "closed_reason", "contact_owner_id", "contact_team_id", "created_at", "grade", "grade_reason", "grade_since", "id", "last_assessed_at", "last_contact_at", "last_incident_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_owner_id", "plan_team_id", "reference", "risk_owner_id", "risk_team_id", "version") VALUES (OLD."area_id", OLD."closed_at", OLD."closed_reason", OLD."contact_owner_id", OLD."contact_team_id", OLD."created_at", OLD."grade", OLD."grade_reason", OLD."grade_since", OLD."id", OLD."last_assessed_at", OLD."last_contact_at", OLD."last_incident_at", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."plan_owner_id", OLD."plan_team_id", OLD."reference", OLD."risk_owner_id", OLD."risk_team_id", OLD."version"); RETURN NULL;',
                    hash="382570b4a1ed51fae387e15e03e7fcfa1025236e",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_c49ec",
                    table="victims_victim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="victim",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_victimevent" ("area_id", "closed_at", "closed_reason", "contact_owner_id", "contact_team_id", "created_at", "grade", "grade_reason", "grade_since", "id", "last_assessed_at", "last_contact_at", "last_incident_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_owner_id", "plan_team_id", "reference", "risk_owner_id", "risk_team_id", "version") VALUES (OLD."area_id", OLD."closed_at", OLD."closed_reason", OLD."contact_owner_id", OLD."contact_team_id", OLD."created_at", OLD."grade", OLD."grade_reason", OLD."grade_since", OLD."id", OLD."last_assessed_at", OLD."last_contact_at", OLD."last_incident_at", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."plan_owner_id", OLD."plan_team_id", OLD."reference", OLD."risk_owner_id", OLD."risk_team_id", OLD."version"); RETURN NULL;',
                    hash="bfcbfabd93420217d72f86347001ab32cf4e73f9",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_a51a2",
                    table="victims_victim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="safecontact",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_safecontactevent" ("checked_at", "checked_by_id", "code_word", "hours", "id", "is_current", "may_leave_voicemail", "method", "notes", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "victim_id") VALUES (OLD."checked_at", OLD."checked_by_id", OLD."code_word", OLD."hours", OLD."id", OLD."is_current", OLD."may_leave_voicemail", OLD."method", OLD."notes", OLD."number", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="16679f5729b6e6bf38b6917e0e76310db3836309",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_83a32",
                    table="victims_safecontact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="safecontact",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_safecontactevent" ("checked_at", "checked_by_id", "code_word", "hours", "id", "is_current", "may_leave_voicemail", "method", "notes", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "victim_id") VALUES (OLD."checked_at", OLD."checked_by_id", OLD."code_word", OLD."hours", OLD."id", OLD."is_current", OLD."may_leave_voicemail", OLD."method", OLD."notes", OLD."number", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="130611000025d2912e0be7db6266cb74d5b52228",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_88126",
                    table="victims_safecontact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="victimupdate",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_victimupdateevent" ("about", "due_at", "happened_at", "id", "is_late", "outcome", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "settled_at", "settled_by_id", "source_id", "source_type", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."about", OLD."due_at", OLD."happened_at", OLD."id", OLD."is_late", OLD."outcome", OLD."owner_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."recorded_at", OLD."settled_at", OLD."settled_by_id", OLD."source_id", OLD."source_type", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="72a1fea7c3373b53f82a07f0a71409237d3267d1",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_773fe",
                    table="victims_victimupdate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="victimupdate",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_victimupdateevent" ("about", "due_at", "happened_at", "id", "is_late", "outcome", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "settled_at", "settled_by_id", "source_id", "source_type", "state", "team_id", "version", "victim_id", "words") VALUES (OLD."about", OLD."due_at", OLD."happened_at", OLD."id", OLD."is_late", OLD."outcome", OLD."owner_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."recorded_at", OLD."settled_at", OLD."settled_by_id", OLD."source_id", OLD."source_type", OLD."state", OLD."team_id", OLD."version", OLD."victim_id", OLD."words"); RETURN NULL;',
                    hash="f5c79d75f0323899992a5f25c372cd8ebcfe2d1e",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_f491d",
                    table="victims_victimupdate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personalstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_personalstatementevent" ("about", "answer", "answer_words", "id", "offered_at", "offered_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_at", "taken_by_id", "text", "version", "victim_id", "wants_read_aloud") VALUES (OLD."about", OLD."answer", OLD."answer_words", OLD."id", OLD."offered_at", OLD."offered_by_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."taken_at", OLD."taken_by_id", OLD."text", OLD."version", OLD."victim_id", OLD."wants_read_aloud"); RETURN NULL;',
                    hash="91759fe05460d9de2de0c12cb001f8388f992844",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_a9637",
                    table="victims_personalstatement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personalstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_personalstatementevent" ("about", "answer", "answer_words", "id", "offered_at", "offered_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_at", "taken_by_id", "text", "version", "victim_id", "wants_read_aloud") VALUES (OLD."about", OLD."answer", OLD."answer_words", OLD."id", OLD."offered_at", OLD."offered_by_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."taken_at", OLD."taken_by_id", OLD."text", OLD."version", OLD."victim_id", OLD."wants_read_aloud"); RETURN NULL;',
                    hash="3a15e7f97bff44661d654ebe14c160a81f5f3fda",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_b6802",
                    table="victims_personalstatement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marker",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_markerevent" ("address_id", "ended_at", "ended_by_id", "ended_reason", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "until", "words") VALUES (OLD."address_id", OLD."ended_at", OLD."ended_by_id", OLD."ended_reason", OLD."id", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."until", OLD."words"); RETURN NULL;',
                    hash="11ac6b3ae172058f79eefe5c86d15d1597813351",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_d3693",
                    table="victims_marker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marker",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_markerevent" ("address_id", "ended_at", "ended_by_id", "ended_reason", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "until", "words") VALUES (OLD."address_id", OLD."ended_at", OLD."ended_by_id", OLD."ended_reason", OLD."id", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."until", OLD."words"); RETURN NULL;',
                    hash="b1c0f088438f4d788a9010aca636f9f3770e3284",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_c12a5",
                    table="victims_marker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planstep",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "victims_planstepevent" ("done_at", "done_by_id", "due_on", "id", "is_shared", "owner_id", "owner_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "words") VALUES (OLD."done_at", OLD."done_by_id", OLD."due_on", OLD."id", OLD."is_shared", OLD."owner_id", OLD."owner_words", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."plan_id", OLD."position", OLD."words"); RETURN NULL;',
                    hash="55c7e41c371924dd08c10e626a2bfb44638f7a7d",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_3f74b",
                    table="victims_planstep",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planstep",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "victims_planstepevent" ("done_at", "done_by_id", "due_on", "id", "is_shared", "owner_id", "owner_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "words") VALUES (OLD."done_at", OLD."done_by_id", OLD."due_on", OLD."id", OLD."is_shared", OLD."owner_id", OLD."owner_words", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."plan_id", OLD."position", OLD."words"); RETURN NULL;',
                    hash="daa65aa821aa68996dd24960181515789335e3ca",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_a123d",
                    table="victims_planstep",
                    when="AFTER",
                ),
            ),
        ),
    ]

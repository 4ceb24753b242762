import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import incidents.models.exhibits


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("victims", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "fields",
                    models.JSONField(default=dict, help_text="The form's fields exactly as typed"),
                ),
                ("answered_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("writer", models.CharField(blank=True, max_length=60)),
                ("discarded_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("discarded_at__isnull", True)),
                        fields=["handler", "-updated_at"],
                        name="draft_of_handler",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "draft",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident",
                        to="incidents.calldraft",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("999", "999"),
                            ("101", "101"),
                            ("counter", "Front counter"),
                            ("agency", "Agency"),
                            ("online", "Online"),
                            ("patrol", "Officer on patrol"),
                        ],
                        max_length=8,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("logged_at", models.DateTimeField()),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("sent", "Officers sent"),
                            ("attended", "Attended"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=120)),
                ("caller_number", models.CharField(blank=True, max_length=16)),
                (
                    "caller_is",
                    models.CharField(
                        choices=[
                            ("victim", "the victim"),
                            ("perpetrator", "the person complained of"),
                            ("child", "a child"),
                            ("family", "family"),
                            ("neighbour", "a neighbour"),
                            ("professional", "a professional"),
                            ("other", "somebody else"),
                        ],
                        default="victim",
                        max_length=12,
                    ),
                ),
                ("safe_callback", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=60)),
                (
                    "communication_needs",
                    models.CharField(
                        blank=True,
                        help_text="Interpreter, relay, hearing, reading, learning",
                        max_length=200,
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="victims.address",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="accounts.area",
                    ),
                ),
                ("narrative", models.TextField(help_text="What is happening")),
                (
                    "verbatim",
                    models.TextField(blank=True, help_text="The very words that were said"),
                ),
                (
                    "background",
                    models.CharField(
                        blank=True, help_text="What is heard behind them", max_length=500
                    ),
                ),
                ("call_dropped", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
                (
                    "suggested_grade",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("suggested_reasons", models.JSONField(default=list, help_text="Sentences")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("grade_override_reason", models.TextField(blank=True)),
                ("set_aside", models.JSONField(default=list)),
                ("attend_by", models.DateTimeField(null=True)),
                ("officers_advised", models.PositiveSmallIntegerField(default=2)),
                ("not_sent_reason", models.CharField(blank=True, max_length=300)),
                ("earlier_in_year", models.PositiveSmallIntegerField(default=0)),
                ("non_crime_reason", models.CharField(blank=True, max_length=300)),
                ("closed_at", models.DateTimeField(null=True)),
                ("supervised_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
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
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("caller_number", ""), _negated=True),
                        fields=["caller_number", "-received_at"],
                        name="incident_by_number",
                    ),
                    models.Index(
                        condition=models.Q(("address__isnull", False)),
                        fields=["address", "-received_at"],
                        name="incident_by_address",
                    ),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["-received_at"],
                        name="incident_not_closed",
                    ),
                    models.Index(fields=["-received_at"], name="incident_newest_first"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["attended", "closed"]), ("supervised_at__isnull", True)
                        ),
                        fields=["area", "-received_at"],
                        name="incident_not_supervised",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", models.F("suggested_grade")),
                            models.Q(("grade_override_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_override_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_has_its_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "sent", "attended", "closed"])),
                        name="incident_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentEvent",
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
                        to="incidents.incident",
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
                    "draft",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.calldraft",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("999", "999"),
                            ("101", "101"),
                            ("counter", "Front counter"),
                            ("agency", "Agency"),
                            ("online", "Online"),
                            ("patrol", "Officer on patrol"),
                        ],
                        max_length=8,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("logged_at", models.DateTimeField()),
                (
                    "logged_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("sent", "Officers sent"),
                            ("attended", "Attended"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=120)),
                ("caller_number", models.CharField(blank=True, max_length=16)),
                (
                    "caller_is",
                    models.CharField(
                        choices=[
                            ("victim", "the victim"),
                            ("perpetrator", "the person complained of"),
                            ("child", "a child"),
                            ("family", "family"),
                            ("neighbour", "a neighbour"),
                            ("professional", "a professional"),
                            ("other", "somebody else"),
                        ],
                        default="victim",
                        max_length=12,
                    ),
                ),
                ("safe_callback", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=60)),
                (
                    "communication_needs",
                    models.CharField(
                        blank=True,
                        help_text="Interpreter, relay, hearing, reading, learning",
                        max_length=200,
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.address",
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
                ("narrative", models.TextField(help_text="What is happening")),
                (
                    "verbatim",
                    models.TextField(blank=True, help_text="The very words that were said"),
                ),
                (
                    "background",
                    models.CharField(
                        blank=True, help_text="What is heard behind them", max_length=500
                    ),
                ),
                ("call_dropped", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
                (
                    "suggested_grade",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("suggested_reasons", models.JSONField(default=list, help_text="Sentences")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("grade_override_reason", models.TextField(blank=True)),
                ("set_aside", models.JSONField(default=list)),
                ("attend_by", models.DateTimeField(null=True)),
                ("officers_advised", models.PositiveSmallIntegerField(default=2)),
                ("not_sent_reason", models.CharField(blank=True, max_length=300)),
                ("earlier_in_year", models.PositiveSmallIntegerField(default=0)),
                ("non_crime_reason", models.CharField(blank=True, max_length=300)),
                ("closed_at", models.DateTimeField(null=True)),
                ("supervised_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FurtherCall",
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
                        related_name="further_calls",
                        to="incidents.incident",
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="further_call",
                        to="incidents.calldraft",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("999", "999"),
                            ("101", "101"),
                            ("counter", "Front counter"),
                            ("agency", "Agency"),
                            ("online", "Online"),
                            ("patrol", "Officer on patrol"),
                        ],
                        max_length=8,
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=120)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=120)),
                ("caller_number", models.CharField(blank=True, max_length=16)),
                (
                    "caller_is",
                    models.CharField(
                        choices=[
                            ("victim", "the victim"),
                            ("perpetrator", "the person complained of"),
                            ("child", "a child"),
                            ("family", "family"),
                            ("neighbour", "a neighbour"),
                            ("professional", "a professional"),
                            ("other", "somebody else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("safe_callback", models.CharField(blank=True, max_length=200)),
                ("narrative", models.TextField()),
                ("verbatim", models.TextField(blank=True)),
                ("background", models.CharField(blank=True, max_length=500)),
                ("call_dropped", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
                (
                    "grade_before",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "grade_after",
                    models.CharField(
                        choices=[
                            ("immediate", "Immediate"),
                            ("priority", "Priority"),
                            ("routine", "Routine"),
                            ("appointment", "Appointment"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["incident", "received_at"], name="further_call_of_incident"
                    ),
                    models.Index(
                        condition=models.Q(("caller_number", ""), _negated=True),
                        fields=["caller_number", "-received_at"],
                        name="further_call_by_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_as_first",
                        to="incidents.incident",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_as_second",
                        to="incidents.incident",
                    ),
                ),
                ("words", models.CharField(help_text="Why they are one event", max_length=300)),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("linked_at", models.DateTimeField()),
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
                ("ended_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="link_has_its_lower_number_first",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("first", "second"),
                        name="linked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="link_ended_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Editing",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="being_edited",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("page", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "person"), name="editing_once_per_person_and_incident"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Closure",
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
                        related_name="closures",
                        to="incidents.incident",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("crime", "Crime recorded"), ("non_crime", "Domestic non-crime")],
                        max_length=10,
                    ),
                ),
                ("non_crime_reason", models.CharField(blank=True, max_length=300)),
                ("answers", models.JSONField(default=dict)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting for an inspector"),
                            ("signed_off", "Signed off"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
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
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision", "")),
                        fields=["requested_at"],
                        name="closure_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("decision", "refused")),
                        fields=["-decided_at"],
                        name="closure_refused",
                    ),
                    models.Index(fields=["incident", "-requested_at"], name="closure_of_incident"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision__in", ["", "signed_off", "refused", "withdrawn"])
                        ),
                        name="closure_decision_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "")),
                        fields=("incident",),
                        name="one_closure_waits",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "signed_off")),
                        fields=("incident",),
                        name="signed_off_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decision", ""),
                            ),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closure_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "refused"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closure_refused_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__in", ["signed_off", "refused"]), _negated=True),
                            models.Q(
                                models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                models.Q(("decided_by", models.F("answered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closure_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "crime"), ("non_crime_reason", "")),
                            models.Q(
                                ("kind", "non_crime"),
                                models.Q(("non_crime_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="non_crime_closure_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crime",
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
                        related_name="crimes",
                        to="incidents.incident",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crimes",
                        to="victims.victim",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("assault_intent", "Assault with intent"),
                            ("assault_injury", "Assault with injury"),
                            ("assault_no_injury", "Assault without injury"),
                            ("harassment", "Harassment"),
                            ("stalking", "Stalking"),
                            ("sexual", "Sexual offence"),
                            ("coercive_control", "Controlling or coercive behaviour"),
                            ("threats_to_kill", "Threats to kill"),
                            ("criminal_damage", "Criminal damage"),
                            ("breach_of_order", "Breach of an order"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "number",
                    models.CharField(max_length=20, unique=True, verbose_name="crime number"),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("arrests", models.PositiveSmallIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not yet"),
                            ("charge", "Charge or summons"),
                            ("caution", "Caution"),
                            ("out_of_court", "Other out-of-court disposal"),
                            ("no_further_action", "No further action"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("outcome_at", models.DateTimeField(null=True)),
                ("outcome_words", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("outcome_at__isnull", True)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("outcome_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="crime_outcome_has_its_instant",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CrimeEvent",
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
                        to="incidents.crime",
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.victim",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("assault_intent", "Assault with intent"),
                            ("assault_injury", "Assault with injury"),
                            ("assault_no_injury", "Assault without injury"),
                            ("harassment", "Harassment"),
                            ("stalking", "Stalking"),
                            ("sexual", "Sexual offence"),
                            ("coercive_control", "Controlling or coercive behaviour"),
                            ("threats_to_kill", "Threats to kill"),
                            ("criminal_damage", "Criminal damage"),
                            ("breach_of_order", "Breach of an order"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="crime number")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("arrests", models.PositiveSmallIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not yet"),
                            ("charge", "Charge or summons"),
                            ("caution", "Caution"),
                            ("out_of_court", "Other out-of-court disposal"),
                            ("no_further_action", "No further action"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("outcome_at", models.DateTimeField(null=True)),
                ("outcome_words", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NonCrimeReview",
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
                        related_name="non_crime_reviews",
                        to="victims.victim",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="non_crime_reviews",
                        to="incidents.incident",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("incidents_counted", models.JSONField(default=list)),
                ("basis", models.CharField(max_length=200)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not yet"),
                            ("crime", "A crime should have been recorded"),
                            ("plan", "A plan for the household is begun"),
                            ("referred", "Referred to another service"),
                            ("no_steps", "Nothing further is needed"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("words", models.TextField(blank=True)),
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
                ("fell_away_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("review_non_crimes", "May review repeated incidents without a crime")
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-opened_at"], name="non_crime_review_of_victim")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision", ""), ("fell_away_at__isnull", True)),
                        fields=("victim",),
                        name="one_open_non_crime_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decision", ""),
                            ),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                models.Q(("words", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="non_crime_review_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrimeOwed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crime_owed",
                        to="incidents.noncrimereview",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crimes_owed",
                        to="incidents.incident",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("assault_intent", "Assault with intent"),
                            ("assault_injury", "Assault with injury"),
                            ("assault_no_injury", "Assault without injury"),
                            ("harassment", "Harassment"),
                            ("stalking", "Stalking"),
                            ("sexual", "Sexual offence"),
                            ("coercive_control", "Controlling or coercive behaviour"),
                            ("threats_to_kill", "Threats to kill"),
                            ("criminal_damage", "Criminal damage"),
                            ("breach_of_order", "Breach of an order"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call_sign", models.CharField(max_length=12, unique=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="accounts.team",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["call_sign"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="incidents.unit",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("unavailable_reason", models.CharField(blank=True, max_length=120)),
                ("unavailable_since", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("officer",),
                        name="one_duty_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("started_at"))),
                        name="duty_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("unavailable_reason", ""), ("unavailable_since__isnull", True)
                            ),
                            models.Q(
                                models.Q(("unavailable_reason", ""), _negated=True),
                                ("unavailable_since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="unavailable_has_its_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
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
                        related_name="deployments",
                        to="incidents.incident",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.unit",
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("briefing_read_at", models.DateTimeField(null=True)),
                ("arrive_by", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("cleared_at", models.DateTimeField(null=True)),
                ("stood_down_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["officer", "-sent_at"], name="deployment_of_officer"),
                    models.Index(
                        condition=models.Q(("cleared_at__isnull", True)),
                        fields=["officer"],
                        name="deployment_not_cleared",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "officer"), name="officer_sent_once_per_incident"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exhibits",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("injury", "Photograph of an injury"),
                            ("scene", "Photograph of the scene"),
                            ("document", "Document"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=40, verbose_name="exhibit reference")),
                ("words", models.CharField(max_length=300, verbose_name="what it shows")),
                (
                    "file",
                    models.FileField(
                        max_length=200, storage=incidents.models.exhibits.kept_in, upload_to=""
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("incident", "reference"),
                        name="exhibit_reference_once_per_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="exhibit_withdrawn_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Involvement",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="involvements",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="victims.person",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("victim", "victim"),
                            ("perpetrator", "perpetrator"),
                            ("child", "child"),
                            ("witness", "witness"),
                            ("caller", "caller"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="victims.victim",
                    ),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "relationship",
                    models.CharField(blank=True, help_text="ex-partner, mother", max_length=60),
                ),
                ("recognised_by", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["person", "-received_at"], name="involvement_by_person"),
                    models.Index(
                        condition=models.Q(("victim__isnull", False)),
                        fields=["victim", "-received_at"],
                        name="involvement_by_victim",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "person", "role"),
                        name="role_once_per_person_and_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "victim"), ("victim__isnull", False)),
                            models.Q(
                                models.Q(("role", "victim"), _negated=True),
                                ("victim__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="involvement_victim_exactly_for_victims",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="first_response",
                        to="incidents.incident",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "positive_action",
                    models.CharField(
                        choices=[
                            ("arrest", "Arrest"),
                            ("removal", "Somebody taken to a safer place"),
                            ("support", "Support given"),
                            ("referral", "Referred to another service"),
                            ("none", "None"),
                        ],
                        max_length=10,
                    ),
                ),
                ("positive_action_reason", models.TextField()),
                (
                    "spoken_apart",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                ("spoken_apart_reason", models.CharField(blank=True, max_length=300)),
                (
                    "children_present",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                ("account", models.TextField(help_text="What was seen and said")),
                ("golden_hour", models.JSONField(default=list)),
                (
                    "body_worn_video",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                (
                    "body_worn_video_exhibit",
                    models.CharField(blank=True, help_text="TH/1", max_length=40),
                ),
                ("body_worn_video_reason", models.CharField(blank=True, max_length=300)),
                (
                    "supports_prosecution",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                (
                    "wishes",
                    models.TextField(blank=True, help_text="What the victim wants, in their words"),
                ),
                ("evidence_led_plan", models.TextField(blank=True)),
                (
                    "counter_allegation",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        default="no",
                        max_length=3,
                    ),
                ),
                (
                    "counter_view",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("one", "One of them needs protection from the other"),
                            ("both", "Each needs protection from the other"),
                            ("unclear", "Not clear yet; both are treated as victims"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "counter_protect",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                ("counter_reason", models.TextField(blank=True)),
                ("safety_measures", models.JSONField(default=list)),
                ("safety_plan", models.TextField(help_text="What was put in place before leaving")),
                ("crimes_committed", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FirstResponseEvent",
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
                        to="incidents.firstresponse",
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
                    "positive_action",
                    models.CharField(
                        choices=[
                            ("arrest", "Arrest"),
                            ("removal", "Somebody taken to a safer place"),
                            ("support", "Support given"),
                            ("referral", "Referred to another service"),
                            ("none", "None"),
                        ],
                        max_length=10,
                    ),
                ),
                ("positive_action_reason", models.TextField()),
                (
                    "spoken_apart",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                ("spoken_apart_reason", models.CharField(blank=True, max_length=300)),
                (
                    "children_present",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                ("account", models.TextField(help_text="What was seen and said")),
                ("golden_hour", models.JSONField(default=list)),
                (
                    "body_worn_video",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                (
                    "body_worn_video_exhibit",
                    models.CharField(blank=True, help_text="TH/1", max_length=40),
                ),
                ("body_worn_video_reason", models.CharField(blank=True, max_length=300)),
                (
                    "supports_prosecution",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        max_length=3,
                    ),
                ),
                (
                    "wishes",
                    models.TextField(blank=True, help_text="What the victim wants, in their words"),
                ),
                ("evidence_led_plan", models.TextField(blank=True)),
                (
                    "counter_allegation",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("n/a", "Does not apply")],
                        default="no",
                        max_length=3,
                    ),
                ),
                (
                    "counter_view",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("one", "One of them needs protection from the other"),
                            ("both", "Each needs protection from the other"),
                            ("unclear", "Not clear yet; both are treated as victims"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "counter_protect",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                ("counter_reason", models.TextField(blank=True)),
                ("safety_measures", models.JSONField(default=list)),
                ("safety_plan", models.TextField(help_text="What was put in place before leaving")),
                ("crimes_committed", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartyAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="incidents.firstresponse",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                ("was_spoken_to", models.BooleanField()),
                ("account", models.TextField(blank=True)),
                (
                    "injuries",
                    models.TextField(blank=True, help_text="What was seen and said of injuries"),
                ),
                ("fear", models.TextField(blank=True, help_text="What they fear will happen")),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("response", "person"), name="one_account_per_person_and_response"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChildSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="incidents.firstresponse",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                ("name", models.CharField(help_text="As shown: Ella, 6", max_length=120)),
                ("was_seen", models.BooleanField()),
                ("was_spoken_to", models.BooleanField()),
                ("words", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("response", "person"),
                        name="each_child_once_per_response",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstResponseDraft",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="first_response_drafts",
                        to="incidents.incident",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "fields",
                    models.JSONField(
                        default=dict, help_text="Each field's values exactly as typed"
                    ),
                ),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("writer", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "officer"), name="one_first_response_draft_per_officer"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CounterAllegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counter_between",
                        to="incidents.firstresponse",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "against",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("against")), _negated=True),
                        name="counter_allegation_of_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionCheck",
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
                        related_name="supervision_checks",
                        to="incidents.incident",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("satisfied", "Done as it should be"),
                            ("action", "Something is still to be done"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "asked_of",
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
                    models.Index(fields=["incident", "-checked_at"], name="check_of_incident"),
                    models.Index(
                        condition=models.Q(("asked_of__isnull", False)),
                        fields=["asked_of", "-checked_at"],
                        name="check_asked_of",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_of__isnull", True), ("outcome", "satisfied")),
                            models.Q(
                                ("asked_of__isnull", False),
                                ("outcome", "action"),
                                models.Q(("words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="action_is_asked_of_somebody_in_words",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_only_when_signed_off_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM written\n                WHERE state = 'closed' AND NOT EXISTS (\n                    SELECT 1 FROM incidents_closure signed\n                    WHERE signed.incident_id = written.id AND signed.decision = 'signed_off'\n                )\n            ) THEN\n                RAISE EXCEPTION 'an incident is closed only by an inspector''s signature'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_only_when_signed_off';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b70940a84db733a842b05cb8916d5d74c81e690a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_closed_only_when_signed_off_insert_1de6d",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="incidents_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_only_when_signed_off_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM written\n                WHERE state = 'closed' AND NOT EXISTS (\n                    SELECT 1 FROM incidents_closure signed\n                    WHERE signed.incident_id = written.id AND signed.decision = 'signed_off'\n                )\n            ) THEN\n                RAISE EXCEPTION 'an incident is closed only by an inspector''s signature'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_only_when_signed_off';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b4b145bff3e27bd11ee0347987dc0bfd2f10b723",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_only_when_signed_off_update_efdb9",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="incidents_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_closed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" = \'closed\' AND (NOT (NEW."state" = \'closed\') OR NOT (NEW."closed_at" = (OLD."closed_at") AND NEW."closed_at" IS NOT NULL AND NEW."closed_at" IS NOT NULL)))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7d910d5a5507f164cb37bf8ef0484acade88343a",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_closed_bc949",
                    table="incidents_incident",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_incidentevent" ("address_id", "answers", "area_id", "attend_by", "background", "call_dropped", "caller_is", "caller_name", "caller_number", "closed_at", "communication_needs", "draft_id", "earlier_in_year", "grade", "grade_override_reason", "id", "language", "logged_at", "logged_by_id", "narrative", "non_crime_reason", "not_sent_reason", "officers_advised", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "safe_callback", "set_aside", "source", "source_detail", "state", "suggested_grade", "suggested_reasons", "supervised_at", "verbatim", "version") VALUES (OLD."address_id", OLD."answers", OLD."area_id", OLD."attend_by", OLD."background", OLD."call_dropped", OLD."caller_is", OLD."caller_name", OLD."caller_number", OLD."closed_at", OLD."communication_needs", OLD."draft_id", OLD."earlier_in_year", OLD."grade", OLD."grade_override_reason", OLD."id", OLD."language", OLD."logged_at", OLD."logged_by_id", OLD."narrative", OLD."non_crime_reason", OLD."not_sent_reason", OLD."officers_advised", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."received_at", OLD."reference", OLD."safe_callback", OLD."set_aside", OLD."source", OLD."source_detail", OLD."state", OLD."suggested_grade", OLD."suggested_reasons", OLD."supervised_at", OLD."verbatim", OLD."version"); RETURN NULL;',
                    hash="9b4904cd5983d6df68a01d4045428232b9b8cc2d",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_9a321",
                    table="incidents_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_incidentevent" ("address_id", "answers", "area_id", "attend_by", "background", "call_dropped", "caller_is", "caller_name", "caller_number", "closed_at", "communication_needs", "draft_id", "earlier_in_year", "grade", "grade_override_reason", "id", "language", "logged_at", "logged_by_id", "narrative", "non_crime_reason", "not_sent_reason", "officers_advised", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "safe_callback", "set_aside", "source", "source_detail", "state", "suggested_grade", "suggested_reasons", "supervised_at", "verbatim", "version") VALUES (OLD."address_id", OLD."answers", OLD."area_id", OLD."attend_by", OLD."background", OLD."call_dropped", OLD."caller_is", OLD."caller_name", OLD."caller_number", OLD."closed_at", OLD."communication_needs", OLD."draft_id", OLD."earlier_in_year", OLD."grade", OLD."grade_override_reason", OLD."id", OLD."language", OLD."logged_at", OLD."logged_by_id", OLD."narrative", OLD."non_crime_reason", OLD."not_sent_reason", OLD."officers_advised", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."received_at", OLD."reference", OLD."safe_callback", OLD."set_aside", OLD."source", OLD."source_detail", OLD."state", OLD."suggested_grade", OLD."suggested_reasons", OLD."supervised_at", OLD."verbatim", OLD."version"); RETURN NULL;',
                    hash="ae01708aad2cb83e391ae629da1cb811ff382cd6",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_2f08c",
                    table="incidents_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_by_an_inspector_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM written\n                WHERE decision IN ('signed_off', 'refused') AND NOT EXISTS (\n                    SELECT 1\n                    FROM accounts_user_groups holds\n                    JOIN auth_group_permissions grants ON grants.group_id = holds.group_id\n                    JOIN auth_permission permission ON permission.id = grants.permission_id\n                    JOIN django_content_type kind ON kind.id = permission.content_type_id\n                    WHERE holds.user_id = written.decided_by_id\n                      AND permission.codename = 'sign_off_closure'\n                      AND kind.app_label = 'incidents'\n                )\n            ) THEN\n                RAISE EXCEPTION 'only an inspector of the control room decides a closure'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_by_an_inspector';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="d7eed4d5f808967dff5b2b848cd7d58ce5b4f77f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_decided_by_an_inspector_insert_0b2cd",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="incidents_closure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_by_an_inspector_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM written\n                WHERE decision IN ('signed_off', 'refused') AND NOT EXISTS (\n                    SELECT 1\n                    FROM accounts_user_groups holds\n                    JOIN auth_group_permissions grants ON grants.group_id = holds.group_id\n                    JOIN auth_permission permission ON permission.id = grants.permission_id\n                    JOIN django_content_type kind ON kind.id = permission.content_type_id\n                    WHERE holds.user_id = written.decided_by_id\n                      AND permission.codename = 'sign_off_closure'\n                      AND kind.app_label = 'incidents'\n                )\n            ) THEN\n                RAISE EXCEPTION 'only an inspector of the control room decides a closure'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_by_an_inspector';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="d14926359dfc8c29369b315756ee97829b243f75",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_by_an_inspector_update_5fe96",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="incidents_closure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="16fb04501f4d8cd66ced8cbb4cb1f9e061b4071d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_bcd64",
                    table="incidents_closure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="178f9cbaf419656810d4dd3e03db31aedf9fb3b6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_344aa",
                    table="incidents_closure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"decision\" = ''))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="caddab848e4cc7e45e45936295b93b7bd3985276",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_7d473",
                    table="incidents_closure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="crime",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_crimeevent" ("arrests", "category", "id", "incident_id", "number", "outcome", "outcome_at", "outcome_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "version", "victim_id") VALUES (OLD."arrests", OLD."category", OLD."id", OLD."incident_id", OLD."number", OLD."outcome", OLD."outcome_at", OLD."outcome_words", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="4b10a334d308b67f7fb62c0753d19d9187202a0a",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_484ed",
                    table="incidents_crime",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="crime",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_crimeevent" ("arrests", "category", "id", "incident_id", "number", "outcome", "outcome_at", "outcome_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "version", "victim_id") VALUES (OLD."arrests", OLD."category", OLD."id", OLD."incident_id", OLD."number", OLD."outcome", OLD."outcome_at", OLD."outcome_words", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="085cbd9bd780e48145966e027dfeaf9067229837",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_e7b9e",
                    table="incidents_crime",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firstresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_firstresponseevent" ("account", "body_worn_video", "body_worn_video_exhibit", "body_worn_video_reason", "children_present", "counter_allegation", "counter_protect_id", "counter_reason", "counter_view", "crimes_committed", "evidence_led_plan", "golden_hour", "id", "incident_id", "officer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "positive_action", "positive_action_reason", "recorded_at", "safety_measures", "safety_plan", "spoken_apart", "spoken_apart_reason", "supports_prosecution", "version", "wishes") VALUES (OLD."account", OLD."body_worn_video", OLD."body_worn_video_exhibit", OLD."body_worn_video_reason", OLD."children_present", OLD."counter_allegation", OLD."counter_protect_id", OLD."counter_reason", OLD."counter_view", OLD."crimes_committed", OLD."evidence_led_plan", OLD."golden_hour", OLD."id", OLD."incident_id", OLD."officer_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."positive_action", OLD."positive_action_reason", OLD."recorded_at", OLD."safety_measures", OLD."safety_plan", OLD."spoken_apart", OLD."spoken_apart_reason", OLD."supports_prosecution", OLD."version", OLD."wishes"); RETURN NULL;',
                    hash="cc2d11bbf73e435f3525298b71c36871cd718738",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_98b98",
                    table="incidents_firstresponse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firstresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_firstresponseevent" ("account", "body_worn_video", "body_worn_video_exhibit", "body_worn_video_reason", "children_present", "counter_allegation", "counter_protect_id", "counter_reason", "counter_view", "crimes_committed", "evidence_led_plan", "golden_hour", "id", "incident_id", "officer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "positive_action", "positive_action_reason", "recorded_at", "safety_measures", "safety_plan", "spoken_apart", "spoken_apart_reason", "supports_prosecution", "version", "wishes") VALUES (OLD."account", OLD."body_worn_video", OLD."body_worn_video_exhibit", OLD."body_worn_video_reason", OLD."children_present", OLD."counter_allegation", OLD."counter_protect_id", OLD."counter_reason", OLD."counter_view", OLD."crimes_committed", OLD."evidence_led_plan", OLD."golden_hour", OLD."id", OLD."incident_id", OLD."officer_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."positive_action", OLD."positive_action_reason", OLD."recorded_at", OLD."safety_measures", OLD."safety_plan", OLD."spoken_apart", OLD."spoken_apart_reason", OLD."supports_prosecution", OLD."version", OLD."wishes"); RETURN NULL;',
                    hash="4c92eaefbd1998c34f8ecd7ce9bac3dc7f5b74b6",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_1722b",
                    table="incidents_firstresponse",
                    when="AFTER",
                ),
            ),
        ),
    ]

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("actor_name", models.CharField(max_length=120)),
                ("verb", models.CharField(max_length=60)),
                ("headline", models.CharField(max_length=300)),
                ("detail", models.JSONField(default=dict)),
                ("is_grave", models.BooleanField(default=False)),
                (
                    "subject",
                    models.CharField(help_text="A reference: DA-2026-000123", max_length=40),
                ),
                ("victim_id", models.BigIntegerField(null=True)),
                ("incident_id", models.BigIntegerField(null=True)),
            ],
            options={
                "permissions": [("view_audit", "May see who did what and who looked")],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("victim_id__isnull", False)),
                        fields=["victim_id", "-at"],
                        name="audit_by_victim",
                    ),
                    models.Index(
                        condition=models.Q(("incident_id__isnull", False)),
                        fields=["incident_id", "-at"],
                        name="audit_by_incident",
                    ),
                    models.Index(fields=["actor", "-at"], name="audit_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("user_name", models.CharField(max_length=120)),
                ("path", models.CharField(max_length=300)),
                ("subject", models.CharField(max_length=40)),
                ("victim_id", models.BigIntegerField(null=True)),
                ("incident_id", models.BigIntegerField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("victim_id__isnull", False)),
                        fields=["victim_id", "-at"],
                        name="read_by_victim",
                    ),
                    models.Index(
                        condition=models.Q(("incident_id__isnull", False)),
                        fields=["incident_id", "-at"],
                        name="read_by_incident",
                    ),
                    models.Index(fields=["user", "-at"], name="read_by_user"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0450288fcb55201b346da4e2d56d2293ba7aac03",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_00dfa",
                    table="audit_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="2cc430a48998a278c618e303d9418c397ded71e7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_c220f",
                    table="audit_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordread",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="883fdd0cce85783589065634390ccc0fe5c0d9bd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1904f",
                    table="audit_recordread",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordread",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="eebb55524957d98baccbf8e3b08278647ea670ed",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_43672",
                    table="audit_recordread",
                    when="BEFORE",
                ),
            ),
        ),
    ]

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
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("key", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("definition", "Definition"),
                            ("lesson", "Lesson from a review"),
                            ("procedure", "Change of procedure"),
                        ],
                        default="definition",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(blank=True)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where it comes from", max_length=200),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("Call handler", "Call handler"),
                                ("Control-room inspector", "Control-room inspector"),
                                ("Response officer", "Response officer"),
                                ("Supervisor", "Supervisor"),
                                ("MARU worker", "MARU worker"),
                                ("MARU manager", "MARU manager"),
                                ("Head of public protection", "Head of public protection"),
                                ("DAISU investigator", "DAISU investigator"),
                                ("IDVA", "IDVA"),
                                ("IDVA manager", "IDVA manager"),
                                ("MARAC coordinator", "MARAC coordinator"),
                                ("MARAC chair", "MARAC chair"),
                                ("Agency representative", "Agency representative"),
                                ("Neighbourhood officer", "Neighbourhood officer"),
                                ("Custody officer", "Custody officer"),
                                ("Custody system", "Custody system"),
                                ("Superintendent", "Superintendent"),
                                ("Performance analyst", "Performance analyst"),
                                ("Auditor", "Auditor"),
                                ("System administrator", "System administrator"),
                            ],
                            max_length=60,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("pass_by", models.DateField(null=True)),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacement",
                        to="learning.notice",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                ("withdrawn_words", models.TextField(blank=True)),
            ],
            options={
                "permissions": [
                    ("write_notice", "May write notices to staff and publish them"),
                    ("view_results", "May see who of their team has read and passed"),
                    ("view_all_results", "May see who of every team has read and passed"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["-published_at"],
                        name="notice_published",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True), ("published_by__isnull", True)
                            ),
                            models.Q(
                                ("pass_by__isnull", False),
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                ("roles__len__gt", 0),
                                models.Q(("title", ""), _negated=True),
                                models.Q(("body", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_published_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                                ("withdrawn_words", ""),
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_withdrawn_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeTeam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="noticeteams",
                        to="learning.notice",
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
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "team"), name="team_named_once_in_a_notice"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="learning.notice",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(blank=True, max_length=500)),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=300),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "right",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="Shown after answering", max_length=1000
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "position"), name="question_has_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("options__len__lte", 5)),
                        name="question_options_are_few",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="learning.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "notice"), name="first_reading")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="learning.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                ("right_count", models.PositiveSmallIntegerField()),
                ("asked", models.PositiveSmallIntegerField()),
                ("passed", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "notice", "number"), name="attempts_follow_one_another"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("passed", True)),
                        fields=("user", "notice"),
                        name="passed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed", True), ("right_count", models.F("asked"))),
                            models.Q(("passed", False), ("right_count__lt", models.F("asked"))),
                            _connector="OR",
                        ),
                        name="passed_with_everything_right",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="learning.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("owed_since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["notice", "user"], name="assignment_of_notice")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "notice"), name="asked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("owed_since"))),
                        name="assignment_due_after_it_began",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="teams",
            field=models.ManyToManyField(
                related_name="+", through="learning.NoticeTeam", to="accounts.team"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.published_at IS NOT NULL AND to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_words'] IS DISTINCT FROM to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_words'])",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2b615622e2efd4ea58267d934cf0fffd2a0ed65d",
                    operation="UPDATE",
                    pgid="pgtrigger_published_stays_43fe9",
                    table="learning_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="withdrawn_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."withdrawn_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8e00c7bb2977ac3a844ae4f9c1d15f5bba0ccdd7",
                    operation="UPDATE",
                    pgid="pgtrigger_withdrawn_once_e906e",
                    table="learning_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ca0478b7f615d5d5cbe076b0dfc786613a67b965",
                    operation="DELETE",
                    pgid="pgtrigger_published_is_kept_7734e",
                    table="learning_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="published_with_its_test",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.published_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.published_at IS NULL)\n       AND (NOT EXISTS (SELECT 1 FROM learning_question WHERE notice_id = NEW.id)\n            OR EXISTS (\n                SELECT 1 FROM learning_question q\n                WHERE q.notice_id = NEW.id\n                  AND (q.text = '' OR q.why = '' OR '' = ANY(q.options)\n                       OR cardinality(q.options) NOT BETWEEN 2 AND 5\n                       OR cardinality(q.\"right\") NOT BETWEEN 1 AND cardinality(q.options) - 1\n                       OR EXISTS (SELECT 1 FROM unnest(q.\"right\") one\n                                  WHERE one NOT BETWEEN 0 AND cardinality(q.options) - 1))))\n    THEN\n        RAISE EXCEPTION 'a notice is published with a test that can be passed'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_published_with_its_test';\n    END IF;\n    RETURN NEW;\n",
                    hash="8fedafd345cad026feb6eaebf195ecb397fd7f3e",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_published_with_its_test_6526b",
                    table="learning_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="94a282c908666df3c4ca1b0486154c0b80e98155",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_24bb3",
                    table="learning_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="noticeteam",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM learning_notice\n               WHERE published_at IS NOT NULL AND id IN (NEW.notice_id, OLD.notice_id))\n    THEN\n        RAISE EXCEPTION 'what is published is never changed'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_stays';\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    RETURN NEW;\n",
                    hash="10f3750515a72ec4524fb36af2a3099672abca4a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_stays_ddfd0",
                    table="learning_noticeteam",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="noticeteam",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="c7ef0845484c715463d5c8b4d5f0a0c00e27091e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_8e3c8",
                    table="learning_noticeteam",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM learning_notice\n               WHERE published_at IS NOT NULL AND id IN (NEW.notice_id, OLD.notice_id))\n    THEN\n        RAISE EXCEPTION 'what is published is never changed'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_stays';\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    RETURN NEW;\n",
                    hash="36379766c8dbd1e786f476dbcc593ea0861cd4b8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_stays_5615c",
                    table="learning_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="8538e74c210d7ce5b292026de07c366b924625c6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_fdcba",
                    table="learning_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="181d6ef9c181b8114a72a919255a2c0437efb07e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_93347",
                    table="learning_reading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reading",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="5e58ea2f0aea02b9aa397c543587ab7bcaea716a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_6578b",
                    table="learning_reading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="46bc853b92426ad583fc842997d8bc16f60b9523",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7965a",
                    table="learning_attempt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="b3591d4939882c8a3cae4ae564c1ed5de19a7e31",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_180e4",
                    table="learning_attempt",
                    when="BEFORE",
                ),
            ),
        ),
    ]

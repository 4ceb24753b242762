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
            name="OutsideIdentity",
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
                        related_name="identities",
                        to="victims.person",
                    ),
                ),
                ("system", models.CharField(max_length=30)),
                ("number", models.CharField(max_length=60)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "number"), name="identity_is_one_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustodyEpisode",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody_episodes",
                        to="victims.person",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody_episodes",
                        to="incidents.incident",
                    ),
                ),
                ("system", models.CharField(blank=True, max_length=30)),
                ("custody_number", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("detained", "Detained"),
                            ("on_bail", "On bail"),
                            ("under_investigation", "Released under investigation"),
                            ("charged", "Charged, in custody"),
                            ("remanded", "Remanded in custody"),
                            ("prison", "In prison"),
                            ("released", "Released"),
                            ("ended", "No further action"),
                        ],
                        max_length=20,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("began_at", models.DateTimeField()),
                ("held_at", models.CharField(blank=True, max_length=120, verbose_name="where")),
                ("offence", models.CharField(blank=True, max_length=200)),
                ("bail_until", models.DateTimeField(null=True)),
                ("bail_by_court", models.BooleanField(default=False)),
                ("bail_conditions", models.JSONField(default=list)),
                (
                    "investigator",
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
                "permissions": [
                    ("view_custody", "May see who is in and out of custody"),
                    ("record_custody", "May record custody, bail, court dates and releases"),
                    ("send_custody_events", "May send custody events from another system"),
                    ("match_custody", "May say whom an unmatched message is about"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["person", "-began_at"], name="episode_by_person"),
                    models.Index(fields=["state", "-state_since"], name="episode_by_state"),
                    models.Index(
                        condition=models.Q(("bail_until__isnull", False), ("state", "on_bail")),
                        fields=["bail_until"],
                        name="episode_bail_ends",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("custody_number", ""), _negated=True),
                        fields=("system", "custody_number"),
                        name="one_episode_per_custody_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustodyEpisodeEvent",
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
                        to="perpetrators.custodyepisode",
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
                ("system", models.CharField(blank=True, max_length=30)),
                ("custody_number", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("detained", "Detained"),
                            ("on_bail", "On bail"),
                            ("under_investigation", "Released under investigation"),
                            ("charged", "Charged, in custody"),
                            ("remanded", "Remanded in custody"),
                            ("prison", "In prison"),
                            ("released", "Released"),
                            ("ended", "No further action"),
                        ],
                        max_length=20,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("began_at", models.DateTimeField()),
                ("held_at", models.CharField(blank=True, max_length=120, verbose_name="where")),
                ("offence", models.CharField(blank=True, max_length=200)),
                ("bail_until", models.DateTimeField(null=True)),
                ("bail_by_court", models.BooleanField(default=False)),
                ("bail_conditions", models.JSONField(default=list)),
                (
                    "investigator",
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
            name="CustodyEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system", models.CharField(max_length=30)),
                ("message_id", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("arrest", "Arrest"),
                            ("bail", "Bail"),
                            ("bail-change", "Bail changed"),
                            ("bail-breach", "Bail breached"),
                            ("under-investigation", "Released under investigation"),
                            ("charge", "Charge"),
                            ("no-further-action", "No further action"),
                            ("remand", "Remanded in custody"),
                            ("release", "Release"),
                            ("court-date", "Court date"),
                            ("court-date-vacated", "Court date vacated"),
                            ("prison", "Sentenced to prison"),
                            ("prison-release-planned", "Release planned"),
                            ("prison-release-cancelled", "Planned release cancelled"),
                            ("prison-release", "Release from prison"),
                        ],
                        max_length=24,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("unmatched", "Waits to be matched"),
                            ("not_ours", "Nobody known here"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody_events",
                        to="victims.person",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="perpetrators.custodyepisode",
                    ),
                ),
                ("content", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("matched_because", models.CharField(blank=True, max_length=300)),
                (
                    "matched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("matched_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("episode__isnull", False)),
                        fields=["episode", "happened_at"],
                        name="custody_event_by_episode",
                    ),
                    models.Index(fields=["person", "-happened_at"], name="custody_event_by_person"),
                    models.Index(
                        condition=models.Q(("state", "unmatched")),
                        fields=["received_at"],
                        name="custody_event_unmatched",
                    ),
                    models.Index(
                        condition=models.Q(("matched_at__isnull", False)),
                        fields=["-matched_at"],
                        name="custody_event_decided",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "message_id"), name="each_message_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("episode__isnull", False),
                                ("person__isnull", False),
                                ("state", "applied"),
                            ),
                            models.Q(
                                models.Q(("state", "applied"), _negated=True),
                                ("episode__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="message_applied_to_an_episode",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="perpetrators.custodyepisode",
                    ),
                ),
                ("listing", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("court", models.CharField(blank=True, max_length=120)),
                (
                    "hearing",
                    models.CharField(blank=True, help_text="plea, trial, sentence", max_length=120),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("listed", "Listed"), ("vacated", "Vacated")],
                        default="listed",
                        max_length=8,
                    ),
                ),
                ("raise_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["episode", "at"], name="hearing_by_episode"),
                    models.Index(
                        condition=models.Q(("raise_at__isnull", False), ("state", "listed")),
                        fields=["raise_at"],
                        name="hearing_to_raise",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtDateEvent",
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
                        to="perpetrators.courtdate",
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
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="perpetrators.custodyepisode",
                    ),
                ),
                ("listing", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("court", models.CharField(blank=True, max_length=120)),
                (
                    "hearing",
                    models.CharField(blank=True, help_text="plea, trial, sentence", max_length=120),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("listed", "Listed"), ("vacated", "Vacated")],
                        default="listed",
                        max_length=8,
                    ),
                ),
                ("raise_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExpectedRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="perpetrators.custodyepisode",
                    ),
                ),
                ("expected_at", models.DateTimeField()),
                ("day_only", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("expected", "Expected"),
                            ("done", "Released"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="expected",
                        max_length=10,
                    ),
                ),
                ("raise_at", models.DateTimeField(null=True)),
                ("alarm_at", models.DateTimeField()),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "expected")),
                        fields=["expected_at"],
                        name="release_expected",
                    ),
                    models.Index(
                        condition=models.Q(("raise_at__isnull", False), ("state", "expected")),
                        fields=["raise_at"],
                        name="release_to_raise",
                    ),
                    models.Index(
                        condition=models.Q(("alarmed_at__isnull", True), ("state", "expected")),
                        fields=["alarm_at"],
                        name="release_to_alarm",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "expected")),
                        fields=("episode",),
                        name="one_expected_release_per_episode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", False), ("state", "done")),
                            models.Q(
                                models.Q(("state", "done"), _negated=True),
                                ("released_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="release_done_has_its_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedReleaseEvent",
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
                        to="perpetrators.expectedrelease",
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
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="perpetrators.custodyepisode",
                    ),
                ),
                ("expected_at", models.DateTimeField()),
                ("day_only", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("expected", "Expected"),
                            ("done", "Released"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="expected",
                        max_length=10,
                    ),
                ),
                ("raise_at", models.DateTimeField(null=True)),
                ("alarm_at", models.DateTimeField()),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReleaseWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watches",
                        to="perpetrators.expectedrelease",
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release_watches",
                        to="victims.victim",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
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
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["victim"], name="release_watch_by_victim")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "victim"),
                        name="one_watch_per_release_and_victim",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustodyFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("system", models.CharField(max_length=30)),
                ("received_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("content", models.BinaryField(null=True)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("applied", models.PositiveIntegerField(default=0)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("unmatched", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["-received_at"], name="custody_file_newest_first"),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=["received_at"],
                        name="custody_file_unfinished",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "sha256"), name="each_custody_file_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclosureApplication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "scheme",
                    models.CharField(
                        choices=[("ask", "Right to ask"), ("know", "Right to know")], max_length=4
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "First check to be made"),
                            ("checked", "To be decided"),
                            ("disclose", "To be disclosed"),
                            ("nothing", "Nothing to disclose"),
                            ("refused", "Not to be disclosed"),
                            ("disclosed", "Disclosed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                (
                    "victim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="victims.victim",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="victims.person",
                    ),
                ),
                ("applicant", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reasons", models.TextField()),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
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
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("immediate_risk", models.BooleanField(null=True)),
                ("check_words", models.TextField(blank=True)),
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
                ("decision_words", models.TextField(blank=True)),
                ("visited_at", models.DateTimeField(null=True)),
                (
                    "visited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_whom", models.CharField(blank=True, max_length=200)),
                ("visit_words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("work_disclosure", "May record, check and visit for the disclosure scheme"),
                    ("decide_disclosure", "May decide what is disclosed"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-received_at"], name="disclosure_by_victim"),
                    models.Index(fields=["person", "-received_at"], name="disclosure_by_person"),
                    models.Index(
                        condition=models.Q(("state__in", ["received", "checked", "disclose"])),
                        fields=["received_at"],
                        name="disclosure_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["received", "checked", "withdrawn"]),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="disclosure_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "disclosed"), _negated=True),
                            models.Q(
                                ("visited_at__isnull", False),
                                models.Q(("told_whom", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disclosure_told_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclosureApplicationEvent",
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
                        to="perpetrators.disclosureapplication",
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
                    "scheme",
                    models.CharField(
                        choices=[("ask", "Right to ask"), ("know", "Right to know")], max_length=4
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "First check to be made"),
                            ("checked", "To be decided"),
                            ("disclose", "To be disclosed"),
                            ("nothing", "Nothing to disclose"),
                            ("refused", "Not to be disclosed"),
                            ("disclosed", "Disclosed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="received",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                ("applicant", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                (
                    "received_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reasons", models.TextField()),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("immediate_risk", models.BooleanField(null=True)),
                ("check_words", models.TextField(blank=True)),
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
                ("decision_words", models.TextField(blank=True)),
                ("visited_at", models.DateTimeField(null=True)),
                (
                    "visited_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_whom", models.CharField(blank=True, max_length=200)),
                ("visit_words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SerialRecognition",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serial",
                        to="victims.person",
                    ),
                ),
                ("alike", models.JSONField(default=list)),
                ("victim_count", models.PositiveSmallIntegerField()),
                ("first_found_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
                (
                    "told_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="also_told",
                        to="perpetrators.serialrecognition",
                    ),
                ),
                ("basis", models.CharField(max_length=300)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "victims",
                    models.ManyToManyField(related_name="serial_perpetrators", to="victims.victim"),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["-victim_count", "person"],
                        name="serial_by_count",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="victims.person",
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_words", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("one", "other"),
                        name="not_the_same_said_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="not_the_same_lower_number_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("taken_back_at__isnull", True), ("taken_back_by__isnull", True)
                            ),
                            models.Q(
                                ("taken_back_at__isnull", False),
                                ("taken_back_by__isnull", False),
                                models.Q(("taken_back_words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="not_the_same_taken_back_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManagementPlan",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="management_plans",
                        to="victims.person",
                    ),
                ),
                ("is_current", models.BooleanField(default=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="management_plans",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("aims", models.TextField()),
                ("measures", models.JSONField(default=list)),
                ("review_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    ("manage_perpetrator", "May write and own a perpetrator's management plan")
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_current", True)),
                        fields=["owner", "review_on"],
                        name="management_plan_by_owner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("person",),
                        name="one_current_management_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("is_current", True)),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("is_current", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="management_plan_ended_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManagementPlanEvent",
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
                        to="perpetrators.managementplan",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="victims.person",
                    ),
                ),
                ("is_current", models.BooleanField(default=True)),
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
                ("aims", models.TextField()),
                ("measures", models.JSONField(default=list)),
                ("review_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProtectionNotice",
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
                        related_name="notices",
                        to="victims.victim",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="victims.person",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="incidents.incident",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a superintendent"),
                            ("refused", "Not authorised"),
                            ("authorised", "Authorised, to be served"),
                            ("served", "Served: in force until the hearing"),
                            ("order_made", "Order made"),
                            ("order_refused", "No order made"),
                            ("lapsed", "Lapsed without a hearing"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=14,
                    ),
                ),
                ("grounds", models.TextField()),
                ("victims_view", models.TextField()),
                ("conditions", models.JSONField(default=list)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
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
                ("served_at", models.DateTimeField(null=True)),
                (
                    "served_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hearing_at", models.DateTimeField(null=True)),
                ("court", models.CharField(blank=True, max_length=120)),
                ("heard_at", models.DateTimeField(null=True)),
                ("outcome_words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "permissions": [
                    (
                        "ask_for_notice",
                        "May ask for a protection notice, serve it and record its hearing",
                    ),
                    ("authorise_notice", "May authorise a protection notice"),
                    ("record_order", "May record orders and breaches"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-asked_at"], name="notice_by_victim"),
                    models.Index(fields=["person", "-asked_at"], name="notice_by_person"),
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "authorised", "served"])),
                        fields=["asked_at"],
                        name="notice_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "withdrawn"]),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="notice_not_authorised_by_who_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["served", "order_made", "order_refused", "lapsed"]),
                                _negated=True,
                            ),
                            ("served_at__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_in_force_was_served",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtectionNoticeEvent",
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
                        to="perpetrators.protectionnotice",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a superintendent"),
                            ("refused", "Not authorised"),
                            ("authorised", "Authorised, to be served"),
                            ("served", "Served: in force until the hearing"),
                            ("order_made", "Order made"),
                            ("order_refused", "No order made"),
                            ("lapsed", "Lapsed without a hearing"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=14,
                    ),
                ),
                ("grounds", models.TextField()),
                ("victims_view", models.TextField()),
                ("conditions", models.JSONField(default=list)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
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
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_words", models.TextField(blank=True)),
                ("served_at", models.DateTimeField(null=True)),
                (
                    "served_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hearing_at", models.DateTimeField(null=True)),
                ("court", models.CharField(blank=True, max_length=120)),
                ("heard_at", models.DateTimeField(null=True)),
                ("outcome_words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Order",
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
                        related_name="orders",
                        to="victims.victim",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="victims.person",
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="perpetrators.protectionnotice",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("protection", "Domestic abuse protection order"),
                            ("non_molestation", "Non-molestation order"),
                            ("occupation", "Occupation order"),
                            ("restraining", "Restraining order"),
                            ("stalking", "Stalking protection order"),
                            ("other", "Another order"),
                        ],
                        max_length=16,
                    ),
                ),
                ("court", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateField(null=True)),
                ("conditions", models.JSONField(default=list)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-made_at"], name="order_by_victim"),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["person"],
                        name="order_by_person",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="order_ended_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderEvent",
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
                        to="perpetrators.order",
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
                    "notice",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="perpetrators.protectionnotice",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("protection", "Domestic abuse protection order"),
                            ("non_molestation", "Non-molestation order"),
                            ("occupation", "Occupation order"),
                            ("restraining", "Restraining order"),
                            ("stalking", "Stalking protection order"),
                            ("other", "Another order"),
                        ],
                        max_length=16,
                    ),
                ),
                ("court", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateField(null=True)),
                ("conditions", models.JSONField(default=list)),
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
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrderBreach",
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
                        related_name="breaches",
                        to="victims.victim",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breaches",
                        to="perpetrators.order",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breaches",
                        to="perpetrators.protectionnotice",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breaches",
                        to="incidents.incident",
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("words", models.CharField(max_length=1000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["victim", "-happened_at"], name="breach_by_victim")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice__isnull", True), ("order__isnull", False)),
                            models.Q(("notice__isnull", False), ("order__isnull", True)),
                            _connector="OR",
                        ),
                        name="breach_of_an_order_or_a_notice",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="custodyepisode",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_custodyepisodeevent" ("bail_by_court", "bail_conditions", "bail_until", "began_at", "custody_number", "held_at", "id", "incident_id", "investigator_id", "offence", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "state", "state_since", "system", "version") VALUES (OLD."bail_by_court", OLD."bail_conditions", OLD."bail_until", OLD."began_at", OLD."custody_number", OLD."held_at", OLD."id", OLD."incident_id", OLD."investigator_id", OLD."offence", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."state", OLD."state_since", OLD."system", OLD."version"); RETURN NULL;',
                    hash="483d313fb4edfb452c9f7a21a9135561e3d5904f",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_03707",
                    table="perpetrators_custodyepisode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="custodyepisode",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_custodyepisodeevent" ("bail_by_court", "bail_conditions", "bail_until", "began_at", "custody_number", "held_at", "id", "incident_id", "investigator_id", "offence", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "state", "state_since", "system", "version") VALUES (OLD."bail_by_court", OLD."bail_conditions", OLD."bail_until", OLD."began_at", OLD."custody_number", OLD."held_at", OLD."id", OLD."incident_id", OLD."investigator_id", OLD."offence", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."state", OLD."state_since", OLD."system", OLD."version"); RETURN NULL;',
                    hash="12d8350e468133a80f17e3c8f2e419f759ff289c",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_878bb",
                    table="perpetrators_custodyepisode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courtdate",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_courtdateevent" ("at", "court", "episode_id", "hearing", "id", "listing", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raise_at", "state") VALUES (OLD."at", OLD."court", OLD."episode_id", OLD."hearing", OLD."id", OLD."listing", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."raise_at", OLD."state"); RETURN NULL;',
                    hash="dc137dd9cc21bf0b143d9a0d0ce0b480aea899cf",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_64048",
                    table="perpetrators_courtdate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courtdate",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_courtdateevent" ("at", "court", "episode_id", "hearing", "id", "listing", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raise_at", "state") VALUES (OLD."at", OLD."court", OLD."episode_id", OLD."hearing", OLD."id", OLD."listing", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."raise_at", OLD."state"); RETURN NULL;',
                    hash="6423afcd828f54aa7c4066e7f0e58a2b6905e39f",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_19d92",
                    table="perpetrators_courtdate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expectedrelease",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_expectedreleaseevent" ("alarm_at", "alarmed_at", "day_only", "episode_id", "expected_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raise_at", "released_at", "state") VALUES (OLD."alarm_at", OLD."alarmed_at", OLD."day_only", OLD."episode_id", OLD."expected_at", OLD."id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."raise_at", OLD."released_at", OLD."state"); RETURN NULL;',
                    hash="b7104de1178df748be2b46637668aad92f7218a5",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_d70e4",
                    table="perpetrators_expectedrelease",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expectedrelease",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_expectedreleaseevent" ("alarm_at", "alarmed_at", "day_only", "episode_id", "expected_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raise_at", "released_at", "state") VALUES (OLD."alarm_at", OLD."alarmed_at", OLD."day_only", OLD."episode_id", OLD."expected_at", OLD."id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."raise_at", OLD."released_at", OLD."state"); RETURN NULL;',
                    hash="a00b1b2b1a0f9eae92509ba060cef3e1ba725e6e",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_206af",
                    table="perpetrators_expectedrelease",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosureapplication",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_disclosureapplicationevent" ("applicant", "check_words", "checked_at", "checked_by_id", "decided_at", "decided_by_id", "decision_words", "id", "immediate_risk", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "received_at", "received_by_id", "reference", "scheme", "state", "team_id", "told_whom", "version", "victim_id", "visit_words", "visited_at", "visited_by_id") VALUES (OLD."applicant", OLD."check_words", OLD."checked_at", OLD."checked_by_id", OLD."decided_at", OLD."decided_by_id", OLD."decision_words", OLD."id", OLD."immediate_risk", OLD."owner_id", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reasons", OLD."received_at", OLD."received_by_id", OLD."reference", OLD."scheme", OLD."state", OLD."team_id", OLD."told_whom", OLD."version", OLD."victim_id", OLD."visit_words", OLD."visited_at", OLD."visited_by_id"); RETURN NULL;',
                    hash="406b273a6f07ea97d6212947393cd706e316bf81",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_177b0",
                    table="perpetrators_disclosureapplication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosureapplication",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_disclosureapplicationevent" ("applicant", "check_words", "checked_at", "checked_by_id", "decided_at", "decided_by_id", "decision_words", "id", "immediate_risk", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "received_at", "received_by_id", "reference", "scheme", "state", "team_id", "told_whom", "version", "victim_id", "visit_words", "visited_at", "visited_by_id") VALUES (OLD."applicant", OLD."check_words", OLD."checked_at", OLD."checked_by_id", OLD."decided_at", OLD."decided_by_id", OLD."decision_words", OLD."id", OLD."immediate_risk", OLD."owner_id", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reasons", OLD."received_at", OLD."received_by_id", OLD."reference", OLD."scheme", OLD."state", OLD."team_id", OLD."told_whom", OLD."version", OLD."victim_id", OLD."visit_words", OLD."visited_at", OLD."visited_by_id"); RETURN NULL;',
                    hash="96de5efd34f5f98053f9eb5e8d61a978148d9891",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_d454c",
                    table="perpetrators_disclosureapplication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="managementplan",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_managementplanevent" ("aims", "ended_at", "ended_reason", "id", "is_current", "measures", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "team_id", "version", "written_at", "written_by_id") VALUES (OLD."aims", OLD."ended_at", OLD."ended_reason", OLD."id", OLD."is_current", OLD."measures", OLD."owner_id", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."review_on", OLD."team_id", OLD."version", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="1cc2ea3ee06258e9d507981eb4af75cff5263837",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_b1227",
                    table="perpetrators_managementplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="managementplan",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_managementplanevent" ("aims", "ended_at", "ended_reason", "id", "is_current", "measures", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "team_id", "version", "written_at", "written_by_id") VALUES (OLD."aims", OLD."ended_at", OLD."ended_reason", OLD."id", OLD."is_current", OLD."measures", OLD."owner_id", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."review_on", OLD."team_id", OLD."version", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="447dcc2cb30a53da3b4ba5b5a7bddd2e2ce5464e",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_27e3f",
                    table="perpetrators_managementplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectionnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_protectionnoticeevent" ("asked_at", "asked_by_id", "conditions", "court", "decided_at", "decided_by_id", "decision_words", "grounds", "heard_at", "hearing_at", "id", "incident_id", "outcome_words", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "served_at", "served_by_id", "state", "version", "victim_id", "victims_view") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."conditions", OLD."court", OLD."decided_at", OLD."decided_by_id", OLD."decision_words", OLD."grounds", OLD."heard_at", OLD."hearing_at", OLD."id", OLD."incident_id", OLD."outcome_words", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."reference", OLD."served_at", OLD."served_by_id", OLD."state", OLD."version", OLD."victim_id", OLD."victims_view"); RETURN NULL;',
                    hash="9ead4cf487d0d5583837d0d5dac7381d1545bc19",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_141bd",
                    table="perpetrators_protectionnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectionnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_protectionnoticeevent" ("asked_at", "asked_by_id", "conditions", "court", "decided_at", "decided_by_id", "decision_words", "grounds", "heard_at", "hearing_at", "id", "incident_id", "outcome_words", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "served_at", "served_by_id", "state", "version", "victim_id", "victims_view") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."conditions", OLD."court", OLD."decided_at", OLD."decided_by_id", OLD."decision_words", OLD."grounds", OLD."heard_at", OLD."hearing_at", OLD."id", OLD."incident_id", OLD."outcome_words", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."reference", OLD."served_at", OLD."served_by_id", OLD."state", OLD."version", OLD."victim_id", OLD."victims_view"); RETURN NULL;',
                    hash="26fa60b590b0f44be70531a85137dec85c8ea8d4",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_e5b64",
                    table="perpetrators_protectionnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "perpetrators_orderevent" ("conditions", "court", "ended_at", "ended_reason", "id", "kind", "made_at", "notice_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until", "version", "victim_id") VALUES (OLD."conditions", OLD."court", OLD."ended_at", OLD."ended_reason", OLD."id", OLD."kind", OLD."made_at", OLD."notice_id", OLD."person_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."until", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="05f217a8de266f726731807135df8df2f7bc28ef",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_a7997",
                    table="perpetrators_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "perpetrators_orderevent" ("conditions", "court", "ended_at", "ended_reason", "id", "kind", "made_at", "notice_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until", "version", "victim_id") VALUES (OLD."conditions", OLD."court", OLD."ended_at", OLD."ended_reason", OLD."id", OLD."kind", OLD."made_at", OLD."notice_id", OLD."person_id", _pgh_attach_context(), NOW(), \'deleted\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."until", OLD."version", OLD."victim_id"); RETURN NULL;',
                    hash="c14dd12888797143c5f2f725ff8cab00379907a9",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_ddac8",
                    table="perpetrators_order",
                    when="AFTER",
                ),
            ),
        ),
    ]

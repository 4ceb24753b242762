"""Versions in use were published when they were loaded; who may look at risk again."""

from datetime import UTC, datetime

from django.db import migrations

from accounts.roles import Role, grant

#: No instant was kept: the beginning of the time that this service knows of.
UNKNOWN = datetime(2026, 1, 1, tzinfo=UTC)


def publish(apps, schema_editor):
    apps.get_model("risk", "Instrument").objects.filter(published_at__isnull=True).update(
        published_at=UNKNOWN, purpose="police"
    )


def give(apps, schema_editor):
    grant(
        apps,
        "risk",
        "reassessment",
        {
            "reassess_risk": {
                "name": "May look at a victim's risk again",
                "roles": [
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.DAISU_INVESTIGATOR,
                    Role.IDVA,
                    Role.IDVA_MANAGER,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                ],
            }
        },
    )
    grant(
        apps,
        "risk",
        "instrument",
        {
            "edit_instrument": {
                "name": "May edit, preview and publish questionnaires",
                "roles": [Role.HEAD_OF_PUBLIC_PROTECTION, Role.SUPERINTENDENT],
            }
        },
    )
    grant(
        apps,
        "risk",
        "assessment",
        {
            "review_assessment": {
                "name": "May review an assessment",
                "roles": [Role.MARU_MANAGER, Role.IDVA_MANAGER],
            }
        },
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0006_reassessments"), ("accounts", "0002_roles")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]

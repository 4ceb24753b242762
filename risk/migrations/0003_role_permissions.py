from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "risk",
        "assessment",
        {
            "assess_risk": {
                "name": "May assess a victim's risk",
                "roles": [Role.RESPONSE_OFFICER, Role.SUPERVISOR],
            },
            "review_assessment": {
                "name": "May review an assessment",
                "roles": [Role.SUPERVISOR],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0002_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

from django.db import migrations

from accounts.roles import Role, grant

WRITERS = [Role.HEAD_OF_PUBLIC_PROTECTION, Role.SUPERINTENDENT]


def give(apps, schema_editor):
    grant(
        apps,
        "learning",
        "notice",
        {
            "write_notice": {
                "name": "May write notices to staff and publish them",
                "roles": WRITERS,
            },
            "view_results": {
                "name": "May see who of their team has read and passed",
                "roles": [
                    Role.SUPERVISOR,
                    Role.MARU_MANAGER,
                    Role.IDVA_MANAGER,
                    Role.CONTROL_INSPECTOR,
                ],
            },
            "view_all_results": {
                "name": "May see who of every team has read and passed",
                "roles": [*WRITERS, Role.AUDITOR, Role.ANALYST],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

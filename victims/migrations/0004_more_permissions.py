from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "victims",
        "victim",
        {
            "record_safe_contact": {
                "name": "May record how a victim can be reached",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.IDVA,
                    Role.IDVA_MANAGER,
                ],
            },
            "set_marker": {
                "name": "May set and end markers on addresses and people",
                "roles": [
                    Role.CONTROL_INSPECTOR,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("victims", "0003_markers_end_and_contact_versions"),
        ("accounts", "0002_roles"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

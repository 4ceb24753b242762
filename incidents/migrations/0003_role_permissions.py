from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "incidents",
        "incident",
        {
            "log_call": {
                "name": "May log a call and look history up",
                "roles": [Role.CALL_HANDLER, Role.CONTROL_INSPECTOR],
            },
            "send_officers": {
                "name": "May send officers to an incident",
                "roles": [Role.CALL_HANDLER, Role.CONTROL_INSPECTOR],
            },
            "attend_incident": {
                "name": "May attend an incident and record the first response",
                "roles": [Role.RESPONSE_OFFICER, Role.SUPERVISOR],
            },
            "view_incidents": {
                "name": "May see the list of incidents",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.SUPERINTENDENT,
                    Role.AUDITOR,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

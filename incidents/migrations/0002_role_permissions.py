from django.db import migrations

from accounts.roles import Role, grant

CONTROL_ROOM = [Role.CALL_HANDLER, Role.CONTROL_INSPECTOR]
ATTEND = [Role.RESPONSE_OFFICER, Role.SUPERVISOR]


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
            "manage_resources": {
                "name": "May say who is on duty and in which car",
                "roles": CONTROL_ROOM,
            },
            "request_closure": {
                "name": "May answer the closing questions and ask for closure",
                "roles": [*ATTEND, *CONTROL_ROOM],
            },
            "sign_off_closure": {
                "name": "May sign a closure off, or refuse it",
                "roles": [Role.CONTROL_INSPECTOR],
            },
            "supervise_incident": {
                "name": "May check what was done about an incident",
                "roles": [Role.SUPERVISOR],
            },
            "view_supervision": {
                "name": "May see which incidents were not supervised",
                "roles": [
                    Role.SUPERVISOR,
                    Role.CONTROL_INSPECTOR,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                    Role.SUPERINTENDENT,
                ],
            },
            "add_exhibit": {
                "name": "May add photographs and documents to an incident",
                "roles": [*ATTEND, *CONTROL_ROOM, Role.DAISU_INVESTIGATOR],
            },
            "record_outcome": {
                "name": "May record what became of a crime",
                "roles": [*ATTEND, Role.DAISU_INVESTIGATOR],
            },
        },
    )
    grant(
        apps,
        "incidents",
        "noncrimereview",
        {
            "review_non_crimes": {
                "name": "May review repeated incidents without a crime",
                "roles": [Role.SUPERVISOR],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

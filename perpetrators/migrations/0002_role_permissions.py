from django.db import migrations

from accounts.roles import Role, grant

POLICE = [
    Role.CALL_HANDLER,
    Role.CONTROL_INSPECTOR,
    Role.RESPONSE_OFFICER,
    Role.SUPERVISOR,
    Role.MARU_WORKER,
    Role.MARU_MANAGER,
    Role.HEAD_OF_PUBLIC_PROTECTION,
    Role.DAISU_INVESTIGATOR,
    Role.NEIGHBOURHOOD_OFFICER,
    Role.CUSTODY_OFFICER,
    Role.SUPERINTENDENT,
    Role.AUDITOR,
]
INVESTIGATE = [Role.RESPONSE_OFFICER, Role.SUPERVISOR, Role.DAISU_INVESTIGATOR]
UNIT = [Role.MARU_WORKER, Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION]


def give(apps, schema_editor):
    grant(
        apps,
        "perpetrators",
        "custodyepisode",
        {
            "view_custody": {"name": "May see who is in and out of custody", "roles": POLICE},
            "record_custody": {
                "name": "May record custody, bail, court dates and releases",
                "roles": [Role.CUSTODY_OFFICER, Role.DAISU_INVESTIGATOR, Role.SUPERVISOR],
            },
            "send_custody_events": {
                "name": "May send custody events from another system",
                "roles": [Role.CUSTODY_SYSTEM, Role.CUSTODY_OFFICER],
            },
            "match_custody": {
                "name": "May say whom an unmatched message is about",
                "roles": [Role.CUSTODY_OFFICER, Role.DAISU_INVESTIGATOR, *UNIT],
            },
        },
    )
    grant(
        apps,
        "perpetrators",
        "protectionnotice",
        {
            "ask_for_notice": {
                "name": "May ask for a protection notice, serve it and record its hearing",
                "roles": INVESTIGATE,
            },
            "authorise_notice": {
                "name": "May authorise a protection notice",
                "roles": [Role.SUPERINTENDENT],
            },
            "record_order": {
                "name": "May record orders and breaches",
                "roles": [*INVESTIGATE, *UNIT, Role.CUSTODY_OFFICER, Role.NEIGHBOURHOOD_OFFICER],
            },
        },
    )
    grant(
        apps,
        "perpetrators",
        "disclosureapplication",
        {
            "work_disclosure": {
                "name": "May record, check and visit for the disclosure scheme",
                "roles": [*UNIT, Role.DAISU_INVESTIGATOR],
            },
            "decide_disclosure": {
                "name": "May decide what is disclosed",
                "roles": [Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
        },
    )
    grant(
        apps,
        "perpetrators",
        "managementplan",
        {
            "manage_perpetrator": {
                "name": "May write and own a perpetrator's management plan",
                "roles": [
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.SUPERVISOR,
                    *UNIT,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("perpetrators", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

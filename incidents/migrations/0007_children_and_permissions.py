from django.db import migrations

from accounts.roles import Role, grant

#: What was said of the children as a whole becomes a row of its own.
CHILDREN = """
    INSERT INTO incidents_childseen (response_id, name, was_seen, was_spoken_to, words)
    SELECT id, 'Children', children_seen = 'yes', children_seen = 'yes', children_words
    FROM incidents_firstresponse WHERE children_seen <> 'n/a'
"""
PRESENT = """
    UPDATE incidents_firstresponse SET children_present = 'yes'
    WHERE id IN (SELECT response_id FROM incidents_childseen)
"""
NONE_THERE = (
    "UPDATE incidents_firstresponse SET children_present = 'no' WHERE children_present = 'n/a'"
)

CONTROL_ROOM = [Role.CALL_HANDLER, Role.CONTROL_INSPECTOR]
ATTEND = [Role.RESPONSE_OFFICER, Role.SUPERVISOR]


def give(apps, schema_editor):
    grant(
        apps,
        "incidents",
        "incident",
        {
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
            }
        },
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_control_room_complete"), ("accounts", "0002_roles")]

    operations = [
        migrations.RunSQL(CHILDREN, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="firstresponse",
            name="children_seen",
        ),
        migrations.RemoveField(
            model_name="firstresponse",
            name="children_words",
        ),
        migrations.RemoveField(
            model_name="firstresponseevent",
            name="children_seen",
        ),
        migrations.RemoveField(
            model_name="firstresponseevent",
            name="children_words",
        ),
        migrations.RunSQL([PRESENT, NONE_THERE], migrations.RunSQL.noop),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]

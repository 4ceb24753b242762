from django.db import migrations

from accounts.roles import Role, grant

KEEPERS = [Role.MARAC_COORDINATOR, Role.MARAC_CHAIR]
HEADS = [Role.HEAD_OF_PUBLIC_PROTECTION, Role.SUPERINTENDENT]
POLICE = [
    Role.MARU_WORKER,
    Role.MARU_MANAGER,
    Role.DAISU_INVESTIGATOR,
    Role.SUPERVISOR,
    Role.NEIGHBOURHOOD_OFFICER,
]
PARTNERS = [Role.AGENCY_REPRESENTATIVE, Role.IDVA, Role.IDVA_MANAGER]


def give(apps, schema_editor):
    grant(
        apps,
        "marac",
        "conference",
        {
            "view_conferences": {
                "name": "May see every conference, its meetings, cases and actions",
                "roles": [*KEEPERS, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
            "keep_conferences": {
                "name": "May plan meetings, build agendas, ask for research and chase",
                "roles": [Role.MARAC_COORDINATOR],
            },
            "chair_meetings": {
                "name": "May lead a meeting, conclude its cases and approve its minutes",
                "roles": [Role.MARAC_CHAIR],
            },
            "attend_meetings": {
                "name": "May be invited to meetings of a conference",
                "roles": [*KEEPERS, *POLICE, *PARTNERS, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
            "propose_case": {
                "name": "May refer somebody to a conference",
                "roles": [*KEEPERS, *POLICE, *PARTNERS],
            },
            "view_return": {
                "name": "May see the conferences in numbers",
                "roles": [*KEEPERS, *HEADS, Role.ANALYST],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("marac", "0001_initial"),
        ("accounts", "0003_roles"),
        ("core", "0004_conference_references"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

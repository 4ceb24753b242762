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
                "roles": [Role.SUPERVISOR, Role.MARU_MANAGER, Role.IDVA_MANAGER],
            },
        },
    )
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
            },
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
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

"""Who answered for a victim until now answers for each duty."""

from django.db import migrations
from django.db.models import F


def give(apps, schema_editor):
    for name in ("Victim", "VictimEvent"):
        apps.get_model("victims", name).objects.filter(risk_team__isnull=True).update(
            risk_team=F("contact_team"),
            risk_owner=F("contact_owner"),
            plan_team=F("contact_team"),
            plan_owner=F("contact_owner"),
        )


class Migration(migrations.Migration):
    dependencies = [("victims", "0007_duties_updates_and_plans")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_counter_allegation_between")]

    operations = [
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "signed_off", "refused", "withdrawn"])),
                name="closure_decision_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "sent", "attended", "closed"])),
                name="incident_state_is_known",
            ),
        ),
    ]

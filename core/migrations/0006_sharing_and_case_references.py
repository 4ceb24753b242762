from django.db import migrations

KINDS = ("sh", "ic")


class Migration(migrations.Migration):
    dependencies = [("core", "0005_reassessment_references")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE reference_{kind}", f"DROP SEQUENCE reference_{kind}")
        for kind in KINDS
    ]

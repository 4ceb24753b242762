from django.db import migrations

KINDS = ("rs", "cu", "pn", "ds")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_notice_references")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE reference_{kind}", f"DROP SEQUENCE reference_{kind}")
        for kind in KINDS
    ]

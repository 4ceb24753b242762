from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0003_cache_table")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE reference_ln", "DROP SEQUENCE reference_ln"),
    ]

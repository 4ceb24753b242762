from django.db import migrations

PREFIXES = ("mc", "mm", "ma", "mt")


class Migration(migrations.Migration):
    dependencies = [("core", "0003_cache_table")]

    operations = [
        migrations.RunSQL(
            [f"CREATE SEQUENCE reference_{prefix}" for prefix in PREFIXES],
            [f"DROP SEQUENCE reference_{prefix}" for prefix in PREFIXES],
        )
    ]

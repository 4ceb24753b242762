"""A small year in the database: whole, and alive on every screen."""

import pytest
from django.db import connection, models

from demo.load import TABLES, Loaded
from demo.tables import Table
from incidents.models import Crime, Incident, Involvement
from referrals.models import Referral, ReferralDay
from risk.models import Assessment, AssessmentReview
from tests.demo.a_year import AT, SIZE
from victims.models import Marker, Person

#: Each test runs in a transaction of its own inside that of the year.
pytestmark = pytest.mark.django_db


def foreign_keys() -> list[tuple[Table, str, type[models.Model]]]:
    return [
        (table, field.column, field.related_model)
        for table in TABLES
        for field in table.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


def test_no_row_refers_to_nothing(year: Loaded) -> None:
    for table, column, target in foreign_keys():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table.name}" t LEFT JOIN "{target._meta.db_table}" r '
                f'ON r.id = t."{column}" WHERE t."{column}" IS NOT NULL AND r.id IS NULL'
            )
            assert cursor.fetchone() == (0,), (table, column)


def test_every_value_is_one_that_its_field_takes(year: Loaded) -> None:
    for table in TABLES:
        rows = list(table.model._default_manager.order_by("pk")[:: max(1, SIZE // 40)])
        assert rows, table
        for row in rows:
            blank = [
                field.name
                for field in row._meta.concrete_fields
                if getattr(row, field.attname) in (None, "", [], {})
            ]
            row.clean_fields(exclude=blank)


def test_counts_are_those_told(year: Loaded) -> None:
    assert year.incidents == Incident.objects.count() == SIZE
    assert year.crimes == Crime.objects.count() == round(SIZE * 2_927 / 11_000)
    for table in TABLES:
        assert year.rows[table.name] == table.model._default_manager.count()


def test_the_screens_are_alive(year: Loaded) -> None:
    assert set(Incident.objects.values_list("state", flat=True)) == set(Incident.State.values)
    assert set(Assessment.objects.values_list("state", flat=True)) == set(Assessment.State.values)
    assert set(Referral.objects.values_list("state", flat=True)) == set(Referral.State.values)
    assert set(AssessmentReview.objects.values_list("decision", flat=True)) == set(
        AssessmentReview.Decision.values
    )
    assert Referral.objects.open().filter(due_at__lt=AT).exists()
    assert Referral.objects.open().filter(claimed_by__username="worker").exists()
    assert Incident.objects.open().filter(deployments__officer__username="officer").exists()
    assert Marker.objects.filter(kind="emergency").exists()
    assert ReferralDay.objects.exists()


def test_people_recur(year: Loaded) -> None:
    victims = Involvement.objects.filter(role="victim")
    assert victims.values("person").distinct().count() < 0.9 * SIZE
    shared = (
        Involvement.objects.filter(role="perpetrator")
        .values("person")
        .annotate(victims=models.Count("incident__involvements__victim", distinct=True))
        .filter(victims__gt=1)
    )
    assert shared.exists()
    assert Person.objects.annotate(spelt=models.Count("names")).filter(spelt__gt=1).exists()
    assert Person.objects.annotate(homes=models.Count("residences")).filter(homes__gt=1).exists()

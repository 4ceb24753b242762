"""Row history: what a row was before a change is kept by the database, whoever changes it."""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import connection

from risk.models import Assessment
from tests.factories import risk, victims
from victims.models import Victim

#: The core tables: people, what they suffered, and what was decided about it.
TRACKED = {
    "victims.Address",
    "victims.Marker",
    "victims.Person",
    "victims.SafeContact",
    "victims.Victim",
    "incidents.FirstResponse",
    "incidents.Incident",
    "risk.Assessment",
    "referrals.Referral",
}


def history_of(label: str) -> type:
    return apps.get_model(f"{label}Event")


@pytest.mark.parametrize("label", sorted(TRACKED))
def test_a_core_table_has_its_history(label: str) -> None:
    columns = {field.name for field in apps.get_model(label)._meta.concrete_fields}
    kept = {field.name for field in history_of(label)._meta.concrete_fields}  # type: ignore[attr-defined]
    assert columns - {"id"} <= kept


def test_a_change_by_sql_leaves_what_was_there(db: None, at: datetime) -> None:
    victim = victims.victim(at=at)
    before = victim.grade
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE victims_victim SET grade = 'high', grade_since = now() WHERE id = %s",
            [victim.pk],
        )
    row = history_of("victims.Victim").objects.get(pgh_obj_id=victim.pk)  # type: ignore[attr-defined]
    assert (row.pgh_label, row.grade) == ("changed", before)
    assert Victim.objects.get(pk=victim.pk).grade == "high"


def test_every_answer_that_was_changed_can_be_read_again(db: None, at: datetime) -> None:
    assessment = risk.kept(risk.draft(at), "q18", at=at)
    Assessment.objects.filter(pk=assessment.pk).update(answers={})
    newest = history_of("risk.Assessment").objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert newest.answers["q18"]["answer"] == "yes"

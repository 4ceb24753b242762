"""The audit only grows: the database refuses everything else, whoever asks."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from accounts.models import User
from audit import services
from audit.models import AuditEvent, RecordRead


@pytest.fixture
def rows(people: Callable[[str], User], at: datetime) -> None:
    services.record(
        actor=people("officer"), at=at, verb="test.done", headline="Done", subject="DA-2026-000001"
    )
    services.record_read(user=people("officer"), at=at, path="/x/", subject="DA-2026-000001")


@pytest.mark.parametrize("model", [AuditEvent, RecordRead])
@pytest.mark.parametrize("statement", ["UPDATE {} SET subject = 'x'", "DELETE FROM {}"])
def test_sql_cannot_change_or_remove(rows: None, model: type, statement: str) -> None:
    table = model._meta.db_table  # type: ignore[attr-defined]
    refused = pytest.raises(DatabaseError, match=r"Cannot (update|delete)")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert model.objects.count() == 1  # type: ignore[attr-defined]


def test_truncate_is_refused_where_its_trigger_is_on(rows: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER ALL")
        with pytest.raises(InternalError, match="Cannot truncate"), transaction.atomic():
            cursor.execute("TRUNCATE audit_auditevent")

"""Marks that tests share."""

import pytest

#: The database with real commits, for races and other processes; what migrations put there is restored.
committed = pytest.mark.django_db(transaction=True, serialized_rollback=True)
